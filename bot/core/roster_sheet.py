"""A sheet of an office's workbook, from top to bottom: people between titles, sections, sums and signatures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from bot.core import roster_values as values
from bot.core.places import names_a_cell, names_a_unit
from bot.core.roster import Finding, Line, Reading, Sheet, What, letter
from bot.core.roster_row import Row, name_in
from bot.core.roster_table import Grid, Table, table_at
from bot.core.vietnamese import fold

Which = Literal["unit", "cell"]

_SUM = re.compile(r"(?:tong (?:cong|so)\b.*|(?:tong|cong)(?: (?:\d|dang vien|danh sach).*)?)")
_END = re.compile(
    r"(?:nguoi lap|lap bieu|lap bang|xac nhan|thu truong|t m|tm|ky ten|ky ghi|ky va|noi nhan|bi thu|pho bi thu|chi uy"
    r"|truong thon|khoi truong|chu tich|pho chu tich|duyet|danh sach (?:nay )?(?:co|gom))(?: .*)?"
    r"|.*\bngay .{0,8}thang .{0,8}nam\b.*"
)
_CELL_IN_TITLE = re.compile(r"(?<!các )\bchi bộ\s*:?\s+(?P<name>\S.*)$", re.IGNORECASE)
_UNIT_IN_TITLE = re.compile(r"\b(?P<name>(?:thôn|khối phố|khu phố|tổ dân phố)\s+\S.*)$", re.IGNORECASE)
_TAIL = re.compile(r"\s+(?:năm|quý|tháng|tính đến|đến ngày|thuộc|trực thuộc)\b.*$|\s*[(:,\-–.…].*$", re.IGNORECASE)
_NO_PLACE = re.compile(r"(?:truc thuoc|co so|trong|thuoc|va|khu dan cu|nong thon|dang|xa|sinh hoat)\b.*|")
_NO_SHEET_OF_A_PLACE = re.compile(
    r"(?:sheet|trang tinh|ds|danh sach|tong hop|dang vien|bang|data|list|mau|bieu)\d*\b.*|\d+"
)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a title or a section says about everybody below it."""

    unit: str | None = None
    cell: str | None = None


def read(sheet: Sheet, *, phones: bool = False) -> Reading:
    """The people of one sheet, and what is to be said about it. Without `phones` numbers are left out."""
    if sheet.hidden:
        return Reading(findings=(Finding(What.HIDDEN, _shown(sheet.name)),))
    return _Reader(sheet, phones=phones).read()


