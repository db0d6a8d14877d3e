"""A text in plain words: how it is read, whatever the keyboard, and what of it carries meaning."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.core.secrets import MARK
from bot.core.vietnamese import expand, untelex, without_fillers

_PERSONS = re.compile(r"\b(?:chau|bac|toi|em|ong|ba|minh|tao|cac chau|dong chi)\b")

# Without tone marks these would be "đúng", "tôi" and "tôi": another word of the same sense keeps them apart.
_INSTEAD: Final = {"dừng": "ngừng", "tối": "đêm", "tới": "đến"}
_APART = re.compile(rf"\b(?:{'|'.join(_INSTEAD)})\b")


def plain_words(text: str) -> str:
    """Plain letters, abbreviations written out; a secret that was taken out leaves nothing."""
    words = unicodedata.normalize("NFC", text[:600]).lower().replace(MARK, " ")
    return expand(untelex(_APART.sub(lambda word: _INSTEAD[word.group()], words)))


def key_words(plain: str) -> str:
    """The words that carry meaning: no politeness, nobody spoken to."""
    short = without_fillers(plain)
    return " ".join(_PERSONS.sub(" ", short).split()) or short


def gist(text: str) -> tuple[list[str], list[str]]:
    """The words of a text that the reader reads: all of them, and those that carry meaning."""
    plain = plain_words(text)
    return plain.split(), key_words(plain).split()
