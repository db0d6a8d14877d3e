"""Sealing: what lies in the database is of no use without the key."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal import Seal, Unreadable

KEY = "a key of some length"


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=300))
def test_what_was_closed_opens_again(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    assert Seal([KEY]).open(Seal([KEY]).close(text)) == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    first, second = Seal([KEY]).close("token" * 20), Seal([KEY]).close("token" * 20)
    assert first != second
    assert "token" not in first


def test_any_of_the_keys_opens_and_the_first_one_seals() -> None:
    old = Seal(["the old key"]).close("x")
    both = Seal([KEY, "the old key"])
    assert both.open(old) == "x"
    assert Seal([KEY]).open(both.close("x")) == "x"


def test_another_key_or_a_changed_letter_does_not_open() -> None:
    sealed = Seal([KEY]).close("a secret")
    raw = bytearray(base64.urlsafe_b64decode(sealed[3:]))
    with pytest.raises(Unreadable, match="SECRET_KEY"):
        Seal(["another"]).open(sealed)
    for place in range(len(raw)):
        changed = bytes(raw[:place]) + bytes([raw[place] ^ 1]) + bytes(raw[place + 1 :])
        with pytest.raises(Unreadable):
            Seal([KEY]).open("s1." + base64.urlsafe_b64encode(changed).decode())


@pytest.mark.parametrize("odd", ["", "s1.", "plain text", "s1.!!", "s1.AAAA", "s1.ư"])
def test_what_was_never_sealed_does_not_open(odd: str) -> None:
    with pytest.raises(Unreadable):
        Seal([KEY]).open(odd)


@pytest.mark.parametrize("keys", [[], [""], [KEY, ""]])
def test_a_seal_needs_a_key(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="key"):
        Seal(keys)
