"""Names: told apart where a Vietnamese reader tells them apart, and not where they would not."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from random import Random
from typing import Final, Literal

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from bot.core.names import Likeness, bare, could_mean, family, given, key, likeness, same_person, tidy
from bot.demo import names as invented

Form = Literal["NFC", "NFD"]
FORMS: Final[tuple[Form, ...]] = ("NFC", "NFD")


@pytest.mark.parametrize(
    ("a", "b", "how"),
    [
        ("Hoàng Văn Hòa", "HOÀNG VĂN HOÀ", Likeness.SAME),
        ("Hoàng Văn Hòa", unicodedata.normalize("NFD", "Hoàng  Văn\u00a0Hòa "), Likeness.SAME),
        ("Đ/c Nông Thị Lan", "bà Nông Thị Lan", Likeness.SAME),
        ("đồng chí Nông Thị Lan", "Nông Thị Lan", Likeness.SAME),
        ("Hoàng Văn Hiếu", "hoang van hieu", Likeness.LIKELY),
        ("Hoàng Văn Hiếu", "Hoangf Vawn Hieeus".lower(), Likeness.LIKELY),
        ("Đinh Văn Dương", "Dinh Văn Dương", Likeness.LIKELY),
        ("Lý Thị Mỹ", "Lí Thị Mĩ", Likeness.LIKELY),
        ("Hoàng Văn Hiếu", "Hoàng Văn Hiệu", Likeness.NEAR),
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hòa", Likeness.NEAR),
        ("Nguyễn Văn Thành", "Nguyễn Văn Thàn", Likeness.NEAR),
        ("Hoàng Văn Nam", "Hoàng Văn Lan", Likeness.DIFFERENT),
        ("Vi Văn A", "Vi Văn B", Likeness.DIFFERENT),
        ("Hoàng Văn Nam", "Hoàng Văn Lam", Likeness.NEAR),
        ("Hoàng Văn Hiếu", "Hoàng Hiếu", Likeness.DIFFERENT),
    ],
)
def test_how_alike(a: str, b: str, how: Likeness) -> None:
    assert likeness(a, b) == likeness(b, a) == how
    assert same_person(a, b) == (how >= Likeness.LIKELY)


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("Đ/c Hoàng Văn A", "Hoàng Văn A"),
        ("đ.c. Hoàng Văn A", "Hoàng Văn A"),
        ("dong chi hoang van a", "hoang van a"),
        ("Bí thư đ/c Vi Văn Tư", "Vi Văn Tư"),
        ("chị Lan", "Lan"),
        ("chu lan", "lan"),
        ("chu van tu", "chu van tu"),
        ("chu hoang van tu", "hoang van tu"),
        ("Bạc Cầm Hoa", "Bạc Cầm Hoa"),
        ("Cù Thị Mai", "Cù Thị Mai"),
        ("Anh", "Anh"),
        ("", ""),
    ],
)
def test_the_title_in_front_is_no_part_of_the_name(name: str, without: str) -> None:
    assert bare(name) == without


@pytest.mark.parametrize(
    ("said", "name", "meant"),
    [
        ("chị Lan", "Hoàng Thị Lan", True),
        ("lan", "Hoàng Thị Lan", True),
        ("Hoàng Lan", "Hoàng Thị Lan", True),
        ("bac hoang thi lan", "Hoàng Thị Lan", True),
        ("Thị Hoàng Lan", "Hoàng Thị Lan", False),
        ("Hoàng", "Hoàng Thị Lan", False),
        ("bac van hieu", "Hoàng Văn Hiếu", True),
        ("Hiệu", "Hoàng Văn Hiếu", False),
        ("hieu", "Hoàng Văn Hiếu", True),
        ("", "Hoàng Văn Hiếu", False),
    ],
)
def test_who_can_be_meant(said: str, name: str, meant: bool) -> None:
    assert could_mean(said, name) == meant


def test_the_parts_of_a_name() -> None:
    assert given("Đ/c HOÀNG THỊ LAN") == "Lan"
    assert family("bà Hoàng Thị Lan") == "Hoàng"
    assert (given(""), family("Lan")) == ("", "")
    assert tidy("ksor h\u2019bơi") == "Ksor H'Bơi"
    assert tidy("Hoàng văn A") == "Hoàng văn A"


@settings(max_examples=60)
@drawn(st.randoms(use_true_random=False), st.sampled_from(FORMS), st.sampled_from([str.upper, str.lower, str.title]))
def test_noise_changes_no_name(draw: Random, form: Form, case: Callable[[str], str]) -> None:
    name = invented.person(draw)
    noisy = unicodedata.normalize(form, "\u00a0 ".join(case(name).split()))
    assert likeness(name, noisy) is Likeness.SAME
    assert key(noisy) == key(name)
    assert likeness(name, key(name)) >= Likeness.LIKELY
