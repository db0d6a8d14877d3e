"""The words of a report one by one: as they were typed, and as plain letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.core.secrets import MARK
from bot.core.vietnamese import UNSEEN, expand, untelex

# One piece of text: a word (with the marks of a code or a date inside), or a sign that parts.
_PIECE: Final = re.compile(r"\\n|[^\W_]+(?:[./-](?=\d)[^\W_]+)*|\n|[^\w\s]")
_BREAKS: Final = frozenset({"\n", "\\n", ";", ".", "!", "?"})
_LIST_SIGNS: Final = frozenset("-*•+–")


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it was typed and in plain letters; a sign has no letters and stands for itself."""

    raw: str
    plain: str

    @property
    def is_sign(self) -> bool:
        return not self.plain

    @property
    def is_capital(self) -> bool:
        return self.raw[:1].isupper()


def tokens(text: str) -> tuple[Token, ...]:
    """The words and signs of a text. Abbreviations of several words stay one token."""
    seen = UNSEEN.sub("", unicodedata.normalize("NFC", text)).replace(MARK, " ")
    return tuple(Token(raw, _plain(raw)) for raw in _PIECE.findall(seen))


def plain_text(words: Iterable[Token]) -> str:
    """Plain letters with the commas kept, for reading what is said."""
    return " ".join(word.plain or "," for word in words).strip(" ,")


def sentence_starts(words: tuple[Token, ...]) -> Iterator[int]:
    """Where a new sentence or a new line of a list begins."""
    yield 0
    yield from (place + 1 for place, word in enumerate(words) if word.raw in _BREAKS)


def _plain(raw: str) -> str:
    if not any(map(str.isalnum, raw)) or raw == "\\n":
        return ""
    return raw.lower() if any(sign in raw for sign in "./-") else expand(untelex(raw))
