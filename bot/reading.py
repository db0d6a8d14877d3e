"""Loads the reader of meanings that `bot.authoring.teach` wrote."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from bot.core.meaning import Meaning
from bot.core.reader import Reader
from bot.core.understanding import Listener

TAUGHT = Path(__file__).parent / "intents.bin"


@cache
def listener() -> Listener:
    """The one that understands; read from its file once."""
    return Listener(Reader.of(TAUGHT.read_bytes()))


@lru_cache(maxsize=2048)
def meaning(text: str, offered: tuple[str, ...], roles: frozenset[str]) -> Meaning:
    """What a text without secrets means; "1", "xong" and "cảm ơn cháu" are said again and again."""
    return listener().understand(text, offered, roles=roles)
