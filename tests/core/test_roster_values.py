"""Cells and headers of a roster, as they are found in real workbooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.core import roster_values as values
from bot.core.roster import What
from bot.core.roster_header import field
from bot.core.roster_values import Refused


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        (("Họ và\ntên",), "name"),
        (("HỌ VÀ TÊN ĐẢNG VIÊN",), "name"),
        (("Ho ten dang vien",), "name"),
        (("Hộ và tên",), "name"),
        (("Họ đệm",), "family"),
        (("Thôn/KP",), "unit"),
        (("ĐƠN VỊ",), "unit"),
        (("Chi bộ đang\nsinh hoạt",), "cell"),
        (("Nơi sinh hoạt",), "cell"),
        (("S.Đ.T",), "?"),
        (("Điên thoại",), "phone"),
        (("Đảng viên", "Dự bị"), "probationary"),
        (("Dự bị/Chính thức",), "kind"),
        (("Miễn SH",), "exempt"),
        (("Miễn công tác, sinh hoạt (x)",), "exempt"),
        (("Ghi chú",), "note"),
        (("Ngày vào Đảng", "Chính thức"), "private:joined"),
        (("Ngày chính thức",), "private:joined"),
        (("Năm sinh", "Nam"), "private:birth"),
        (("Nữ",), "private:sex"),
        (("Nơi sinh",), "private:address"),
        (("Nơi đăng ký khai sinh",), "private:address"),
        (("Họ và tên khai sinh",), "name"),
        (("Số CCCD/CMND",), "private:identity"),
        (("Số thẻ ĐV",), "private:card"),
        (("Số lý lịch",), "private:card"),
        (("Dân tộc",), "private:ethnicity"),
        (("Tôn giáo",), "private:religion"),
        (("Quê quán",), "private:address"),
        (("Tuổi Đảng",), "private:joined"),
        (("Trình độ",), "?"),
        (("Chức vụ",), "?"),
        (("",), ""),
    ],
)
def test_what_a_column_holds(header: tuple[str, ...], meant: str) -> None:
    assert field(*header) == meant


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (None, ""),
        (912345678.0, "912345678"),
        (12.5, "12.5"),
        (True, "x"),
        (False, ""),
        (" a\u00a0 b\n c ", "a b c"),
        ("#REF!", ""),
        ("# ghi", "# ghi"),
        (date(1990, 2, 3), "03/02/1990"),
    ],
)
def test_a_cell_as_text(value: Any, seen: str) -> None:
    assert values.text(value) == seen


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("1. Đ/c Nguyễn Văn A (Bí thư chi bộ)", "Nguyễn Văn A"),
        ("HOÀNG THỊ LAN", "Hoàng Thị Lan"),
        ("hoàng thị lan - Bí thư", "Hoàng Thị Lan"),
        ("Nguyễn Văn An (B)", "Nguyễn Văn An (B)"),
        ("Ksor H'Bơi", "Ksor H'Bơi"),
        ("Vàng A-Seo", "Vàng A-Seo"),
        ("Lan", "Lan"),
    ],
)
def test_a_persons_name(said: str, name: str) -> None:
    assert values.person(said) == name


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", What.NO_NAME),
        ("...", What.NO_NAME),
        ("020074001234", What.NAME_HAS_NUMBERS),
        ("Nguyễn Văn A 1962", What.NAME_HAS_NUMBERS),
        ("Nguyễn Văn A, thôn Nà Pán", What.NAME_IS_NO_NAME),
        ("Tày", What.NAME_IS_NO_NAME),
        ("=1+1", What.NAME_HAS_NUMBERS),
        ("@SUM", What.NAME_IS_NO_NAME),
        ("a b c d e f g h i", What.NAME_IS_NO_NAME),
    ],
)
def test_what_is_no_name(said: str, why: What) -> None:
    with pytest.raises(Refused) as refused:
        values.person(said)
    assert refused.value.what is why


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("0912.345.678 - 0987654321", "0912345678"),
        ("0205 3 837 111", "02053837111"),
        ("", None),
        ("-", None),
    ],
)
def test_a_phone_number(said: str, number: str | None) -> None:
    assert values.phone(said) == number


@pytest.mark.parametrize(
    ("take", "said", "why"),
    [
        (values.phone, "020074001234", What.PHONE_ODD),
        (values.phone, "không có", What.PHONE_ODD),
        (values.place, "020074001234", What.NOT_A_PLACE),
        (values.place, "12/05/1956", What.NOT_A_PLACE),
        (values.place, "Nùng", What.NOT_A_PLACE),
        (values.place, "a@b.vn", What.NOT_A_PLACE),
        (values.code, "020074001234", What.CODE_ODD),
        (values.code, "B1234567", What.CODE_ODD),
    ],
)
def test_what_is_not_kept(take: Callable[[str], object], said: str, why: What) -> None:
    with pytest.raises(Refused) as refused:
        take(said)
    assert refused.value.what is why
    assert said not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "kind", "exempt"),
    [
        ("Dự bị", "probationary", None),
        ("đảng viên chính thức", "official", None),
        ("DB", "probationary", None),
        ("Miễn CT, SH", None, True),
        ("được miễn sinh hoạt từ 2020", None, True),
        ("không miễn", None, False),
        ("đã hết miễn", None, False),
        ("ốm", None, None),
        ("", None, None),
    ],
)
def test_what_a_note_says(said: str, kind: str | None, exempt: bool | None) -> None:
    assert (values.kind(said), values.exempt(said)) == (kind, exempt)


@pytest.mark.parametrize(
    ("said", "told"), [("x", True), ("✓", True), ("1", True), ("", False), ("Không", False), ("mai", None)]
)
def test_a_tick(said: str, told: bool | None) -> None:
    assert values.marked(said) is told
