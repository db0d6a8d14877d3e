"""The roster as it travels: sheets of plain values in, people and findings out. Nothing here is read or written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

CODE: Final = re.compile(r"[A-Z]{1,8}[0-9]{2,6}")
"""A person's code: letters, then a number."""

Spot = tuple[int, int]
"""Row and column, both from 0."""

Block = tuple[int, int, int, int]
"""Merged cells: first row, first column, last row, last column, from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. `uncalculated`: formulas that nobody has worked out yet."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: tuple[Block, ...] = ()
    hidden: bool = False
    uncalculated: frozenset[Spot] = frozenset()


class Weight(StrEnum):
    """How heavy a finding is. `ERROR`: the row is not taken. `WARNING`: somebody should look. `NOTE`: to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class What(StrEnum):
    """All that can be found in a workbook. The value itself is never part of a finding."""

    NO_LIST = "no_list"
    HIDDEN = "hidden"
    NO_NAME = "no_name"
    NAME_HAS_NUMBERS = "name_has_numbers"
    NAME_IS_NO_NAME = "name_is_no_name"
    NAME_OF_ONE_WORD = "name_of_one_word"
    NO_UNIT = "no_unit"
    NOT_A_PLACE = "not_a_place"
    PRIVATE_IN_NOTE = "private_in_note"
    KIND_UNCLEAR = "kind_unclear"
    EXEMPT_UNCLEAR = "exempt_unclear"
    PHONE_ODD = "phone_odd"
    CODE_ODD = "code_odd"
    CODE_TWICE = "code_twice"
    UNCALCULATED = "uncalculated"
    BROKEN_FORMULA = "broken_formula"
    FILLED_DOWN = "filled_down"
    KIND_BY_DATE = "kind_by_date"
    PLACE_FROM_TITLE = "place_from_title"
    PLACE_FROM_SHEET = "place_from_sheet"
    UNIT_FROM_CELL = "unit_from_cell"
    WRITTEN_TWICE = "written_twice"
    LEFT_OUT = "left_out"
    UNUSED = "unused"
    PHONES_LEFT_OUT = "phones_left_out"


_WEIGHTS = {
    What.NO_LIST: Weight.NOTE,
    What.HIDDEN: Weight.NOTE,
    What.NO_NAME: Weight.ERROR,
    What.NAME_HAS_NUMBERS: Weight.ERROR,
    What.NAME_IS_NO_NAME: Weight.ERROR,
    What.NO_UNIT: Weight.ERROR,
    What.NOT_A_PLACE: Weight.ERROR,
    What.FILLED_DOWN: Weight.NOTE,
    What.KIND_BY_DATE: Weight.NOTE,
    What.PLACE_FROM_TITLE: Weight.NOTE,
    What.PLACE_FROM_SHEET: Weight.NOTE,
    What.UNIT_FROM_CELL: Weight.NOTE,
    What.LEFT_OUT: Weight.NOTE,
    What.UNUSED: Weight.NOTE,
    What.PHONES_LEFT_OUT: Weight.NOTE,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about a place in the workbook. `detail`: the code of a kind of data, never a value."""

    what: What
    sheet: str
    row: int = 0  # from 1, as Excel counts; 0: the whole sheet or column
    column: str = ""  # "C"
    detail: str = ""

    @property
    def weight(self) -> Weight:
        return _WEIGHTS.get(self.what, Weight.WARNING)


@dataclass(frozen=True, slots=True)
class Line:
    """One person as the workbook tells of them; None where it says nothing.

    `twin` tells two people of one name apart: pairs of a kind of data and a number made from it, which stand for
    what is never kept and are not kept either.
    """

    sheet: str
    row: int
    name: str
    unit: str | None = None
    cell: str | None = None
    kind: str | None = None
    exempt: bool | None = None
    phone: str | None = None
    code: str | None = None
    twin: frozenset[tuple[str, int]] = frozenset()

    def forgetful(self) -> Line:
        """The same without what may not be kept."""
        return replace(self, twin=frozenset())


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read out of a workbook."""

    lines: tuple[Line, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.weight is Weight.ERROR]


@dataclass(frozen=True, slots=True)
class Known:
    """One person of the database. `counted`: a member the roll-out is about; `left`: no longer on the roster."""

    id: int
    code: str
    name: str
    unit_id: int | None
    cell_id: int | None
    kind: str
    exempt: bool
    phone: str | None
    left: bool
    counted: bool


def joined(readings: Iterable[Reading]) -> Reading:
    """The sheets of one workbook together."""
    every = list(readings)
    lines = tuple(line for reading in every for line in reading.lines)
    return Reading(lines, tuple(finding for reading in every for finding in reading.findings))


def letter(column: int) -> str:
    """0 → A, 26 → AA."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
