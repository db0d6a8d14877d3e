"""Codes as people type them."""

from __future__ import annotations

import pytest

from bot.core import codes


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abcd efgh", "ABCDEFGH"),
        ("ABCD-EFGH.", "ABCDEFGH"),
        ("“NAPAN”", "NAPAN"),
        ("nà pán", "NAPAN"),
        ("Đông Đằng", "DONGDANG"),
        ("abc", ""),
        ("a" * 17, ""),
        ("mã của tôi là gì vậy hả", ""),
    ],
)
def test_what_was_typed_becomes_a_code(typed: str, code: str) -> None:
    assert codes.tidy(typed) == code


def test_what_looks_alike_is_tried_after_what_was_typed_and_never_without_end() -> None:
    assert codes.readings("AAOA")[0] == "AAOA"
    assert set(codes.readings("AAOA")) == {"AAOA", "AA0A", "AAQA", "AADA"}
    assert len(codes.readings("0O1I5S2Z8B0O1I5S")) == 256


def test_only_a_personal_code_is_taken_apart_on_paper() -> None:
    assert codes.spaced("K7MH3WXA") == "K7MH 3WXA"
    assert codes.spaced("DONGDANG") == "DONGDANG"
    assert codes.is_shaped_like_one("K7MH3WXA")
    assert not any(map(codes.is_shaped_like_one, ("DONGDANG", "12345678", "K7MH3WX")))
