"""Who is who: nobody is merged, moved or renamed without being asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.core.places import Place
from bot.core.roster import Known, Line, Reading, What
from bot.core.roster_match import Register, plan
from bot.core.roster_plan import Plan, Why
from bot.core.roster_words import summary

PAN, HO = Place(1, "NAPAN", "Thôn Nà Pán", "thon"), Place(2, "NAHO", "Thôn Nà Hó", "thon")
CELL = Place(1, "CB01", "Chi bộ thôn Nà Pán")


def known(id_: int, name: str, unit: int | None = 1, **more: Any) -> Known:
    about: dict[str, Any] = {
        "cell_id": 1,
        "kind": "official",
        "exempt": False,
        "phone": None,
        "left": False,
        "counted": True,
    }
    return Known(id=id_, code=f"NP{id_:02d}", name=name, unit_id=unit, **(about | more))


def line(row: int, name: str, unit: str | None = "Nà Pán", cell: str | None = "Nà Pán", **more: Any) -> Line:
    return Line("S", row, name, unit, cell, **more)


def planned(people: Sequence[Known], *lines: Line, **verdicts: str) -> Plan:
    codes = {place.code for place in (PAN, HO)}
    register = Register(people, (PAN, HO), (CELL,), codes, {"CB01"})
    return plan(lines, register, {key.replace("_", ":"): verdict for key, verdict in verdicts.items()})


def test_the_same_people_are_no_change() -> None:
    found = planned([known(1, "Hoàng Văn Hòa")], line(2, "Hoàng Văn Hoà", "Thôn Nà Pán"))
    assert (found.same, found.is_empty, found.gone) == (1, True, [])


def test_what_a_line_does_not_tell_stays() -> None:
    found = planned(
        [known(1, "Vi Văn A", kind="probationary", exempt=True, phone="0912345678")], line(2, "Vi Văn A", cell=None)
    )
    assert found.same == 1


def test_every_difference_is_named() -> None:
    changed = line(2, "Vi Văn A", "Nà Hó", "Nà Hó", code="NP01", kind="probationary", exempt=True, phone="0987654321")
    found = planned([known(1, "Vi Văn A")], changed)
    (change,) = found.changes
    assert change.fields == ("unit_id", "cell_id", "kind", "exempt", "phone")
    assert [cell.name for cell in found.cells] == ["Chi bộ Nà Hó"]


def test_whoever_comes_back_is_on_the_roster_again() -> None:
    found = planned([known(1, "Vi Văn A", left=True, counted=False)], line(2, "Vi Văn A"))
    assert [change.fields for change in found.changes] == [("left_at",)]


def test_namesakes_in_other_units_are_other_people() -> None:
    found = planned([known(1, "Vi Văn A")], line(2, "Vi Văn A"), line(3, "Vi Văn A", "Nà Hó"))
    assert (found.same, len(found.adds), found.doubts) == (1, 1, [])


def test_gone_are_only_those_whose_unit_the_workbook_tells_of() -> None:
    people = [known(1, "Vi Văn A"), known(2, "Vi Văn B"), known(3, "Vi Văn C", unit=2), known(4, "Vi D", counted=False)]
    assert planned(people, line(2, "Vi Văn A")).gone == [people[1]]


@pytest.mark.parametrize(
    ("people", "lines", "why"),
    [
        ([known(1, "Vi Văn A", 2)], [line(2, "Vi Văn A"), line(3, "Lý Văn B", "Nà Hó")], Why.MOVED),
        ([known(1, "Vi Văn A", None)], [line(2, "Vi Văn A")], Why.MOVED),
        ([known(1, "Hoang Van Hieu")], [line(2, "Hoàng Văn Hiếu")], Why.RESPELT),
        ([known(1, "Đinh Văn Hùng")], [line(2, "Dinh Văn Hùng")], Why.RESPELT),
        ([known(1, "Nguyễn Văn Thành")], [line(2, "Nguyễn Văn Thàn")], Why.RESPELT),
        ([], [line(1, "Vi Văn A"), line(2, "Vi Văn A")], Why.TWICE),
        ([], [line(1, "Vi Văn Hùng"), line(2, "vi van hung")], Why.TWICE),
        ([known(1, "Lý Thị Hoa")], [line(2, "Trần Văn Bảy", code="NP01")], Why.CODE),
        ([], [line(1, "Vi Văn A", twin=frozenset({("birth", 7)})),
              line(2, "Vi Văn A", "Nà Hó", twin=frozenset({("birth", 7)}))], Why.TWO_UNITS),
    ],
)  # fmt: skip
def test_doubts_are_asked_and_hold_their_line(people: list[Known], lines: list[Line], why: Why) -> None:
    asked = planned(people, *lines)
    assert [doubt.why for doubt in asked.doubts] == [why]
    assert (asked.held, asked.gone) == (1, [])
    one = planned(people, *lines, S_2="same")
    assert not one.doubts
    assert len(one.adds) == len(lines) - 1
    assert len(one.changes) == (1 if people else 0)
    two = planned(people, *lines, S_2="new")
    assert not two.doubts
    assert len(two.adds) == len(lines)
    assert two.changes == []


def test_two_of_one_name_with_other_birth_dates_are_two() -> None:
    one, other = frozenset({("birth", 7), ("year", 1)}), frozenset({("birth", 8), ("year", 1)})
    found = planned([], line(2, "Vi Văn A", twin=one), line(3, "Vi Văn A", twin=other))
    assert (len(found.adds), found.doubts) == (2, [])


def test_the_same_papers_twice_are_one_line() -> None:
    papers = frozenset({("identity", 7)})
    found = planned([], line(2, "Vi Văn A", twin=papers), line(3, "Vi Văn A", twin=papers))
    assert (len(found.adds), found.dropped) == (1, 1)
    assert [finding.what for finding in found.findings] == [What.WRITTEN_TWICE]


def test_two_namesakes_of_a_unit_stay_two() -> None:
    people = [known(1, "Vi Văn A"), known(2, "Vi Văn A", cell_id=2)]
    found = planned(people, line(2, "Vi Văn A"), line(3, "Vi Văn A"))
    assert (found.same + len(found.changes), found.doubts) == (2, [])


def test_a_code_nobody_has_is_kept() -> None:
    assert [entry.line.code for entry in planned([], line(2, "Vi Văn A", code="NP77")).adds] == ["NP77"]


def test_a_code_that_stands_twice_is_used_once() -> None:
    found = planned([known(1, "Vi Văn A")], line(2, "Vi Văn A", code="NP01"), line(3, "Lý Văn B", code="NP01"))
    assert (found.same, [entry.line.code for entry in found.adds]) == (1, [None])
    assert [finding.what for finding in found.findings] == [What.CODE_TWICE]


def test_new_units_and_chi_bo_are_proposed_with_codes() -> None:
    found = planned([], line(2, "Vi Văn A", "KP Minh Khai", "CB Minh Khai"), line(3, "Vi Văn B", "Trạm Y tế xã", None))
    assert [(unit.code, unit.name, unit.kind) for unit in found.units] == [
        ("MINHKHAI", "Khối phố Minh Khai", "khoi_pho"),
        ("TRAMYTEXA", "Trạm Y tế xã", "co_quan"),
    ]
    assert [(cell.code, cell.name) for cell in found.cells] == [("CB02", "Chi bộ Minh Khai")]


def test_a_unit_that_may_be_a_known_one_is_asked_about() -> None:
    asked = planned([], line(2, "Vi Văn A", "Thôn Nà Pản"), line(3, "Vi Văn B"))
    assert [doubt.perhaps for doubt in asked.place_doubts] == [PAN]
    assert (asked.held, len(asked.adds)) == (1, 1)
    one = planned([], line(2, "Vi Văn A", "Thôn Nà Pản"), **{"unit_thon na pan": "same"})
    assert (one.unit_aliases, one.units) == ({"Thôn Nà Pản": PAN}, ())
    two = planned([], line(2, "Vi Văn A", "Thôn Nà Pản"), **{"unit_thon na pan": "new"})
    assert [unit.code for unit in two.units] == ["NAPAN2"]


def test_a_slip_of_the_pen_is_no_second_unit() -> None:
    rows = [line(row, f"Vi Văn {name}", "Thôn Khuôn Pinh") for row, name in enumerate(("An", "Ba", "Tư"), 2)]
    found = planned([], *rows, line(9, "Vi Văn Chín", "Thôn Khuôn Pịnh"), line(10, "Vi Văn Sáu", "khuon pinh"))
    assert [unit.name for unit in found.units] == ["Thôn Khuôn Pinh"]
    assert [doubt.said for doubt in found.place_doubts] == ["Thôn Khuôn Pịnh"]
    assert len(found.adds) == 4


def test_the_chi_bo_tells_the_unit_where_nothing_else_does() -> None:
    found = planned(
        [], line(2, "Vi Văn A", None, "Chi bộ thôn Nà Pán 2"), line(3, "Vi Văn B", None, "Chi bộ Trạm Y tế xã")
    )
    assert [entry.unit.name for entry in found.adds if entry.unit] == ["Thôn Nà Pán", "Trạm Y tế xã"]


def test_nobody_is_taken_without_a_unit() -> None:
    found = planned([], line(2, "Vi Văn A", None, None))
    assert [finding.what for finding in found.findings] == [What.NO_UNIT]
    assert summary(found, Reading()) == "0 người: 0 mới, 0 đổi, 0 không đổi; 1 dòng cần xem."


def test_the_mark_tells_plans_apart() -> None:
    one, same, other = (planned([], line(2, name)) for name in ("Vi Văn A", "Vi Văn A", "Vi Văn B"))
    assert one.mark() == same.mark() != other.mark()