class _Reader:
    """Goes down one sheet. Between two tables, where `_table` is None, only titles and signatures stand."""

    def __init__(self, sheet: Sheet, *, phones: bool) -> None:
        self._sheet, self._phones = sheet, phones
        self._grid = Grid(sheet)
        self._name = _shown(sheet.name)
        self._table: Table | None = None
        self._title = self._section = _Around()
        self._lines: list[Line] = []  # of the tables above
        self._here: list[Line] = []  # of this table
        self._findings: list[Finding] = []
        self._headers: set[Table] = set()

    def read(self) -> Reading:
        row = 0
        while row < len(self._sheet.rows):
            found = table_at(self._grid, row)
            if found:
                self._open(found)
            elif any(cell not in (None, "") for cell in self._sheet.rows[row]):
                self._row(row)
            row = found.begins if found else row + 1
        self._settle()
        if not self._headers and any(map(any, self._sheet.rows)):
            self._findings.append(Finding(What.NO_LIST, self._name))
        return Reading(tuple(self._lines), tuple(self._findings))

    def _open(self, table: Table) -> None:
        """A header: of the first table, of one below it, or repeated at the top of a printed page."""
        if self._table is None:
            self._section = _Around()
        self._table = table
        shape = replace(table, begins=0)
        if shape not in self._headers:
            self._headers.add(shape)
            self._findings += table.findings(self._name, phones=self._phones)

    def _row(self, row: int) -> None:
        if self._table is None:
            self._read_title(row)
            return
        said = name_in(self._grid, self._table, row)
        if not said:
            self._nameless(self._table, row)
        elif self._is_numbered(self._table, row) or not self._turns(said, row):
            self._person(self._table, row)

    def _is_numbered(self, table: Table, row: int) -> bool:
        return "order" in table.columns and self._grid.text(row, table.columns["order"]).rstrip(".").isdigit()

    def _turns(self, said: str, row: int) -> bool:
        """Heed words that are about many people, or about none; False when they are neither."""
        folded = fold(said)
        if names_a_cell(said) or names_a_unit(said):
            self._enter(said)
        elif _END.fullmatch(folded):
            self._settle()
            self._table, self._title = None, _Around()
        elif not _SUM.fullmatch(folded):
            return False
        return True

    def _enter(self, said: str) -> None:
        """A section begins: a chi bộ, or a unit within it."""
        if not values.is_private(said):
            self._section = _Around(cell=said) if names_a_cell(said) else _Around(said, self._section.cell)

    def _nameless(self, table: Table, row: int) -> None:
        """No name: a section, a sum, a signature, an empty numbered row; or somebody forgot it."""
        at = table.name_column
        if (row, at) in self._sheet.uncalculated:
            self._note(What.UNCALCULATED, row, at)
        elif values.is_broken(self._grid.value(row, at)):
            self._note(What.BROKEN_FORMULA, row, at)
        elif not any(self._turns(said, row) for said in self._words(row)) and self._is_somebody(table, row):
            self._note(What.NO_NAME, row, at)

    def _is_somebody(self, table: Table, row: int) -> bool:
        """Whether something is told of a person: a number in front, or the merged cell of a row above, is not."""
        cells = self._sheet.rows[row]
        told = [at for name, at in table.columns.items() if name != "order"] + [at for _, at in table.private]
        return sum(at < len(cells) and cells[at] not in (None, "") for at in told) > 1

    def _words(self, row: int) -> list[str]:
        told = (values.text(cell) for cell in self._sheet.rows[row] if isinstance(cell, str))
        return [said for said in told if any(map(str.isalpha, said))]

    def _read_title(self, row: int) -> None:
        for said in self._words(row):
            cell, unit = _named(_CELL_IN_TITLE, said), _named(_UNIT_IN_TITLE, said)
            if cell:
                self._title = replace(self._title, cell=f"Chi bộ {cell}")
            elif unit:
                self._title = replace(self._title, unit=unit)

    def _person(self, table: Table, row: int) -> None:
        reader = Row(self._grid, table, self._name, row, phones=self._phones)
        line = reader.line()
        self._findings += reader.findings
        if line:
            self._here.append(_with(line, self._section))

    def _settle(self) -> None:
        """The table is over: what its lines leave open is told by the rows above, the title, the sheet's name."""
        lines = self._filled_down(self._filled_down(self._here, "unit"), "cell")
        lines = self._filled_up(lines, self._title, What.PLACE_FROM_TITLE)
        self._lines += self._filled_up(lines, self._of_the_sheet(), What.PLACE_FROM_SHEET)
        self._here = []

    def _filled_down(self, lines: list[Line], which: Which) -> list[Line]:
        """A place that is written once for a group stands for all rows down to the next."""
        told = [getattr(line, which) for line in lines]
        if not any(told) or told[0] is None or told.count(None) * 2 < len(told):
            return lines
        self._findings.append(Finding(What.FILLED_DOWN, self._name, detail=which))
        last = ""
        filled = []
        for line, said in zip(lines, told, strict=True):
            last = said or last
            filled.append(replace(line, unit=last) if which == "unit" else replace(line, cell=last))
        return filled

    def _filled_up(self, lines: list[Line], around: _Around, what: What) -> list[Line]:
        filled = [_with(line, around) for line in lines]
        if any(line is not old for line, old in zip(filled, lines, strict=True)):
            self._findings.append(Finding(what, self._name))
        return filled

    def _of_the_sheet(self) -> _Around:
        """The place a sheet is named after, if it is."""
        name = self._name.replace("_", " ")
        if values.is_private(name) or _NO_SHEET_OF_A_PLACE.fullmatch(fold(name)):
            return _Around()
        return _Around(cell=name) if names_a_cell(name) else _Around(unit=name)

    def _note(self, what: What, row: int, column: int) -> None:
        self._findings.append(Finding(what, self._name, row + 1, letter(column)))


def _with(line: Line, around: _Around) -> Line:
    """The line, what it leaves open told by what is around it."""
    if (line.unit or not around.unit) and (line.cell or not around.cell):
        return line
    return replace(line, unit=line.unit or around.unit, cell=line.cell or around.cell)


def _named(pattern: re.Pattern[str], said: str) -> str | None:
    """The place a title names; None where it only speaks of chi bộ in general."""
    found = pattern.search(said)
    name = _TAIL.sub("", found["name"]).strip() if found else ""
    return None if _NO_PLACE.fullmatch(fold(name)) or values.is_private(name) or len(name.split()) > 7 else name


def _shown(name: str) -> str:
    """A sheet's name as findings show it: without a number that may be somebody's."""
    return re.sub(r"\d{6,}", "…", " ".join(name.split()))
