"""Finds the handlers: every module in `handlers/` with a `route` takes part; nothing is listed by hand."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import handlers
from bot.core.routing import Book, Routes


def book() -> Book:
    """The routes of all handlers. Two that use one name refuse to start (DuplicateName)."""
    modules = [import_module(f"handlers.{found.name}") for found in iter_modules(handlers.__path__)]
    return Book.bind(route for module in modules if isinstance(route := getattr(module, "route", None), Routes))
