"""Documents: one file = one document. `bot.papers` finds them by their file's name."""
