"""What Telegram sends -> what a person did: a raw update becomes an Incoming, or nothing.

Plain reading of the JSON: python-telegram-bot's objects cost far more and raise on what they do not know.
Nothing here raises; an update that makes no sense is logged and let go.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

from bot.core.messages import Incoming, Kind

log = logging.getLogger(__name__)

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")

Raw = Mapping[str, Any]

# First match wins: a GIF is also a document, a venue is also a location.
_KINDS = {
    "text": Kind.TEXT,
    "photo": Kind.PHOTO,
    "voice": Kind.VOICE,
    "audio": Kind.VOICE,
    "video_note": Kind.VOICE,
    "animation": Kind.UNSUPPORTED,
    "document": Kind.DOCUMENT,
    "contact": Kind.CONTACT,
    "sticker": Kind.STICKER,
    "location": Kind.LOCATION,
}

# Telegram's own remarks in a private chat: nobody said anything, so nobody waits for an answer.
_REMARKS = frozenset(
    {
        "chat_background_set",
        "chat_shared",
        "connected_website",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "message_auto_delete_timer_changed",
        "pinned_message",
        "proximity_alert_triggered",
        "refunded_payment",
        "successful_payment",
        "users_shared",
        "write_access_allowed",
    }
)

_START = re.compile(r"/start(?:@\w+)?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?!\S)")
_GROUPS = ("group", "supergroup")
_AWAY = ("left", "kicked")


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself. The name is empty until Telegram has told it."""

    id: int
    username: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    chat: int
    kind: Kind
    text: str = ""
    sent_at: datetime | None = None


class _Malformed(Exception):
    """A field is missing or of another type than Telegram promises; the text is its name."""


def read(update: object, me: Me) -> Incoming | None:
    """The Incoming of an update; None for what is not addressed to us, and for nonsense (logged)."""
    try:
        number = _integer(update, "update_id")
        said = _said(update, me)
    except _Malformed as missing:
        log.warning("telegram.malformed_update", extra={"field": str(missing), "update": update_id(update)})
        return None
    if said is None:
        return None
    return Incoming(CHANNEL, str(me.id), str(said.chat), f"u{number}", said.kind, said.text, said.sent_at)


def update_id(update: object) -> int | None:
    found = _field(update, "update_id")
    return found if _is_integer(found) else None


def tap_id(update: object) -> str | None:
    """The id with which the tap in this update wants to be answered: always, or the button keeps spinning."""
    found = _field(_field(update, "callback_query"), "id")
    return found if isinstance(found, str) and found else None


def _said(update: object, me: Me) -> _Said | None:
    for name, reads in _READERS.items():
        if isinstance(update, dict) and name in update:
            return reads(_object(update, name), me)
    return None


def chat_id(update: object) -> object:
    """Whose update it is, to keep a chat in order: a chat's id, or None for all that belong to nobody."""
    for name in _READERS:
        found = _field(update, name)
        if found is not None:
            chat = _field(found, "chat") or _field(_field(found, "message"), "chat")
            number = _field(chat, "id")
            return number if _is_integer(number) else None
    return None


def _read_message(message: Raw, me: Me) -> _Said | None:
    chat = _object(message, "chat")
    if _is_bot(message.get("from")):
        return None
    if chat.get("type") == "private":
        return _read_private(message, _integer(chat, "id"))
    if chat.get("type") in _GROUPS and _addressed(message, me):
        return _Said(_integer(chat, "id"), Kind.GROUP, _words(message), _instant(message.get("date")))
    return None


def _read_private(message: Raw, chat: int) -> _Said | None:
    sent_at = _instant(message.get("date"))
    kind = next((kind for name, kind in _KINDS.items() if name in message), None)
    if kind is Kind.TEXT:
        return _read_text(_words(message), chat, sent_at)
    if kind is Kind.CONTACT:
        return _Said(chat, kind, _own_phone(message), sent_at)
    if kind is None and not _REMARKS.isdisjoint(message):
        return None
    return _Said(chat, kind or Kind.UNSUPPORTED, _words(message), sent_at)


