"""A line of the roster, as far as names are looked up in it."""

from __future__ import annotations

from typing import Protocol


class Listed(Protocol):
    """A line of the roster."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
