"""One file, one conversation or command; its docstring is its help text."""
