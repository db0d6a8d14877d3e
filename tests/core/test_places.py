"""Names of thôn, khối phố, offices and chi bộ, as offices spell them."""

from __future__ import annotations

import unicodedata

import pytest

from bot.core.places import Gazetteer, Place, code_for, letters_for, names_a_cell, names_a_unit, read, read_cell

KNOWN = Gazetteer(
    [
        Place(1, "NAPAN", "Thôn Nà Pán", "thon", ("Thôn Bản Đồn",)),
        Place(2, "KHOI1", "Khối phố 1", "khoi_pho"),
        Place(3, "THON1", "Thôn 1", "thon"),
        Place(4, "NANHI", "Thôn Nà Nhì", "thon"),
        Place(5, "TYT", "Trạm Y tế xã", "co_quan"),
    ]
)


@pytest.mark.parametrize(
    ("said", "kind", "full"),
    [
        ("1. Thôn: NÀ PÁN (cũ), xã Bắc Sơn", "thon", "Thôn Nà Pán"),
        ("T.Nà Pán", "thon", "Thôn Nà Pán"),
        ("kp Hoàng Văn Thụ", "khoi_pho", "Khối phố Hoàng Văn Thụ"),
        ("Tổ dân phố số 3", "khoi_pho", "Khối phố số 3"),
        ("Nà Pán", "", "Nà Pán"),
        ("TRẠM Y TẾ XÃ", "co_quan", "Trạm y tế xã"),
        ("Trường THCS xã", "co_quan", "Trường THCS xã"),
        ("truong thcs xa", "co_quan", "truong THCS xa"),
        ("Trương Văn Tư", "", "Trương Văn Tư"),
        ("Thôn Trường Sơn", "thon", "Thôn Trường Sơn"),
    ],
)
def test_a_units_name_is_read(said: str, kind: str, full: str) -> None:
    assert (read(said).kind, read(said).full.lower()) == (kind, full.lower())


@pytest.mark.parametrize("said", ["Chi bộ thôn Nà Pán", "IV. CHI BỘ THÔN NÀ PÁN", "CB thôn Nà Pán", "Thôn Nà Pán"])
def test_a_chi_bo_is_read_without_that_word(said: str) -> None:
    assert read_cell(said).full == "Thôn Nà Pán"


@pytest.mark.parametrize(
    ("said", "sure", "perhaps"),
    [
        ("Thôn Nà Pán", 1, None),
        ("na pan", 1, None),
        (unicodedata.normalize("NFD", "NÀ PÁN"), 1, None),
        ("Thôn Bản Đồn", 1, None),
        ("NAPAN", 1, None),
        ("thôn I", 3, None),
        ("Thôn 01", 3, None),
        ("Khối 1", 2, None),
        ("1", None, 2),
        ("Nà Pản", None, 1),
        ("Thôn Nà Phán", None, 1),
        ("Thôn 2", None, None),
        ("Khối phố Nà Pán", None, None),
        ("Thôn Nà Nhỉ", None, 4),
        ("Pác Lũng", None, None),
    ],
)
def test_what_a_name_means(said: str, sure: int | None, perhaps: int | None) -> None:
    found = KNOWN.find(said)
    assert tuple(place.id if place else None for place in found) == (sure, perhaps)


def test_what_names_a_place_and_what_a_person() -> None:
    assert names_a_cell("II. Chi bộ Nà Pán")
    assert names_a_unit("2. Thôn Nà Pán")
    assert names_a_unit("Trường Tiểu học số 1")
    for person in ("Trương Văn Tư", "TRƯƠNG THỊ LAN", "Phong Văn A", "Trâm Anh", "Chi Văn Bộ"):
        assert not names_a_unit(person)
        assert not names_a_cell(person)


def test_codes_can_be_typed_and_are_nobody_elses() -> None:
    assert code_for("Thôn Nà Pán", ()) == "NAPAN"
    assert code_for("Thôn Nà Pán", {"NAPAN", "NAPAN2"}) == "NAPAN3"
    assert code_for("Thôn 1", ()) == "THON1"
    assert code_for("Trường Tiểu học và THCS xã Bắc Sơn", ()) == "TRUONGTIEUHO"


def test_letters_are_short_and_nobody_elses() -> None:
    taken: set[str] = set()
    for name in ("Thôn Nà Pán", "Thôn Nà Pắc", "Thôn Nà Pe", "Thôn 1", "Khối phố Hoàng Văn Thụ", "Thôn Thụ"):
        letters = letters_for(name, taken)
        assert letters not in taken
        assert letters.isalpha()
        assert letters.isascii()
        assert 2 <= len(letters) <= 4
        taken.add(letters)
    assert {"NP", "HVT"} <= taken
    assert letters_for("Thôn Cốc Bó", ()) != "CB"  # a chi bộ's
