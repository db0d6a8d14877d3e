"""What a text names besides its meaning: a field, a ticket, a unit, a helper and those to be helped."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.understanding import Listener
from bot.hearing import Line
from bot.reading import listener

PEOPLE = (
    Line("NP01", "Hoàng Văn Tư", "Thôn Nà Pán"),
    Line("NP02", "Lý Thị Hiền", "Thôn Nà Pán"),
    Line("BC01", "Mã Thị Lan", "Khối phố Bó Chang"),
)
HEARD: Listener = listener()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("tên đệm của bác bị sai", "ho_ten"),
        ("ngay sinh bi sai", "ngay_sinh"),
        ("giới tính ghi nhầm", "gioi_tinh"),
        ("số căn cước bị sai", "cccd"),
        ("số thẻ đảng ghi sai", "so_the"),
        ("ngày vào đảng bị sai", "ngay_vao_dang"),
        ("sai ngày chính thức", "ngay_chinh_thuc"),
        ("ten chi bo bi sai", "chi_bo"),
        ("chức vụ ghi sai", "chuc_vu"),
        ("số điện thoại trên sổ tay bị sai", "sdt"),
        ("địa chỉ của tôi ghi sai", "dia_chi"),
        ("dân tộc ghi sai", "khac"),
    ],
)
def test_the_field_that_is_wrong(text: str, field: str) -> None:
    found = HEARD.understand(text)
    assert (found.intent, found.entities) == ("report_wrong", {"field": field})


def test_no_field_where_none_is_named() -> None:
    found = HEARD.understand("thông tin của bác bị sai")
    assert (found.intent, found.entities) == ("report_wrong", {})


@pytest.mark.parametrize(
    ("role", "text", "intent", "entities"),
    [
        ("member", "tra phiếu bs 0421 giúp bác", "ticket_status", {"ticket": "BS-0421"}),
        ("helper", "em nhận phiếu BS-0655", "take_request", {"ticket": "BS-0655"}),
        ("helper", "đóng phiếu bs-0655", "close_request", {"ticket": "BS-0655"}),
        ("leader", "tiến độ thôn Nà Pán thế nào", "unit_progress", {"unit": "Thôn Nà Pán"}),
        (
            "coordinator",
            "giao bà Hiền cho em Ngọc",
            "assign",
            {"people": [{"code": "NP02"}], "helper": "Ngọc"},
        ),
        (
            "coordinator",
            "giao NP01 với NP02 cho Ngoc",
            "assign",
            {"people": [{"code": "NP01"}, {"code": "NP02"}], "helper": "Ngoc"},
        ),
        (
            "coordinator",
            "phân công chị Mai giúp bà Lan",
            "assign",
            {"people": [{"code": "BC01"}], "helper": "Mai"},
        ),
        (
            "helper",
            "bà Lan cài được, ông Bảo vắng",
            "report_result",
            {"people": [{"code": "BC01", "status": "DA_CAI"}, {"name": "Bảo", "status": "VANG", "ambiguous": True}]},
        ),
    ],
)
def test_what_is_named(role: str, text: str, intent: str, entities: dict[str, Any]) -> None:
    found = HEARD.understand(text, roles=(role,), people=PEOPLE)
    assert (found.intent, found.entities) == (intent, entities)


def test_staff_intents_are_in_play_for_staff_only() -> None:
    assert HEARD.understand("bà Lan cài được rồi", roles=("helper",), people=PEOPLE).intent == "report_result"
    assert HEARD.understand("bà Lan cài được rồi", people=PEOPLE).intent != "report_result"
    assert HEARD.understand("xuất file excel", roles=("office",)).intent == "export"
    assert HEARD.understand("xuất file excel").intent != "export"
