"""Names of Vietnamese people: how they are compared, shortened and called.

A name typed without any tone marks may stand for every marked spelling of it; in a name that has marks, a word
without them is meant so ("Hoa" is not "Hòa").
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import Final

from bot.core.vietnamese import fold, plain_word, visible


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_TITLES: Final = (
    "đồng chí", "đ/c", "đ.c", "đc", "ông", "bà", "bác", "cụ", "anh", "chị", "cô", "chú", "dì", "cậu", "mợ", "thím",
    "em", "cháu", "thầy", "bố", "mẹ", "nhà", "già", "trưởng thôn", "bí thư",
)  # fmt: skip
# A title needs its own tone marks where the name has any: "Bạc Cầm Hoa" is no "bác", "Cù Thị Mai" no "cụ".
_PLAIN_TITLES: Final = frozenset(fold(title) for title in _TITLES)
_MARKED_TITLES: Final = frozenset(" ".join(re.split(r"[^\w]+", title)) for title in _TITLES)
_FIRST_OF_TITLES: Final = frozenset(title.split()[0] for title in _PLAIN_TITLES | _MARKED_TITLES)
_BETWEEN = re.compile(r"[\s.,/]+")
# Without marks "chu van tu" may be Chu Văn Tư or chú Văn Tư; in front of a whole name it is the title.
_TITLE_OR_FAMILY: Final = frozenset(("bac", "chu", "cu", "ong"))
_FAMILIES: Final = _words_of(
    "nguyen tran le pham hoang huynh vu vo phan truong bui dang do ngo ho duong dinh ly lam nong vi luong hua trieu "
    "lanh be dam loc phung ma lang doan trinh mai dao ha luu ta thai quach kieu hoa sam la linh"
)


class Likeness(IntEnum):
    """How alike two names are. `SAME`: only case, spaces, encoding, title or the place of the tone mark differ."""

    DIFFERENT = 0
    NEAR = 1  # one letter or one tone apart: people mistype so, and others are called so
    LIKELY = 2  # one of them has no marks, or they differ in d/đ or i/y only
    SAME = 3


def tidy(name: str) -> str:
    """As it is kept and shown: NFC, single spaces, no invisible signs; wholly large or small letters made usual."""
    words = visible(name).replace("\u2019", "'").split()
    usual = " ".join(words)
    return " ".join(map(_capital, words)) if usual in (usual.upper(), usual.lower()) else usual


def bare(name: str) -> str:
    """Without the title in front ("đ/c", "bà", "đồng chí"). Never empties a name."""
    return " ".join(_bared(name, sure=True))


@lru_cache(maxsize=1 << 15)
def key(name: str) -> str:
    """What two spellings of one name share: no title, no marks, đ as d, lower case. Raw Telex is undone."""
    folded = fold(bare(name)).split()
    return " ".join(map(plain_word, folded) if _plain(name) else folded)


def given(name: str) -> str:
    """The name a person is called by: the last word ("Hoàng Thị Lan" → "Lan")."""
    return (tidy(bare(name)).split() or [""])[-1]


def family(name: str) -> str:
    """The first word of a name of several."""
    words = tidy(bare(name)).split()
    return words[0] if len(words) > 1 else ""


def likeness(a: str, b: str) -> Likeness:
    """How alike two full names are."""
    if spelling(a) == spelling(b):
        return Likeness.SAME
    one, other = key(a), key(b)
    if one == other:
        return _with_same_letters(a, b)
    if _same_sounds(one) == _same_sounds(other):
        return Likeness.LIKELY
    return Likeness.NEAR if _one_letter_apart(one, other) else Likeness.DIFFERENT


def same_person(a: str, b: str) -> bool:
    """Whether both spellings can well be meant for one person; of "Hiếu" and "Hiệu" they cannot."""
    return likeness(a, b) >= Likeness.LIKELY


def could_mean(said: str, name: str) -> bool:
    """Whether somebody who says `said` ("chị Lan", "Hoàng Lan", "lan") may mean this person.

    The given name must be said; of the words before it some or all, in their order.
    """
    full, plain = _words(name), _plain(said)
    return any(_calls(_lower(_bared(said, sure=sure)), full, plain) for sure in (True, False))


@lru_cache(maxsize=1 << 15)
def spelling(name: str) -> str:
    """The marked letters of a name, each word's tone moved behind it: "Hoà" and "Hòa" are spelt alike."""
    return " ".join(map(_spelt, _words(name)))


