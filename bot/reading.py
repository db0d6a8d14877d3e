"""Loads the reader of meanings that `bot.authoring.teach` wrote."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.core.reader import Reader
from bot.core.understanding import Listener

TAUGHT = Path(__file__).parent / "intents.bin"


@cache
def listener() -> Listener:
    """The one that understands; read from its file once."""
    return Listener(Reader.of(TAUGHT.read_bytes()))
