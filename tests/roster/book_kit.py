"""Workbooks as offices really make them: the same invented people, written down in three untidy ways."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.demo import names as invented

PEOPLE: Final = 1600
SECRETS: Final = ("020074001234", "12/05/1956", "15.123456", "0912345678")
"""What stands in the workbooks and must stand nowhere else: papers, birth, card, phone."""

HEADER: Final = ("STT", "Họ và tên", "Thôn", "Chi bộ")
_SIGNED: Final = "Lành Văn Ký"


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the people, as the database should know them afterwards."""

    name: str
    unit: str
    cell: str
    kind: str
    exempt: bool


def people(count: int = PEOPLE, seed: int = 11) -> list[Somebody]:
    """Invented people in the order of an office's list; no name twice in a unit."""
    draw = Random(seed)
    homes = [f"Thôn {name}" for name in invented.THON] + [f"Khối phố {name}" for name in invented.KHOI_PHO]
    homes += list(invented.OFFICES)
    found: dict[tuple[str, str], Somebody] = {}
    while len(found) < count:
        home = homes[len(found) % len(homes)]
        name = invented.person(draw)
        kind = "probationary" if draw.random() < 0.04 else "official"
        somebody = Somebody(name, home, f"Chi bộ {home[0].lower()}{home[1:]}", kind, draw.random() < 0.06)
        found.setdefault((name, home), somebody)
    return sorted(found.values(), key=lambda each: homes.index(each.unit))


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(*people: Sequence[Any], header: Sequence[str] = HEADER) -> bytes:
    """A tidy workbook of these people."""
    book = Workbook()
    sheet = _sheet(book, "Sheet1")
    sheet.append(list(header))
    for number, person in enumerate(people, 1):
        sheet.append([number, *person])
    return saved(book)


def one_sheet(everybody: Sequence[Somebody], seed: int = 1) -> bytes:
    """All in one sheet: a header of two rows, merged units, capitals, sums and signatures, everything private in it."""
    draw, book = Random(seed), Workbook()
    sheet = _sheet(book, "Sheet1")
    for title in ("ĐẢNG BỘ XÃ BẮC SƠN", None, "DANH SÁCH ĐẢNG VIÊN TOÀN ĐẢNG BỘ", "(Tính đến ngày 01/11/2026)", None):
        sheet.append([title])
    top = sheet.max_row + 1
    sheet.append(["TT", "HỌ VÀ TÊN\nĐẢNG VIÊN", "Năm sinh", None, "Dân\ntộc", "Số CCCD", "Ngày vào Đảng", None,
                  "Thôn/KP", "Chi bộ", "Điện thoại", "Ghi chú"])  # fmt: skip
    sheet.append([None, None, "Nam", "Nữ", None, None, "Dự bị", "Chính thức"])
    for column in "ABEFIJKL":
        sheet.merge_cells(f"{column}{top}:{column}{top + 1}")
    sheet.merge_cells(f"C{top}:D{top}")
    sheet.merge_cells(f"G{top}:H{top}")
    sheet.append([f"({number})" for number in range(1, 13)])
    number = 0
    for unit, group in groupby(everybody, key=lambda each: each.unit):
        first = sheet.max_row + 1
        for each in group:
            number += 1
            sheet.append(_full_row(draw, number, each))
        for column in "IJ":
            sheet.merge_cells(f"{column}{first}:{column}{sheet.max_row}")
        sheet.append([None, f"Cộng: {sheet.max_row - first + 1} đảng viên", None, None, None, None, None, None, unit])
        sheet.append([None])
    _sign(sheet)
    return saved(book)


def _full_row(draw: Random, number: int, each: Somebody) -> list[Any]:
    year = draw.randint(1940, 2000)
    born = [year, None] if draw.random() < 0.5 else [None, str(year)]
    official = None if each.kind == "probationary" else f"0{draw.randint(1, 9)}/07/{draw.randint(1970, 2025)}"
    note = draw.choice(["", "", f"CCCD cũ {SECRETS[0]}", "chuyển từ nơi khác đến"])
    phone = draw.choice(
        [float(draw.randint(912345678, 999999999)), " 0987.654.321", f"0332 111 {number:03} - 0912345678"]
    )
    papers = [*born, "Tày", f"0200{draw.randint(10**7, 10**8 - 1)}", "03/02/1990", official]
    note = f"{note}; Miễn SH" if each.exempt else note
    return [number, noisy(draw, each.name), *papers, each.unit, each.cell, phone, note]


