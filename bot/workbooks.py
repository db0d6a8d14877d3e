"""Workbooks on disk: plain values out of them, plain values into them. openpyxl is only imported here, and late."""

from __future__ import annotations

import io
import itertools
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from bot.core.errors import CamtayError
from bot.core.roster import Block, Sheet, Spot, letter

_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx behind a password
_LARGEST: Final = 1 << 30  # bytes a workbook may unpack to: a few hundred thousand rows take a tenth of it
_WIDEST: Final = 200  # columns; formatting to the edge of the sheet is not data
_EMPTY_ROWS: Final = 2_000  # below so many a sheet is over
_STEP: Final = 500  # rows between two signs of progress
_CHUNK: Final = 1 << 20
_LONGEST: Final = 20_000  # bytes one cell's markup may take
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]+)(\d+)"[^>]*><(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)(?:<v\s*/>|<v></v>)?</'
)


class NotAWorkbook(CamtayError):
    """Tệp này không phải tệp Excel .xlsx, hoặc đã hỏng. Mở bằng Excel, chọn Lưu thành (Save As) → Excel Workbook
    (.xlsx), rồi nhập tệp mới."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or " ".join((self.__doc__ or "").split()))


class OldWorkbook(NotAWorkbook):
    """Tệp này là Excel đời cũ (.xls) hoặc có đặt mật khẩu. Mở bằng Excel, bỏ mật khẩu nếu có, chọn Lưu thành (Save
    As) → Excel Workbook (.xlsx), rồi nhập tệp mới."""


class TooLarge(NotAWorkbook):
    """Tệp này lớn bất thường nên không mở. Chép riêng bảng danh sách sang một tệp mới rồi nhập tệp ấy."""


class Workbook:
    """An open workbook; its sheets are read one after the other."""

    def __init__(self, packed: bytes, *, largest: int = _LARGEST) -> None:
        """Open what a person handed in. `largest`: the bytes it may unpack to.

        Raises:
            NotAWorkbook: in a sentence that says what to do.
        """
        self._packed = _looked_at(packed, largest)
        with _as_ours():
            from openpyxl import load_workbook

            self._book = load_workbook(io.BytesIO(packed), read_only=True, data_only=True, keep_links=False)
            self._sheets = self._book.worksheets

    @property
    def rows_expected(self) -> int:
        """About how many rows there are, as the file itself says."""
        return sum(sheet.max_row or 0 for sheet in self._sheets)

    def sheets(self, progress: Callable[[int], object] = int) -> Iterator[Sheet]:
        """The sheets; `progress` is told how many rows more have been read.

        Raises:
            NotAWorkbook: a part of the file is broken.
        """
        for sheet in self._sheets:
            with _as_ours():
                found = self._sheet(sheet, progress)
            yield found

    def _sheet(self, sheet: Any, progress: Callable[[int], object]) -> Sheet:
        if sheet.sheet_state != "visible":
            return Sheet(sheet.title, (), hidden=True)
        sheet.reset_dimensions()  # a program may have written down fewer rows than there are
        rows = list(_rows(sheet, progress))
        path = sheet._worksheet_path
        merged = tuple(_merged(self._packed, path))
        return Sheet(sheet.title, rows, merged, uncalculated=frozenset(_uncalculated(self._packed, path)))


def _rows(sheet: Any, progress: Callable[[int], object]) -> Iterator[tuple[Any, ...]]:
    """Down to the last row that holds anything."""
    empty = 0
    for count, whole in enumerate(sheet.iter_rows(values_only=True), 1):
        if count % _STEP == 0:
            progress(_STEP)
        cells = whole[:_WIDEST]
        if not any(cell is not None for cell in cells):
            empty += 1
            if empty > _EMPTY_ROWS:
                return
            continue
        yield from itertools.repeat((), empty)
        empty = 0
        yield cells


def _merged(packed: zipfile.ZipFile, path: str) -> Iterator[Block]:
    """Which cells are merged: openpyxl does not tell when it reads without keeping."""
    for left, top, right, bottom in _found(packed, path, _MERGED):
        yield int(top) - 1, _column(left), int(bottom) - 1, min(_column(right), _WIDEST)


def _uncalculated(packed: zipfile.ZipFile, path: str) -> Iterator[Spot]:
    """Formulas without a result: a program wrote them, and no Excel has opened the file since."""
    return ((int(row) - 1, _column(column)) for column, row in _found(packed, path, _UNCALCULATED))


def _found(packed: zipfile.ZipFile, path: str, pattern: re.Pattern[bytes]) -> Iterator[tuple[bytes, ...]]:
    with packed.open(path.lstrip("/")) as part:
        kept = b""
        while chunk := part.read(_CHUNK):
            text = kept + chunk
            end = 0
            for found in pattern.finditer(text):
                yield found.groups()
                end = found.end()
            kept = text[max(end, len(text) - _LONGEST) :]


def _column(letters: bytes) -> int:
    """b"A" → 0."""
    number = 0
    for sign in letters:
        number = number * 26 + sign - 64
    return number - 1


def _looked_at(packed: bytes, largest: int) -> zipfile.ZipFile:
    """The parts of the file, before anything is unpacked."""
    if packed.startswith(_OLD_EXCEL):
        raise OldWorkbook
    try:
        opened = zipfile.ZipFile(io.BytesIO(packed))
    except zipfile.BadZipFile as error:
        raise NotAWorkbook from error
    if sum(part.file_size for part in opened.infolist()) > largest:
        raise TooLarge
    return opened


@contextmanager
def _as_ours() -> Iterator[None]:
    """A broken file fails in as many ways as there are parts in it; openpyxl's remarks on ornaments interest nobody."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except CamtayError:
        raise
    except Exception as error:
        raise NotAWorkbook from error


def write(
    title: str, header: Sequence[str], rows: Iterable[Sequence[str | int]], widths: Sequence[int], *, note: str
) -> bytes:
    """A workbook of one sheet: `note` on top, the header frozen below it. A text stays one, whatever it begins with."""
    from openpyxl import Workbook as Book

    book = Book(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "D3"
    for at, width in enumerate(widths):
        sheet.column_dimensions[letter(at)].width = width
    sheet.auto_filter.ref = f"A2:{letter(len(header) - 1)}2"
    head, body = _cells(sheet, bold=True), _cells(sheet, bold=False)
    sheet.append([note])
    sheet.append(list(map(head, header)))
    for row in rows:
        sheet.append(list(map(body, row)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(sheet: Any, *, bold: bool) -> Callable[[str | int], Any]:
    """Makes cells of one look."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    font, align = Font(name="Times New Roman", size=12, bold=bold), Alignment(vertical="center", wrap_text=bold)
    border = Border(*(Side(style="thin", color="999999"),) * 4)
    fill = PatternFill("solid", fgColor="E7E6E6") if bold else PatternFill()

    def cell(value: str | int) -> Any:
        made = WriteOnlyCell(sheet, value=value)
        made.font, made.alignment, made.border, made.fill = font, align, border, fill
        if isinstance(value, str):
            made.data_type, made.number_format = "s", "@"  # "=1+1" is a name here, never a formula
            made.quotePrefix = value.startswith(_FORMULA)
        return made

    return cell
