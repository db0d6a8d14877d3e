"""What a text shows of its meaning: words, neighbours, pieces of words, and how much of it is known at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations
from typing import Final
from zlib import crc32

from bot.core.lexicon import Lexicon
from bot.core.vietnamese import is_syllable

BUCKETS: Final = 1 << 16
_MOST_WORDS: Final = 24
_SOUNDS: Final = (("tr", "ch"), ("gi", "d"), ("r", "d"), ("n", "l"), ("x", "s"))


def features(words: list[str], key: list[str], lexicon: Lexicon, *, staff: bool) -> list[int]:
    """The buckets of a text in plain words, each at most once; `key` is the same without politeness."""
    words = lexicon.mend([_shape(word) for word in words[:_MOST_WORDS]])
    key = lexicon.mend([_shape(word) for word in key[:_MOST_WORDS]])
    names = chain(_whole(key, lexicon, staff), _words(words), _senses(lexicon.read(key)))
    return list(dict.fromkeys(crc32(name.encode()) % BUCKETS for name in names))


def _whole(key: list[str], lexicon: Lexicon, staff: bool) -> Iterator[str]:
    """Who speaks, how long, how much of it is of this trade; a short text as a whole."""
    yield "staff" if staff else "member"
    yield f"length {min(len(key), 9)}"
    strange = lexicon.strange(key)
    syllables = sum(map(is_syllable, strange))
    yield f"strange {min(syllables, 4)} {min(len(strange) - syllables, 3)}"
    yield f"share {4 * len(strange) // max(1, len(key))}"
    if len(key) <= 4:
        yield f"whole {' '.join(key)}"
        yield f"whole {len(key)} {' '.join(lexicon.read(key))}"


def _words(words: list[str]) -> Iterator[str]:
    """Each word, each two neighbours, and pieces of words as they sound."""
    yield from (f"w {word}" for word in words)
    yield from (f"w {first} {second}" for first, second in zip(["^", *words], [*words, "$"], strict=True))
    sounds = f" {' '.join(map(sound, words))} "
    yield from (sounds[at : at + size] for size in (3, 4) for at in range(len(sounds) - size + 1))


def _senses(meant: list[str]) -> Iterator[str]:
    """What the words mean: each, each two and three neighbours, each two anywhere."""
    yield from meant
    yield from (f"n {first} {second}" for first, second in zip(["^", *meant], [*meant, "$"], strict=True))
    yield from (f"n {' '.join(three)}" for three in zip(meant, meant[1:], meant[2:], strict=False))
    yield from (f"p {first} {second}" for first, second in combinations(sorted(set(meant)), 2))


def sound(word: str) -> str:
    """The word as it may be said here: l for n, ch for tr, s for x, d for gi and r."""
    for heard, as_if in _SOUNDS:
        if word.startswith(heard) and not word.startswith(("ng", "nh")):
            return as_if + word[len(heard) :]
    return word


def _shape(word: str) -> str:
    return f"#{min(len(word), 6)}" if word.isdigit() else word
