"""The roster as a file: an office's workbook read into people, and the people written into a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from bot import workbooks
from bot.core import roster_sheet
from bot.core.roster import Known, Reading, joined
from bot.workbooks import NotAWorkbook, Workbook

_HEADER: Final = ("STT", "Mã", "Họ và tên", "Đơn vị", "Chi bộ", "Loại đảng viên", "Miễn sinh hoạt")
_WIDTHS: Final = (6, 10, 30, 30, 34, 16, 12)
_KINDS: Final = {"official": "Chính thức", "probationary": "Dự bị"}


class NobodyInIt(NotAWorkbook):
    """Không thấy người nào trong tệp này. Bảng cần một dòng tiêu đề có ô “Họ và tên”, tên người ở các dòng dưới."""


def read(book: Workbook, *, phones: bool, progress: Callable[[int], object] = int) -> Reading:
    """Everybody in the workbook.

    Raises:
        NotAWorkbook: a part of it is broken.
    """
    return joined(roster_sheet.read(sheet, phones=phones) for sheet in book.sheets(progress))


def written(members: Iterable[tuple[Known, str, str]], now: datetime, *, phones: bool) -> bytes:
    """A workbook that, imported again, changes nothing. `members` with the names of unit and chi bộ; `now` local."""
    header, widths = (*_HEADER, *(["Số điện thoại"] * phones)), (*_WIDTHS, *([16] * phones))
    rows = [_row(number, *member, phones=phones) for number, member in enumerate(members, 1)]
    note = (
        f"Danh sách đảng viên lấy từ Cầm Tay ngày {now:%d/%m/%Y}. Có dữ liệu cá nhân: cất nơi kín, không gửi vào nhóm."
    )
    return workbooks.write("Danh sách đảng viên", header, rows, widths, note=note)


def file_name(now: datetime) -> str:
    """With the local date in it."""
    return f"danh-sach-dang-vien-{now:%Y-%m-%d}.xlsx"


def _row(number: int, known: Known, unit: str, cell: str, *, phones: bool) -> Sequence[str | int]:
    told = (number, known.code, known.name, unit, cell, _KINDS.get(known.kind, ""), "x" if known.exempt else "")
    return (*told, known.phone or "") if phones else told
