"""The token of a Zalo bot: whoever has it is the bot, so it never shows itself."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from html.entities import html5

BLANK = "***"

_SHAPE = re.compile(r"\d{1,24}:[A-Za-z0-9_.~-]{1,256}", re.ASCII)
_LONG_ENOUGH = 6  # a shorter secret would blank ordinary words


class Token:
    """`<digits>:<secret>`. Neither its repr nor its hook's id gives it away."""

    __slots__ = ("_spellings", "_value")

    def __init__(self, value: str) -> None:
        self._value = value
        secret = value.partition(":")[2]
        hidden = [value, secret] if len(secret) >= _LONG_ENOUGH else [value]
        self._spellings = re.compile("|".join(map(_spelled, filter(None, hidden))) or "(?!)", re.IGNORECASE)

    def __repr__(self) -> str:
        return f"Token({BLANK})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Token) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    @property
    def is_well_formed(self) -> bool:
        return _SHAPE.fullmatch(self._value) is not None

    @property
    def hook_id(self) -> str:
        """32 hex digits that only this token leads to, and that do not lead back to it."""
        return sha256(b"zalo_bot hook\0" + self._value.encode("utf-8", "replace")).hexdigest()[:32]

    def address(self, api_url: str, method: str) -> str:
        """Where a method is called. Holds the token: not to be logged, nor kept in an exception."""
        return f"{api_url.rstrip('/')}/bot{self._value}/{method}"

    def hidden_in(self, text: str) -> str:
        """The text with the token blanked, however a gateway may have spelled it."""
        return self._spellings.sub(BLANK, text)


def _spelled(text: str) -> str:
    return "".join(map(_any_spelling, text))


@cache
def _any_spelling(character: str) -> str:
    """Itself, percent-encoded, as a numbered or named entity, escaped for JSON; each also encoded once more."""
    code = ord(character)
    named = sorted(name for name, meant in html5.items() if meant == character and name.endswith(";"))
    spellings = [
        re.escape(character),
        "".join(f"%(?:25)*{byte:02x}" for byte in character.encode("utf-8", "replace")),
        rf"&(?:amp;)*#x0*{code:x};?",
        rf"&(?:amp;)*#0*{code};?",
        rf"\\+u{code:04x}",
        *(rf"&(?:amp;)*{name}" for name in named),
    ]
    return f"(?:{'|'.join(spellings)})"
