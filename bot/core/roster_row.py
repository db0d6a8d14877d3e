"""One row of a table: the person it tells of, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from bot.core import roster_values as values
from bot.core.roster import Finding, Line, What, letter
from bot.core.roster_table import Grid, Table
from bot.core.roster_values import Refused

T = TypeVar("T")


class Row:
    """A row that has something in the column of names."""

    def __init__(self, grid: Grid, table: Table, sheet: str, row: int, *, phones: bool) -> None:
        self._grid, self._table, self._sheet, self._row, self._phones = grid, table, sheet, row, phones
        self.findings: list[Finding] = []
        self._texts: dict[str, str] = {}

    def line(self) -> Line | None:
        """The person; None where there is no name that could be one."""
        try:
            name = values.person(name_in(self._grid, self._table, self._row))
        except Refused as refused:
            self._note(refused.what, self._table.name_column)
            return None
        if " " not in name:
            self._note(What.NAME_OF_ONE_WORD, self._table.name_column)
        if values.is_private(self._text("note")):
            self._note(What.PRIVATE_IN_NOTE, self._table.columns["note"])
        return Line(
            self._sheet,
            self._row + 1,
            name,
            unit=self._try(values.place, "unit"),
            cell=self._try(values.place, "cell"),
            kind=self._kind(),
            exempt=self._exempt(),
            phone=self._try(values.phone, "phone") if self._phones else None,
            code=self._try(values.code, "code"),
            twin=frozenset(self._twin()),
        )

    def _kind(self) -> str | None:
        noted = values.kind(self._text("note")) if self._text("note") else None
        if "kind" in self._table.columns:
            return self._kind_told() or noted or (None if self._text("kind") else "official")
        ticked = [name for name in ("probationary", "official") if self._is_ticked(name)]
        if not {"probationary", "official"}.isdisjoint(self._table.columns):
            return ticked[0] if ticked else noted or "official"
        return noted or self._kind_by_date()

    def _kind_told(self) -> str | None:
        said = self._text("kind")
        told = self._grid.made(values.kind, said)
        if said and told is None and values.exempt(said) is None:
            self._note(What.KIND_UNCLEAR, self._table.columns["kind"])
        return told

    def _kind_by_date(self) -> str | None:
        """Whoever was admitted and has no date of becoming official is on probation."""
        joined, official = self._table.joined_date, self._table.official_date
        if joined is None or official is None or not self._grid.text(self._row, joined):
            return None
        if self._grid.text(self._row, official):
            return "official"
        self._note(What.KIND_BY_DATE, official)
        return "probationary"

    def _exempt(self) -> bool | None:
        """What its own column says, else the note or the column of kinds ("Miễn SH" stands in either)."""
        beside = (values.exempt(said) for name in ("note", "kind") if (said := self._text(name)))
        noted = next((told for told in beside if told is not None), None)
        if "exempt" not in self._table.columns:
            return noted
        said = self._text("exempt")
        if not said:
            return bool(noted)
        told = values.marked(said) if values.exempt(said) is None else values.exempt(said)
        if told is None and values.is_private(said):  # since when
            return True
        if told is None:
            self._note(What.EXEMPT_UNCLEAR, self._table.columns["exempt"])
        return noted if told is None else told or bool(noted)

    def _is_ticked(self, name: str) -> bool:
        said = self._text(name)
        return bool(said) and values.marked(said) is not False

    def _twin(self) -> Iterator[tuple[str, int]]:
        """Numbers made from birth dates and papers; only whether they are equal is ever asked."""
        for what, column in self._table.telling_apart:
            digits = re.sub(r"\D", "", self._grid.text(self._row, column)).lstrip("0")
            if len(digits) > 3:
                yield ("year" if what == "birth" and len(digits) == 4 else what), hash(digits)
            if what == "birth" and len(digits) > 4:
                yield "year", hash(digits[-4:])

    def _text(self, name: str) -> str:
        if name not in self._texts:
            column = self._table.columns.get(name)
            self._texts[name] = "" if column is None else self._grid.text(self._row, column)
        return self._texts[name]

    def _try(self, take: Callable[[str], T | None], name: str) -> T | None:
        column = self._table.columns.get(name)
        if column is None:
            return None
        if values.is_broken(self._grid.value(self._row, column)):
            self._note(What.BROKEN_FORMULA, column)
        said = self._text(name)
        if not said:
            return None
        try:
            return self._grid.made(take, said)
        except Refused as refused:
            self._note(refused.what, column)
            return None

    def _note(self, what: What, column: int) -> None:
        self.findings.append(Finding(what, self._sheet, self._row + 1, letter(column)))


def name_in(grid: Grid, table: Table, row: int) -> str:
    """What stands in the column of names, or in the two of a name in parts."""
    if "name" in table.columns:
        return grid.text(row, table.columns["name"])
    parts = (grid.text(row, table.columns[part]) for part in ("family", "given"))
    return " ".join(filter(None, parts))
