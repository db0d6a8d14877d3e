"""A free sentence about several people becomes lines: who, how it stands, which day; the open stays open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from bot.core.telling import Day, Told, read_report


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    name: str
    unit: str


PEOPLE = (
    Line("NP01", "Hoàng Văn Tư", "Thôn Nà Pán"),
    Line("NP02", "Lý Thị Hiền", "Thôn Nà Pán"),
    Line("NP03", "Nông Văn Khánh", "Thôn Nà Pán"),
    Line("NP04", "Triệu Văn Tiến", "Thôn Nà Pán"),
    Line("BC01", "Dương Thị Hiền", "Khối phố Bó Chang"),
    Line("BC02", "Lộc Văn Tiên", "Khối phố Bó Chang"),
    Line("BC03", "Mã Thị Lan", "Khối phố Bó Chang"),
    Line("BC04", "Hứa Thị Bích Ngọc", "Khối phố Bó Chang"),
)

TELLS = {
    "xong bác Tư, bà Hiền Nà Pán chưa có máy, ông Khánh đi vắng": "NP01 None|NP02 KHONG_SMARTPHONE|NP03 VANG",
    "xong bac tu, ba hien na pan chua co may, ong khanh di vang": "NP01 None|NP02 KHONG_SMARTPHONE|NP03 VANG",
    "ông Tư, bà Lan và ông Khánh đều đăng nhập được rồi": "NP01 DA_DANG_NHAP|BC03 DA_DANG_NHAP|NP03 DA_DANG_NHAP",
    "NP03 cài xong, bc03 máy đầy": "NP03 DA_CAI|BC03 MAY_KHONG_PHU_HOP",
    "np 03 cài rồi nhưng chưa đăng nhập được": "NP03 DA_CAI",
    "hôm nay em cài được cho bà Lan, ông Tư": "BC03 DA_CAI|NP01 DA_CAI",
    "vắng: ông Tư, ông Khánh\ncài được: bà Lan": "NP01 VANG|NP03 VANG|BC03 DA_CAI",
    "bà Hiền cài được": "Hiền? DA_CAI",
    "bà Hiền bên Bó Chang cài được": "BC01 DA_CAI",
    "Bó Chang: bà Hiền cài được, bà Lan vắng": "BC01 DA_CAI|BC03 VANG",
    "ông Tiến kiểm tra rồi, đúng hết": "NP04 DA_KIEM_TRA",
    "ông Tieens vào được": "NP04 DA_DANG_NHAP",
    "ong tien vao duoc": "Tien? DA_DANG_NHAP",
    "bà Bích Ngọc kiểm tra thấy sai ngày sinh": "BC04 CO_SAI_SOT",
    "Hứa Thị Bích Ngọc không chịu cài": "BC04 TU_CHOI",
    "ông Tư không phải, ông Khánh đang ốm": "NP03 CAO_TUOI_SUC_YEU",
    "ông Tư xong à nhầm ông Khánh cài xong": "NP03 DA_CAI",
    "ông Tư cài được. Mà chưa vào được": "NP01 DA_CAI",
    "ông Bảo cài được": "Bảo? DA_CAI",
    "bà Lan chưa có tài khoản; ông Tư mất sóng": "BC03 LOI_TAI_KHOAN|NP01 LOI_MANG",
    "bà Lan vẫn chưa xong": "BC03 None",
    "chi bộ miễn sinh hoạt cho ông Khánh rồi": "NP03 MIEN_SINH_HOAT",
    "ông Tư cài xong, ông Tư đăng nhập được": "NP01 DA_DANG_NHAP",
    "hôm nay em không đi được": "",
}


@pytest.mark.parametrize(("text", "lines"), TELLS.items())
def test_who_and_how_it_stands(text: str, lines: str) -> None:
    assert "|".join(map(_line, read_report(text, PEOPLE))) == lines


def _line(told: Told) -> str:
    return f"{told.code or told.name + '?'} {told.status}"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hôm qua bà Lan cài được", date(2026, 11, 23)),
        ("tối thứ sáu bà Lan cài được", date(2026, 11, 20)),
        ("ngày 12/11 bà Lan cài được", date(2026, 11, 12)),
        ("bà Lan cài được hôm kia", date(2026, 11, 22)),
        ("bà Lan cài được 3 ngày trước", date(2026, 11, 21)),
        ("bà Lan cài được", None),
    ],
)
def test_the_day_it_happened(text: str, day: date | None) -> None:
    [told] = read_report(text, PEOPLE)
    assert (told.day and told.day.on(date(2026, 11, 24))) == day


def test_a_day_stays_until_another_is_named() -> None:
    told = read_report("hôm qua bà Lan cài được, ông Tư vắng, hôm nay ông Khánh cài được", PEOPLE)
    assert [line.day for line in told] == [Day(ago=1), Day(ago=1), Day(ago=0)]


def test_a_unit_told_of_an_unsettled_name_is_kept() -> None:
    [told] = read_report("bà Hạnh Nà Pán cài được", PEOPLE)
    assert (told.name, told.unit, told.ambiguous) == ("Hạnh", "Thôn Nà Pán", True)
