"""Shared by every test. Warnings are errors: pyproject.toml says so, with a reason beside each exception."""