def sheet_each(everybody: Sequence[Somebody], seed: int = 2) -> bytes:
    """A sheet a unit: names in two columns, headers without marks, ticks, a hidden copy, a sheet of sums."""
    draw, book = Random(seed), Workbook()
    sums = _sheet(book, "Tổng hợp")
    sums.append(["Đơn vị", "Số đảng viên"])
    for unit, found in groupby(everybody, key=lambda each: each.unit):
        group = list(found)
        sums.append([unit, len(group)])
        sheet = book.create_sheet(unit)
        sheet.append(["DANG BO XA BAC SON"])
        sheet.append([f"DANH SÁCH ĐẢNG VIÊN {group[0].cell.upper()} NĂM 2026"])
        sheet.append([None])
        sheet.append(
            [
                "Stt",
                "Ngay sinh",
                "Ho dem",
                "Ten",
                "So the dang vien",
                "CT",
                "Dang vien du bi",
                "Mien sinh hoạt",
                "Que quan",
            ]
        )
        for number, each in enumerate(group, 1):
            family, _, given = noisy(draw, each.name).strip().rpartition(" ")
            ticks = ["", "X"] if each.kind == "probationary" else ["x", ""]
            sheet.append(
                [number, SECRETS[1], family, given, SECRETS[2], *ticks, "x" if each.exempt else None, "xã khác"]
            )
        sheet.append([None, None, "Tổng cộng", len(group)])
        _sign(sheet)
    hidden = book.copy_worksheet(book.worksheets[1])
    hidden.title, hidden.sheet_state = "bản cũ", "hidden"
    return saved(book)


def sections(everybody: Sequence[Somebody], seed: int = 3) -> bytes:
    """Sections by chi bộ, the header anew on each page, formulas that nobody has worked out, notes full of secrets."""
    draw, book = Random(seed), Workbook()
    sheet = _sheet(book, "Trang tính1")
    header = ["STT", "Ghi chú", "Dân tộc", "Họ và  tên", "Địa chỉ thường trú", "Miễn\nCT, SH", "Loại ĐV", "Đ.thoại"]
    sheet.append([None, None, None, "BIỂU TỔNG HỢP ĐẢNG VIÊN"])
    for number, (cell, group) in enumerate(groupby(everybody, key=lambda each: each.cell), 1):
        sheet.append(header)
        sheet.append([f"{_roman(number)}. {cell.upper()}"])
        for each in group:
            note = draw.choice([None, f"sinh {SECRETS[1]}", f"thẻ {SECRETS[2]}", f"gọi {SECRETS[3]}", "ốm"])
            kind = "Dự bị" if each.kind == "probationary" else draw.choice(["Chính thức", "", "CT"])
            phone = draw.choice([f"09{draw.randint(10**7, 10**8 - 1)}", draw.randint(912345678, 999999999), ""])
            exempt, name = "có" if each.exempt else "", noisy(draw, each.name)
            sheet.append([f"=A{sheet.max_row}+1", note, "Nùng", name, f"số nhà {number}", exempt, kind, phone])
            if draw.random() < 0.05:
                sheet.append([None])
        sheet.append(["=COUNTA(D1:D9)", None, None, "Tổng số:"])
    _sign(sheet)
    return saved(book)


BOOKS: Final[dict[str, Callable[[Sequence[Somebody]], bytes]]] = {
    "one_sheet": one_sheet,
    "sheet_each": sheet_each,
    "sections": sections,
}


def noisy(draw: Random, name: str) -> str:
    """The name as it is typed: capitals, hard spaces, decomposed letters, a title in front."""
    for spoil in draw.sample(_SPOILS, draw.randint(0, 2)):
        name = spoil(name)
    return name


_SPOILS: Final[tuple[Callable[[str], str], ...]] = (
    str.upper,
    lambda name: name.replace(" ", "  ", 1),
    lambda name: f" {name}\u00a0".replace(" ", "\u00a0", 2),
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: f"Đ/c {name}",
)


def _sheet(book: Workbook, title: str) -> Worksheet:
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    return sheet


def _sign(sheet: Worksheet) -> None:
    """The foot of a list: a date, offices and the names below them, who are not on it."""
    sheet.append([None])
    sheet.append([None, None, None, None, "Bắc Sơn, ngày 05 tháng 11 năm 2026"])
    sheet.append([None, None, "NGƯỜI LẬP BIỂU", None, "T/M CHI ỦY"])
    sheet.append([None])
    sheet.append([None, None, _SIGNED, _SIGNED, _SIGNED])


def _roman(number: int) -> str:
    signs = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    out = ""
    for value, sign in signs:
        while number >= value:
            out, number = out + sign, number - value
    return out