def _calls(spoken: list[str], full: list[str], plain: bool) -> bool:
    if not spoken or not full or not _word_fits(spoken[-1], full[-1], plain):
        return False
    before = iter(full[:-1])
    return all(any(_word_fits(word, other, plain) for other in before) for word in spoken[:-1])


def _words(name: str) -> list[str]:
    return _lower(_bared(name, sure=True))


def _lower(words: list[str]) -> list[str]:
    return re.findall(r"[^\W_]+", " ".join(words).lower())


def _bared(name: str, *, sure: bool) -> list[str]:
    """The words after the title; `sure`: a first word that could as well be the family name stays."""
    seen = visible(name)
    words = [word for word in _BETWEEN.split(seen) if word]
    plain = seen.isascii()
    while (size := _title(words, plain)) and not (sure and plain and _is_family(words)):
        words = words[size:]
    return words


def _plain(name: str) -> bool:
    return visible(name).isascii()


def _title(words: list[str], plain: bool) -> int:
    """How many words of the title in front; at least one word is left."""
    known = _PLAIN_TITLES if plain else _MARKED_TITLES
    if not words or words[0].lower() not in _FIRST_OF_TITLES:
        return 0
    for size in (2, 1):
        if len(words) > size and _seen(words[:size], plain) in known:
            return size
    return 0


def _is_family(words: list[str]) -> bool:
    first, second = (fold(word) for word in words[:2])
    return first in _TITLE_OR_FAMILY and (len(words) == 3 or (len(words) > 3 and second not in _FAMILIES))


def _seen(words: list[str], plain: bool) -> str:
    said = " ".join(words).lower()
    return fold(said) if plain else said


def _spelt(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    letters = "".join(letter for letter in parts if letter not in _TONES)
    return unicodedata.normalize("NFC", letters) + "".join(letter for letter in parts if letter in _TONES)


def _with_same_letters(a: str, b: str) -> Likeness:
    """The letters agree, the marks do not."""
    if _plain(bare(a)) or _plain(bare(b)):
        return Likeness.LIKELY
    hard = spelling(a).replace("đ", "d"), spelling(b).replace("đ", "d")
    return Likeness.LIKELY if hard[0] == hard[1] else Likeness.NEAR


def _same_sounds(letters: str) -> str:
    return re.sub(r"(?<=[a-z])y\b|\by\b", "i", letters)


def _one_letter_apart(a: str, b: str) -> bool:
    """One letter more, less or other, in one word that is long enough for it to be a slip."""
    ones, others = a.split(), b.split()
    if len(ones) != len(others) or len(ones) < 2:
        return False
    apart = [(one, other) for one, other in zip(ones, others, strict=True) if one != other]
    return len(apart) == 1 and min(map(len, apart[0])) > 2 and _slipped(*apart[0])


def _slipped(a: str, b: str) -> bool:
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    return len(longer) - len(shorter) < 2 and longer[start + 1 :] == shorter[start + (len(a) == len(b)) :]


def _word_fits(said: str, name: str, plain: bool) -> bool:
    return plain_word(fold(said)) == fold(name) if plain else _spelt(said) == _spelt(name)


def _capital(word: str) -> str:
    """`NGUYỄN` → `Nguyễn`, `H'BƠI` → `H'Bơi`."""
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), word)
