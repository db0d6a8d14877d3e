"""A table within a sheet: which rows are its header, and what each of its columns holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.core import roster_header
from bot.core.places import names_a_cell, names_a_unit
from bot.core.roster import Block, Finding, Sheet, Spot, What, letter
from bot.core.roster_values import is_private, text
from bot.core.vietnamese import fold

T = TypeVar("T")

_HEADERISH = re.compile(r"t[eê]\u0302?n|[dđ][aả]ng vi[eê]", re.IGNORECASE)
_DEEPEST = 3
_NUMBERS = re.compile(r"\(?[0-9]{1,2}\)?|[A-H]|=.*|")
_TOLD_APART_BY = ("identity", "card", "birth")


class Columns(dict[str, int]):
    """Field → column; never changed once made."""

    def __hash__(self) -> int:  # type: ignore[override]  # a dict says that it has none
        return hash(frozenset(self.items()))


@dataclass(frozen=True, slots=True)
class Table:
    """Where its first row of people is, and the columns: by field, and those of private data by what they hold."""

    begins: int
    columns: Columns
    private: tuple[tuple[str, int], ...]
    unused: tuple[int, ...]
    official_date: int | None
    joined_date: int | None

    def findings(self, sheet: str, *, phones: bool) -> Iterator[Finding]:
        """Which columns are left out, and why."""
        for what, column in self.private:
            yield Finding(What.LEFT_OUT, sheet, column=letter(column), detail=what)
        for column in self.unused:
            yield Finding(What.UNUSED, sheet, column=letter(column))
        if "phone" in self.columns and not phones:
            yield Finding(What.PHONES_LEFT_OUT, sheet, column=letter(self.columns["phone"]))

    @property
    def name_column(self) -> int:
        return self.columns["name"] if "name" in self.columns else self.columns["given"]

    @property
    def telling_apart(self) -> list[tuple[str, int]]:
        """Columns that tell two people of one name apart; looked at, never kept."""
        phones = [("phone", self.columns["phone"])] if "phone" in self.columns else []
        return [(what, column) for what, column in self.private if what in _TOLD_APART_BY] + phones


class Grid:
    """A sheet whose merged cells all hold the value that stands in the first of them."""

    def __init__(self, sheet: Sheet) -> None:
        self.rows = sheet.rows
        # A unit's name stands there for each of its people: what was made of a text is kept, as long as the sheet is.
        self._texts: dict[str, str] = {}
        self._made: dict[tuple[Callable[[str], Any], str], Any] = {}
        self._spread = {top for top, left, _, right in sheet.merged if right > left}
        self._first = {spot: (block[0], block[1]) for block in sheet.merged for spot in _spots(block)}

    def value(self, row: int, column: int) -> Any:
        top, left = self._first.get((row, column), (row, column)) if self._first else (row, column)
        cells = self.rows[top]
        return cells[left] if left < len(cells) else None

    def text(self, row: int, column: int) -> str:
        value = self.value(row, column)
        if not isinstance(value, str):
            return text(value)
        if value not in self._texts:
            self._texts[value] = text(value)
        return self._texts[value]

    def made(self, make: Callable[[str], T], said: str) -> T:
        """What `make` makes of a text, looked up where it did so before."""
        key = (make, said)
        if key not in self._made:
            self._made[key] = make(said)
        found: T = self._made[key]
        return found

    def spreads(self, row: int) -> bool:
        """Whether a cell of this row stands over several columns."""
        return row in self._spread

    def width(self, row: int) -> int:
        return len(self.rows[row])


def table_at(grid: Grid, row: int) -> Table | None:
    """The table whose header has its people's names in this row; None where there is none."""
    words = " ".join(cell for cell in grid.rows[row] if isinstance(cell, str))
    if not _HEADERISH.search(words):
        return None
    stacks = [_stack(grid, (row,), column) for column in range(grid.width(row))]
    alone = roster_header.columns(stacks)
    if not roster_header.is_named(alone) or not _is_header(stacks):
        return None
    rows = _header_rows(grid, row)
    return _table(grid, rows)


def _is_header(stacks: Sequence[Sequence[str]]) -> bool:
    """Several headers, or a lone one that says nothing but "Họ và tên"."""
    told = [stack[0] for stack in stacks if stack]
    known = [said for said in told if roster_header.field(said) not in ("", "?")]
    alone = len(told) == 1 and fold(told[0]) in ("ho va ten", "ho ten", "ho va ten dang vien", "ho ten dang vien")
    return len({*known}) > 1 or alone


def _header_rows(grid: Grid, row: int) -> range:
    """The row with the names' header and those above and below that belong to it."""
    first = row - 1 if row and grid.spreads(row - 1) and _adds_headers(grid, row - 1) else row
    last = row
    while last + 1 < min(len(grid.rows), row + _DEEPEST) and _continues(grid, row, last + 1):
        last += 1
    return range(first, last + 1)


def _adds_headers(grid: Grid, row: int) -> bool:
    """Whether the row above says what the headers below are about ("Ngày vào Đảng" over two of them)."""
    told = [grid.text(row, column) for column in range(grid.width(row))]
    fields = [roster_header.field(said) for said in dict.fromkeys(filter(None, told))]
    return len(fields) > 1 and any(found not in ("", "?") for found in fields)


def _continues(grid: Grid, header: int, row: int) -> bool:
    """Whether this row is a part of the header: nothing in it but more headers, under the merged ones."""
    told = {column: grid.text(row, column) for column in range(grid.width(row))}
    added = [said for column, said in told.items() if said and said != grid.text(header, column)]
    known = [said for said in added if roster_header.field(said) not in ("", "?")]
    other = any(any(map(str.isdigit, said)) or names_a_cell(said) or names_a_unit(said) for said in added)
    return bool(known) and len(known) * 2 >= len(added) and not other


def _table(grid: Grid, rows: range) -> Table:
    width = max(grid.width(row) for row in rows)
    stacks = [_stack(grid, rows, column) for column in range(width)]
    fields = [roster_header.field(*stack) for stack in stacks]
    columns = roster_header.columns(stacks)
    private = [(name.removeprefix("private:"), at) for at, name in enumerate(fields) if name.startswith("private:")]
    dates = {"chinh thuc" in fold(" ".join(stacks[at])): at for what, at in reversed(private) if what == "joined"}
    unused = tuple(at for at, name in enumerate(fields) if name == "?")
    begins = rows[-1] + 1
    begins += begins < len(grid.rows) and _only_numbers(grid, begins)
    known = Columns({name: at for name, at in columns.items() if not name.startswith("private:") and name != "?"})
    return Table(begins, known, tuple(private), unused, dates.get(True), dates.get(False))


def _stack(grid: Grid, rows: Sequence[int], column: int) -> tuple[str, ...]:
    """The texts above a column, each once. A header that holds a number of somebody is nobody's header."""
    told = dict.fromkeys(grid.text(row, column) for row in rows)
    return tuple(said for said in told if said and not is_private(said))


def _only_numbers(grid: Grid, row: int) -> bool:
    """The row below a header that numbers the columns: 1, 2, 3 or (1), (2) or A, B."""
    told = [said for column in range(grid.width(row)) if (said := grid.text(row, column))]
    return len(told) > 2 and all(map(_NUMBERS.fullmatch, told))


def _spots(block: Block) -> Iterator[Spot]:
    top, left, bottom, right = block
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (row, column) != (top, left):
                yield row, column
