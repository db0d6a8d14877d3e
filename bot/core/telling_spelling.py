"""How a name may be spelt: with marks or none, in raw keys, with a slip, with letters that sound alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz.distance import OSA

from bot.core.features import sound
from bot.core.listed import Listed
from bot.core.vietnamese import fold

_HIS: Final = frozenset(["ong", "anh", "chu", "cau"])
_HERS: Final = frozenset(["ba", "chi", "thim", "mo"])


def same_marks(said: str, people: Sequence[Listed]) -> Sequence[Listed]:
    """Of people alike without tone marks those whose marks, or whose Telex or VNI keys, were typed."""
    typed = unicodedata.normalize("NFC", said).lower()
    exact = [person for person in people if _ends_with(person.name, typed) or _keyed(person.name, typed)]
    return exact or people


def _ends_with(name: str, typed: str) -> bool:
    return f" {unicodedata.normalize('NFC', name).lower()}".endswith(f" {typed}") and not typed.isascii()


_MARKS: Final = "\u0301\u0300\u0309\u0303\u0323\u0302\u031b\u0306"  # sắc huyền hỏi ngã nặng mũ móc trăng
_TELEX: Final = dict(zip(_MARKS, "sfrxj^ww", strict=True))
_VNI: Final = dict(zip(_MARKS, "12345678", strict=True))


def _keyed(name: str, typed: str) -> bool:
    """Whether raw keys, in whatever order, spell the end of this name."""
    ending = " ".join(unicodedata.normalize("NFC", name).lower().split()[-len(typed.split()) :])
    plain = ending.isascii() or not typed.isascii()
    return not plain and sorted(typed) in (sorted(_keys(ending, _TELEX)), sorted(_keys(ending, _VNI)))


def _keys(ending: str, marks: Mapping[str, str]) -> str:
    keys = base = ""
    for letter in unicodedata.normalize("NFD", ending.replace("đ", "d9" if marks is _VNI else "dd")):
        key = marks.get(letter, letter)
        keys += base if key == "^" else key
        base = letter if letter not in marks else base
    return keys


def near(said: str, name: str) -> bool:
    """One slip of the finger, or letters that sound alike here (l and n, ch and tr, s and x)."""
    slip = len(said) >= 4 and len(name) >= 4 and said[0] == name[0] and OSA.distance(said, name, score_cutoff=1) <= 1
    return slip or sound(said) == sound(name)


def fits_title(title: str, person: Listed) -> bool:
    """ "Bà" is said of a Thị, "ông" of a Văn; other names and titles tell nothing."""
    middle = fold(person.name).split()[1:-1]
    return not (("thi" in middle and fold(title) in _HIS) or ("van" in middle and fold(title) in _HERS))
