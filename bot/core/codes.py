"""Invitation codes as people read them off paper and type them: any case, with gaps, with letters that look alike."""

from __future__ import annotations

import re
from itertools import islice, product

from bot.core.vietnamese import fold

LONGEST = 16
PERSONAL = 8  # how long a code of one person is

# On paper and in a hurry these are taken for each other.
_ALIKE = ("O0QD", "I1LJ", "S5", "Z2", "B8", "UV")
_TWINS = {sign: group for group in _ALIKE for sign in group}
_MOST = 256


def tidy(text: str) -> str:
    """`abcd-efgh`, `A B C D E F G H`, `nà pán` → letters and digits, large. Empty when it cannot be a code."""
    word = re.sub(r"[\s.,:;_\-–—·/\"'()]+", "", fold(text) if not text.isascii() else text).upper()
    return word if word.isascii() and word.isalnum() and 4 <= len(word) <= LONGEST else ""


def readings(word: str) -> list[str]:
    """The word as typed first, then everything else it may have looked like; not more than a few hundred."""
    ways = product(*(_twins_first(sign) for sign in word))
    return list(islice(("".join(signs) for signs in ways), _MOST))


def is_shaped_like_one(word: str) -> bool:
    """Whether somebody may have meant a code of one person: of that length, letters and digits mixed."""
    return len(word) == PERSONAL and not word.isalpha() and not word.isdigit()


def spaced(code: str) -> str:
    """`ABCDEFGH` → `ABCD EFGH`: what can be read aloud and copied; words of a unit stay whole."""
    return f"{code[:4]} {code[4:]}" if len(code) == PERSONAL and not code.isalpha() else code


def _twins_first(sign: str) -> str:
    return sign + _TWINS.get(sign, "").replace(sign, "")
