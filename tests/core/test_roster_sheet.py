"""Sheets as rows of plain values: where the people are, and what is said about the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from bot.core.roster import Finding, Line, Sheet, What, joined, letter
from bot.core.roster_sheet import read

HEADER = ["STT", "Họ và tên", "Thôn", "Chi bộ"]


def lines(*rows: Sequence[Any], name: str = "Sheet1", **more: Any) -> tuple[Line, ...]:
    return read(Sheet(name, rows, **more)).lines


def found(*rows: Sequence[Any], name: str = "Sheet1", **more: Any) -> set[tuple[What, int, str]]:
    findings = read(Sheet(name, rows, **more)).findings
    return {(finding.what, finding.row, finding.column) for finding in findings}


def test_a_plain_list() -> None:
    (line,) = lines(HEADER, [1, "Hoàng Văn A", "Nà Pán", "Nà Pán"])
    assert line == Line("Sheet1", 2, "Hoàng Văn A", "Nà Pán", "Nà Pán")


def test_titles_sums_and_signatures_are_nobody() -> None:
    seen = lines(
        ["ĐẢNG BỘ XÃ BẮC SƠN", None, "ĐẢNG CỘNG SẢN VIỆT NAM"],
        ["DANH SÁCH ĐẢNG VIÊN"],
        [],
        HEADER,
        ["(1)", "(2)", "(3)", "(4)"],
        [1, "Hoàng Văn A", "Nà Pán", "Nà Pán"],
        [],
        [2, "Tống Văn B", "Nà Pán", "Nà Pán"],
        [3],
        [None, "Tổng cộng: 2 đồng chí"],
        [None, None, None, "Bắc Sơn, ngày 05 tháng 3 năm 2026"],
        [None, "NGƯỜI LẬP BIỂU", None, "BÍ THƯ"],
        [None, "Lành Văn Ký", None, "Nông Văn Ký"],
    )
    assert [line.name for line in seen] == ["Hoàng Văn A", "Tống Văn B"]


def test_a_header_of_two_rows_with_dates_below() -> None:
    header = ["TT", "Họ và tên", "Ngày vào Đảng", None, "Ghi chú"]
    merged = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4))
    sheet = Sheet(
        "Thôn Nà Pán",
        [
            header,
            [None, None, "Dự bị", "Chính thức"],
            [1, "Hoàng Văn A", "01/02/1990", date(1991, 2, 1)],
            [2, "Nông Thị B", "01/02/2026", None, "Miễn SH"],
        ],
        merged,
    )
    seen = read(sheet)
    assert [(line.name, line.kind, line.exempt, line.unit) for line in seen.lines] == [
        ("Hoàng Văn A", "official", None, "Thôn Nà Pán"),
        ("Nông Thị B", "probationary", True, "Thôn Nà Pán"),
    ]
    assert Finding(What.KIND_BY_DATE, "Thôn Nà Pán", 4, "D") in seen.findings
    assert Finding(What.LEFT_OUT, "Thôn Nà Pán", 0, "C", "joined") in seen.findings


def test_headers_above_the_names_belong_to_them() -> None:
    top = ["TT", "Đảng viên", None, "Nơi ở", None]
    below = [None, "Họ và tên", "Năm sinh", "Thôn", "Xã"]
    sheet = Sheet("S1", [top, below, [1, "Vi Văn C", 1960, "x", "y"]], ((0, 1, 0, 2), (0, 3, 0, 4)))
    seen = read(sheet)
    assert [line.name for line in seen.lines] == ["Vi Văn C"]
    assert {finding.detail for finding in seen.findings} >= {"birth", "address"}


def test_sections_titles_and_the_sheets_name_tell_the_place() -> None:
    header = ["Họ và tên", "Ghi chú"]
    by_section = lines(header, ["I. Chi bộ Nà Pán"], ["Vi Văn A"], ["1. Thôn Nà Hó"], ["Vi Văn B"])
    assert [(line.cell, line.unit) for line in by_section] == [
        ("I. Chi bộ Nà Pán", None),
        ("I. Chi bộ Nà Pán", "1. Thôn Nà Hó"),
    ]
    by_title = lines(["DANH SÁCH ĐẢNG VIÊN CHI BỘ THÔN NÀ PÁN NĂM 2026"], header, ["Vi Văn A"], name="DS 2")
    assert [(line.cell, line.unit) for line in by_title] == [("Chi bộ THÔN NÀ PÁN", None)]
    by_sheet = lines(header, ["Vi Văn A"], name="Nà Pán")
    assert [(line.cell, line.unit) for line in by_sheet] == [(None, "Nà Pán")]
    assert [line.unit for line in lines(header, ["Vi Văn A"], name="Danh sách 2026")] == [None]


@pytest.mark.parametrize("merged", [(), ((1, 2, 2, 2), (1, 3, 3, 3))])
def test_a_place_written_once_for_a_group(merged: tuple[tuple[int, int, int, int], ...]) -> None:
    rows: list[Sequence[Any]] = [
        HEADER,
        [1, "Vi Văn A", "Nà Pán", "Nà Pán"],
        [2, "Vi Văn B"],
        [3, "Vi Văn C"],
        [4, "Vi Văn D", "Nà Hó", "Nà Hó"],
    ]
    rows[3] = [3, "Vi Văn C", "Nà Hó"] if merged else rows[3]
    seen = lines(*rows, merged=merged)
    assert [line.cell for line in seen] == ["Nà Pán", "Nà Pán", "Nà Pán", "Nà Hó"]
    assert [line.unit for line in seen][:2] == ["Nà Pán", "Nà Pán"]


def test_a_name_in_two_columns_and_ticks() -> None:
    header = ["Stt", "Họ đệm", "Tên", "Chính thức", "Dự bị", "Miễn SH", "Thôn"]
    rows = (
        [1, "Hoàng Văn", "A", "x", "", "", "N"],
        [2, "Hoàng Văn", "B", "", "X", "x", "N"],
        [3, "Vi", "C", "", "", "", "N"],
    )
    seen = lines(header, *map(list, rows))
    assert [(line.name, line.kind, line.exempt) for line in seen] == [
        ("Hoàng Văn A", "official", False),
        ("Hoàng Văn B", "probationary", True),
        ("Vi C", "official", False),
    ]


def test_what_may_not_be_kept_is_in_no_line_and_no_finding() -> None:
    secrets = ["020074001234", "12/05/1956", "15.123456", "0912345678", "Tày", "số nhà 9"]
    header = [*HEADER, "CCCD", "Ngày sinh", "Số thẻ", "SĐT", "Dân tộc", "Địa chỉ", "Ghi chú"]
    sheet = Sheet(
        "Danh sách 0912345678",
        [
            header,
            [1, "Hoàng Văn A", "Nà Pán", "Nà Pán", *secrets, " ".join(secrets)],
            [2, secrets[0], "Nà Pán", "Nà Pán", *secrets],
            [3, "Hoàng Văn B", secrets[0], secrets[1], *secrets],
        ],
    )
    seen = read(sheet)
    whole = repr((seen.findings, [line.forgetful() for line in seen.lines]))
    assert not [secret for secret in secrets if secret in whole]
    about = {(finding.what, finding.row, finding.column) for finding in seen.findings}
    assert about >= {
        (What.PRIVATE_IN_NOTE, 2, "K"),
        (What.NAME_HAS_NUMBERS, 3, "B"),
        (What.NOT_A_PLACE, 4, "C"),
        (What.NOT_A_PLACE, 4, "D"),
        (What.PHONES_LEFT_OUT, 0, "H"),
    }


def test_phones_only_where_they_are_wanted() -> None:
    rows: list[Sequence[Any]] = [[*HEADER, "SĐT"], [1, "Vi Văn A", "N", "C", 912345678.0]]
    assert [line.phone for line in read(Sheet("S", rows)).lines] == [None]
    assert [line.phone for line in read(Sheet("S", rows), phones=True).lines] == ["0912345678"]


def test_twins_are_told_apart_by_what_is_not_kept() -> None:
    rows: list[Sequence[Any]] = [
        [*HEADER, "Ngày sinh"],
        [1, "Vi Văn A", "N", "C", "01/02/1960"],
        [2, "Vi Văn A", "N", "C", "03/02/1960"],
    ]
    one, other = lines(*rows)
    assert one.twin != other.twin
    assert one.forgetful().twin == frozenset()


def test_what_is_wrong_is_told_by_row_and_column() -> None:
    rows: list[Sequence[Any]] = [
        [*HEADER, "Mã", "Loại", "Miễn"],
        [1, "Lan", "N", "C", "ABC", "mới", "mai"],
        [2, None, "N", "C", None, "Dự bị"],
    ]
    assert found(*rows) == {
        (What.NAME_OF_ONE_WORD, 2, "B"),
        (What.CODE_ODD, 2, "E"),
        (What.KIND_UNCLEAR, 2, "F"),
        (What.EXEMPT_UNCLEAR, 2, "G"),
        (What.NO_NAME, 3, "B"),
    }


def test_formulas_that_say_nothing() -> None:
    rows: list[Sequence[Any]] = [HEADER, [1, None, "N", "C"], [2, "#REF!", "N", "C"]]
    assert found(*rows, uncalculated=frozenset({(1, 1)})) == {
        (What.UNCALCULATED, 2, "B"),
        (What.BROKEN_FORMULA, 3, "B"),
    }


def test_sheets_without_a_list() -> None:
    assert found(["Đơn vị", "Số lượng"], ["Nà Pán", 12]) == {(What.NO_LIST, 0, "")}
    assert found(HEADER, [1, "Vi Văn A", "N", "C"], hidden=True) == {(What.HIDDEN, 0, "")}
    assert found() == set()
    assert lines(["020074001234", "Nguyễn Văn A"], ["020074001235", "Nguyễn Văn B"]) == ()


def test_two_tables_in_one_sheet() -> None:
    end = [None, "Người lập biểu"]
    seen = lines(HEADER, [1, "Vi Văn A", "N", "C"], end, [None, "Lành Văn Ký"], HEADER, [1, "Vi Văn B", "N", "C"])
    assert [line.name for line in seen] == ["Vi Văn A", "Vi Văn B"]


def test_columns_have_letters() -> None:
    assert [letter(at) for at in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
    assert joined([]).lines == ()
