"""What Zalo sends -> what a person did: a raw update becomes an Incoming, or nothing.

Real bodies differ from the documented ones, so both are read: flat or inside `result`, `photo_url` or `photo`,
with a name or without. Nothing here raises; an update that makes no sense is logged and let go.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from bot.core.messages import Incoming, Kind

log = logging.getLogger(__name__)

CHANNEL = "zalo_bot"

Raw = Mapping[str, object]

_KINDS = {
    "message.text.received": Kind.TEXT,
    "message.image.received": Kind.PHOTO,
    "message.sticker.received": Kind.STICKER,
    "message.voice.received": Kind.VOICE,
    # Instead of what the person really sent, where Zalo protects them specially, or does not pass on the kind.
    "message.unsupported.received": Kind.UNSUPPORTED,
}
_EVENT_NAME = re.compile(r"[\w.]{1,60}", re.ASCII)
_LONGEST_ID = 128
_MILLISECONDS = range(10**11, 2**35 * 1000)


class _Malformed(Exception):
    """A field is missing or of another type than Zalo promises; the text is its name."""


def events(body: object) -> list[object]:
    """The updates in an answer or a webhook's body: one, several, or none."""
    if isinstance(body, dict) and "event_name" not in body and isinstance(body.get("result"), dict | list):
        body = body["result"]
    return [update for update in (body if isinstance(body, list) else [body]) if isinstance(update, dict) and update]


def read(update: object, account: str, names: Sequence[str] = ()) -> Incoming | None:
    """The Incoming of an update; None for what nobody waits for an answer to, and for nonsense (logged).

    `names` are what the bot is called where it is mentioned in a group.
    """
    event = _field(update, "event_name")
    kind = _KINDS.get(event) if isinstance(event, str) else None
    if kind is None:
        log.info("zalo_bot.unknown_event", extra={"event": _shown(event)})
        return None
    try:
        return _read(_object(update, "message"), kind, account, names)
    except _Malformed as missing:
        log.warning("zalo_bot.malformed_update", extra={"field": str(missing), "event": _shown(event)})
        return None


def _read(message: Raw, kind: Kind, account: str, names: Sequence[str]) -> Incoming | None:
    if _field(message.get("from"), "is_bot") is True:
        return None
    chat, text, sent_at = _chat(message), _words(message, kind), _instant(message.get("date"))
    number = _id(message.get("message_id")) or _fingerprint(chat, text, sent_at)
    if _is_group(message):
        kind, text = Kind.GROUP, _without_mention(text, names)
    elif kind is Kind.TEXT and not text:
        kind = Kind.UNSUPPORTED
    return Incoming(CHANNEL, account, chat, number, kind, text, sent_at)


def _words(message: Raw, kind: Kind) -> str:
    """What was typed, or the words below a picture."""
    found = message.get({Kind.TEXT: "text", Kind.PHOTO: "caption"}.get(kind, ""))
    return _clean(found) if isinstance(found, str) else ""


def _is_group(message: Raw) -> bool:
    kind = _field(message.get("chat"), "chat_type")
    return isinstance(kind, str) and kind.upper() != "PRIVATE"


def _without_mention(text: str, names: Sequence[str]) -> str:
    """The bot's own name may be several words, which only its name tells from the rest."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        found = re.match(rf"\s*@{re.escape(name)}(?!\w)[\s,:]*", text, re.IGNORECASE)
        if found:
            return text[found.end() :]
    return text


def _chat(message: Raw) -> str:
    """In a private chat it is the person's own id."""
    found = _id(_field(message.get("chat"), "id"))
    if not found and not _is_group(message):
        found = _id(_field(message.get("from"), "id"))
    if not found:
        raise _Malformed("chat.id")
    return found


def _fingerprint(*content: object) -> str:
    """Where Zalo gives no id: the same update again is still the same."""
    return "h" + sha256(repr(content).encode()).hexdigest()[:20]


def _id(value: object) -> str:
    number = isinstance(value, int) and not isinstance(value, bool)
    text = _clean(value).strip() if isinstance(value, str) else str(value) if number else ""
    return text if len(text) <= _LONGEST_ID else ""


def _clean(text: str) -> str:
    """Half a surrogate pair and NUL are legal JSON, but neither database stores them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def _instant(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, str) and milliseconds.isdecimal() and len(milliseconds) < 16:
        milliseconds = int(milliseconds)
    if not isinstance(milliseconds, int) or milliseconds not in _MILLISECONDS:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _shown(event: object) -> str:
    """The name of an event as it may be logged."""
    return event if isinstance(event, str) and _EVENT_NAME.fullmatch(event) else f"({type(event).__name__})"


def _field(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _object(value: object, name: str) -> Raw:
    found = _field(value, name)
    if not isinstance(found, dict):
        raise _Malformed(name)
    return found
