"""What a workbook would change: whom it adds, changes and misses, and what only a person can decide.

Nobody is merged, moved or renamed by itself. A doubt that nobody has settled holds its line back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from bot.core.places import Place
from bot.core.roster import Finding, Known, Line
from bot.core.roster_places import PlaceDoubt

Verdict = Literal["same", "new", "hold"]
Verdicts = Mapping[str, str]


class Why(StrEnum):
    """Why a line is in doubt."""

    MOVED = "moved"  # somebody of this name is gone from another unit
    RESPELT = "respelt"  # somebody of nearly this name is gone from the same unit
    TWICE = "twice"  # the same name a second time in the same unit
    CODE = "code"  # its code is somebody's of quite another name
    TWO_UNITS = "two_units"  # the same person, by birth or papers, under another unit too


@dataclass(frozen=True, slots=True)
class Entry:
    """A line with the places it means; None where it says nothing of them."""

    line: Line
    unit: Place | None
    cell: Place | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question about one line. "same": it is this person; "new": it is somebody else."""

    why: Why
    entry: Entry
    known: Known | None
    other: Entry | None = None  # the line it is like, where that is in the workbook

    @property
    def key(self) -> str:
        return f"{self.entry.line.sheet}:{self.entry.line.row}"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes different about a person; `fields` of the table and their new values, places by their entry."""

    known: Known
    entry: Entry
    fields: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """All of it. `held`: lines not taken, because something about them is in doubt."""

    units: tuple[Place, ...] = ()
    cells: tuple[Place, ...] = ()
    unit_aliases: Mapping[str, Place] = field(default_factory=dict)
    cell_aliases: Mapping[str, Place] = field(default_factory=dict)
    adds: list[Entry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    dropped: int = 0
    gone: list[Known] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    place_doubts: tuple[PlaceDoubt, ...] = ()
    held: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether carrying it out would change nothing."""
        return not (self.units or self.cells or self.unit_aliases or self.cell_aliases or self.adds or self.changes)

    @property
    def people(self) -> int:
        """How many lines are taken."""
        return len(self.adds) + len(self.changes) + self.same

    def mark(self) -> str:
        """The same for two plans that write the same: what was shown is what is carried out."""
        adds = [(e.line.name, e.line.code, _code(e.unit), _code(e.cell), e.line.kind, e.line.exempt) for e in self.adds]
        changes = [
            (c.known.id, c.fields, c.entry.line.name, _code(c.entry.unit), _code(c.entry.cell)) for c in self.changes
        ]
        whole = repr((self.units, self.cells, adds, changes))
        return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _code(place: Place | None) -> str:
    return place.code if place else ""
