"""Which unit and which chi bộ the words of a workbook mean, and which of them are new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.core import places
from bot.core.places import CELL, Gazetteer, Place
from bot.core.roster import Line
from bot.core.vietnamese import fold

_NUMBER_BEHIND = re.compile(r"\s+\d{1,2}$")
_NEW: Final = 0  # the id of a place that is not in the database yet


@dataclass(frozen=True, slots=True)
class PlaceDoubt:
    """A name that may be a known place written differently. `which`: unit or cell."""

    which: str
    said: str
    perhaps: Place
    lines: int

    @property
    def key(self) -> str:
        return f"{self.which}:{fold(self.said)}"


@dataclass(frozen=True, slots=True)
class Meant:
    """What the names of one kind mean: sure ones, those to be made, and those to be asked about."""

    found: Mapping[str, Place]
    new: tuple[Place, ...]
    doubts: tuple[PlaceDoubt, ...]
    aliases: Mapping[str, Place]  # names that somebody said mean this place

    def of(self, said: str | None) -> Place | None:
        return self.found.get(said) if said else None

    def is_open(self, said: str | None) -> bool:
        """Whether the name is still to be asked about."""
        return bool(said) and said not in self.found


def units(lines: Iterable[Line], known: Iterable[Place], taken: Collection[str], verdicts: Mapping[str, str]) -> Meant:
    """What the lines call their units."""
    said = Counter(line.unit for line in lines if line.unit)
    return _Sorter("unit", known, taken, verdicts).sort(said)


def cells(lines: Iterable[Line], known: Iterable[Place], taken: Collection[str], verdicts: Mapping[str, str]) -> Meant:
    """What the lines call their chi bộ."""
    said = Counter(line.cell for line in lines if line.cell)
    return _Sorter("cell", known, taken, verdicts).sort(said)


def unit_of_cell(cell: str, known: Gazetteer) -> str:
    """What a chi bộ calls the unit its people live in: "Chi bộ thôn Nà Pán 2" is of the known thôn Nà Pán."""
    called = places.read_cell(cell)
    shorter = _NUMBER_BEHIND.sub("", called.full)
    return shorter if known.find(called.full)[0] is None and known.find(shorter)[0] else called.full


class _Sorter:
    def __init__(self, which: str, known: Iterable[Place], taken: Collection[str], verdicts: Mapping[str, str]) -> None:
        self._which, self._verdicts, self._taken = which, verdicts, set(taken)
        self._gazetteer = Gazetteer(known, cells=which == "cell")
        self._found: dict[str, Place] = {}
        self._new: list[Place] = []
        self._doubts: list[PlaceDoubt] = []
        self._aliases: dict[str, Place] = {}

    def sort(self, said: Counter[str]) -> Meant:
        """The names most written come first: a rare one near them is a slip of the pen, not they of it.

        Of two that are written alike the one with tone marks is the name.
        """
        for name in sorted(said, key=lambda name: (-said[name], fold(name) == name.lower(), name)):
            self._place(name, said[name])
        first = {self._found[name].code: at for at, name in reversed(list(enumerate(said))) if name in self._found}
        new = sorted(self._new, key=lambda place: first[place.code])
        return Meant(self._found, tuple(new), tuple(self._doubts), self._aliases)

    def _place(self, name: str, lines: int) -> None:
        sure, perhaps = self._gazetteer.find(name)
        doubt = PlaceDoubt(self._which, name, perhaps, lines) if perhaps else None
        verdict = self._verdicts.get(doubt.key) if doubt else "new"
        if sure:
            self._found[name] = sure
        elif verdict == "new":
            self._found[name] = self._make(name)
        elif perhaps and verdict == "same":
            self._found[name] = self._aliases[name] = perhaps
        elif doubt:
            self._doubts.append(doubt)

    def _make(self, name: str) -> Place:
        place = _new_cell(name, self._taken) if self._which == "cell" else _new_unit(name, self._taken)
        self._taken.add(place.code)
        self._new.append(place)
        self._gazetteer.add(place)
        return place


def _new_unit(name: str, taken: Collection[str]) -> Place:
    called = places.read(name)
    return Place(_NEW, places.code_for(name, taken), called.full, called.kind or "thon")


def _new_cell(name: str, taken: Collection[str]) -> Place:
    called = places.read_cell(name)
    full = called.full
    inner = replace(called, kind="").name if called.kind == "co_quan" else full
    number = next(n for n in range(1, 100_000) if f"CB{n:02d}" not in taken)
    return Place(
        _NEW, f"CB{number:02d}", f"{CELL} {inner[:1].lower()}{inner[1:]}" if called.kind else f"{CELL} {inner}"
    )