def _read_text(text: str, chat: int, sent_at: datetime | None) -> _Said:
    start = _START.fullmatch(text.strip())
    if start:
        return _Said(chat, Kind.START, (start[1] or "").strip(), sent_at)
    command = _COMMAND.match(text)
    if command and command[2]:
        text = f"/{command[1]}{text[command.end() :]}"
    return _Said(chat, Kind.TEXT, text, sent_at)


def _read_tap(tap: Raw, _me: Me) -> _Said | None:
    """A tap below a message of ours in a private chat; in a group there is nothing to tap."""
    chat = _object(_object(tap, "message"), "chat")
    key = tap.get("data")
    if chat.get("type") != "private" or key is None:
        return None
    if not isinstance(key, str):
        raise _Malformed("data")
    return _Said(_integer(chat, "id"), Kind.TAP, _clean(key))


def _read_membership(change: Raw, _me: Me) -> _Said | None:
    chat = _object(change, "chat")
    old, new = (_object(change, name).get("status") for name in ("old_chat_member", "new_chat_member"))
    return _membership(chat, old in _AWAY, new in _AWAY, _instant(change.get("date")))


def _membership(chat: Raw, was_away: bool, is_away: bool, sent_at: datetime | None) -> _Said | None:
    if chat.get("type") == "private":
        return _Said(_integer(chat, "id"), Kind.LEFT if is_away else Kind.RETURNED, "", sent_at)
    if chat.get("type") in _GROUPS and was_away and not is_away:
        return _Said(_integer(chat, "id"), Kind.GROUP, "", sent_at)
    return None


def _addressed(message: Raw, me: Me) -> bool:
    """Whether a message in a group is meant for the bot: a command, its name, or an answer to it."""
    text = _words(message)
    command = _COMMAND.match(text)
    if command:
        return not command[2] or command[2].lower() == me.username.lower()
    return _mentioned(text, message, me) or _is_me(_field(message.get("reply_to_message"), "from"), me)


def _mentioned(text: str, message: Raw, me: Me) -> bool:
    if me.username and re.search(rf"(?<!\w)@{re.escape(me.username)}(?!\w)", text, re.IGNORECASE):
        return True
    entities = message.get("entities") or message.get("caption_entities")
    return isinstance(entities, list) and any(_is_me(_field(entity, "user"), me) for entity in entities)


def _own_phone(message: Raw) -> str:
    """The number of the sender's own card; a card of somebody else says nothing about the sender."""
    owner, sender = _field(message.get("contact"), "user_id"), _field(message.get("from"), "id")
    phone = _field(message.get("contact"), "phone_number")
    return _clean(phone) if isinstance(phone, str) and _is_integer(owner) and owner == sender else ""


def _words(message: Raw) -> str:
    found = message.get("text", message.get("caption", ""))
    if not isinstance(found, str):
        raise _Malformed("text")
    return _clean(found)


def _clean(text: str) -> str:
    """Half a surrogate pair and NUL are legal JSON, but neither database stores them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def _instant(seconds: object) -> datetime | None:
    if not isinstance(seconds, int) or not 0 < seconds < 2**35:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _is_bot(user: object) -> bool:
    return _field(user, "is_bot") is True


def _is_me(user: object, me: Me) -> bool:
    return _field(user, "id") == me.id


def _field(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _object(value: object, name: str) -> Raw:
    found = _field(value, name)
    if not isinstance(found, dict):
        raise _Malformed(name)
    return found


def _integer(value: object, name: str) -> int:
    found = _field(value, name)
    if not _is_integer(found):
        raise _Malformed(name)
    return found


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


_READERS: dict[str, Callable[[Raw, Me], _Said | None]] = {
    "message": _read_message,
    "callback_query": _read_tap,
    "my_chat_member": _read_membership,
}
