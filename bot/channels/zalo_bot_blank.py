"""Raw Zalo bodies without anybody in them: what may be kept is named here, and everything else is blanked.

Ids become others of the same shape, the same one for the same id, so that a body stays usable as a fixture.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import PurePosixPath
from string import ascii_lowercase, ascii_uppercase, digits
from urllib.parse import urlsplit

from bot.channels.zalo_bot_token import BLANK, Token

SOMEBODY = "Người thử"
SOME_WORDS = "Lời của người thử"
A_MOMENT = 1_750_316_131_602  # the first date of a record; later ones keep their distance from it

_WORDS = {"text", "caption"}
_NAMES = {"display_name", "account_name", "name"}
_PLAIN = {"event_name", "chat_type", "message_type", "account_type", "outcome", "method", "what", "action", "st"}
_DESCRIBED = {"description", "failure", "hint"}
_NUMBERS = {"error_code", "errorCode", "status", "status_code", "latency_ms", "seconds", "timeout", "start", "len"}
_MOMENTS = {"date", "updated_at"}
_HEADERS = {"User-Agent", "Content-Type"}
_HEX = "0123456789abcdef"

_IS_ID = re.compile(r"(?:^|_)id$|^sticker$")
_PLAIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,59}", re.ASCII)
_KEY = re.compile(r"[A-Za-z][A-Za-z_-]{0,39}", re.ASCII)
_LOOKS_LIKE_ID = re.compile(r"(?<![A-Za-z0-9])(?:[0-9a-f]{16,}|\d{6,})(?![A-Za-z0-9])", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}", re.ASCII)


class Blanker:
    """Blanks for one record. `salt` is forgotten with it, so no fake id leads back to the true one.

    Of what was said, only the words in `own` stay: those that we asked for or sent ourselves.
    """

    def __init__(self, token: Token, salt: bytes, own: Iterable[str] = ()) -> None:
        self.own = set(own)
        self._token = token
        self._salt = salt
        self._began: int | None = None
        self._seen: set[str] = set()  # names and words of people, should Zalo repeat them in a description

    def as_json(self, value: object) -> str:
        """The blanked value as text, the token looked for once more in all of it."""
        return self._token.hidden_in(json.dumps(self.clean(value), ensure_ascii=False, indent=1))

    def clean(self, value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {self._key(str(name)): self._inside(str(name), inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.clean(inner, key) for inner in value]
        if isinstance(value, str):
            return self._string(value, key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._number(value, key)
        return value

    def described(self, words: str) -> str:
        """What Zalo says of a call, for screen and report: without the token, ids, addresses and people's words."""
        words = self._token.hidden_in(words)
        for seen in sorted(self._seen, key=len, reverse=True):
            words = words.replace(seen, BLANK)
        words = _URL.sub(lambda found: address(found[0]), words)
        return " ".join(_LOOKS_LIKE_ID.sub(lambda found: self.fake(found[0]), words).split())[:200]

    def fake(self, true: str) -> str:
        """Another id of the same shape."""
        if not true:
            return true
        stream = sha256(self._salt + true.encode("utf-8", "replace")).digest()
        stream *= len(true) // len(stream) + 1
        whole = _alphabet_of(true)
        return "".join(_other(sign, byte, whole) for sign, byte in zip(true, stream, strict=False))

    def _inside(self, name: str, value: object) -> object:
        if name == "headers" and isinstance(value, dict):
            return {str(header): text if header in _HEADERS else BLANK for header, text in value.items()}
        return self.clean(value, name)

    def _key(self, name: str) -> str:
        odd = _LOOKS_LIKE_ID.fullmatch(name) or not _KEY.fullmatch(name)
        return self.fake(name) if odd else name

    def _string(self, value: str, key: str) -> str:
        if not value or (value in self.own and key in _WORDS):
            return value
        if _IS_ID.search(key):
            return self.fake(value)
        if key in _WORDS or key in _NAMES:
            self._seen.add(value)
            return SOME_WORDS if key in _WORDS else SOMEBODY
        if key in _PLAIN and _PLAIN_WORD.fullmatch(value) and not _LOOKS_LIKE_ID.fullmatch(value):
            return value
        if key in _DESCRIBED:
            return self.described(value)
        if key in _MOMENTS and value.isdecimal():
            return str(self._moment(int(value)))
        if (key in _NUMBERS and re.fullmatch(r"-?\d{1,6}", value)) or value in self.own:
            return value
        return address(value) if _URL.match(value) else BLANK

    def _number(self, value: float, key: str) -> float:
        if key in _NUMBERS:
            return value
        if key in _MOMENTS:
            return self._moment(int(value))
        return int(self.fake(str(value))) if _IS_ID.search(key) and isinstance(value, int) else 0

    def _moment(self, value: int) -> int:
        if value < 10**11:  # "never" is written as 0
            return value
        self._began = value if self._began is None else self._began
        return A_MOMENT + value - self._began


def address(url: str) -> str:
    """Which server and what kind of file, and nothing that leads to it."""
    try:
        parts = urlsplit(url)
        suffix = PurePosixPath(parts.path).suffix
    except ValueError:
        return BLANK
    return f"{parts.scheme}://{parts.hostname}/…{suffix if _EXTENSION.fullmatch(suffix) else ''}"


def _alphabet_of(true: str) -> str:
    """A number stays a number and hex digits stay hex digits; of anything else each sign keeps its own kind."""
    if set(true) <= set(digits):
        return digits
    return _HEX if set(true) <= set(_HEX) else ""


def _other(sign: str, byte: int, whole: str) -> str:
    if whole == digits:
        return digits[1:][byte % 9]  # never a leading zero
    for alphabet in (whole, digits, ascii_lowercase, ascii_uppercase):
        if sign in alphabet:
            return alphabet[byte % len(alphabet)]
    return sign if sign.isascii() else "x"
