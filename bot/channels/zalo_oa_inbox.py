"""What Zalo sends to an OA -> what a person did: a raw event becomes an Incoming, or nothing.

Nothing here raises; an event that makes no sense is logged and let go.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core.messages import Incoming, Kind

log = logging.getLogger(__name__)

CHANNEL = "zalo_oa"

Raw = Mapping[str, Any]

# A button's payload comes back as text that anybody can type as well: only our own shape counts as a tap, and the
# house follows only keys that are offered or always allowed.
_TAP = re.compile(r"\s*#([a-z_]+:[a-z_]+(?::[A-Za-z0-9_-]*)*)\s*", re.ASCII)
_LONGEST_KEY = 60

_SAID = {
    "user_send_image": Kind.PHOTO,
    "user_send_audio": Kind.VOICE,
    "user_send_file": Kind.DOCUMENT,
    "user_send_sticker": Kind.STICKER,
    "user_send_gif": Kind.STICKER,
    "user_send_location": Kind.LOCATION,
    "user_send_video": Kind.UNSUPPORTED,
    "user_send_business_card": Kind.UNSUPPORTED,
}

# Zalo's own remarks, and what our own sending echoes: nobody waits for an answer.
_REMARKS = frozenset(
    {
        "user_received_message",
        "user_seen_message",
        "user_reacted_message",
        "user_reply_consent",
        "oa_send_consent",
        "oa_reacted_message",
        "add_user_to_tag",
    }
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a person did to an OA. `oa` is the OA's id as the event names it."""

    chat: str
    oa: str
    kind: Kind
    text: str = ""


class _Malformed(Exception):
    """A field is missing or of another type than Zalo promises; the text is its name."""


def read(event: object, app_id: str, account: str) -> Incoming | None:
    """The Incoming of an event of this OA; None for what asks nothing of us, and for nonsense (logged)."""
    name = event_name(event)
    if not isinstance(event, dict) or not name:
        log.warning("zalo_oa.malformed_event", extra={"event": name, "field": "event_name"})
        return None
    try:
        said = _said(event, name)
        message = _message_id(event, name, said.chat) if said else ""
    except _Malformed as missing:
        log.warning("zalo_oa.malformed_event", extra={"event": name, "field": str(missing)})
        return None
    if said is None:
        return None
    if said.oa != account or event.get("app_id", app_id) != app_id:
        log.warning("zalo_oa.not_ours", extra={"event": name})
        return None
    return Incoming(CHANNEL, account, said.chat, message, said.kind, said.text, instant(timestamp(event)))


def event_name(event: object) -> str:
    """Its name, as it may be logged."""
    found = event.get("event_name") if isinstance(event, dict) else None
    return re.sub(r"\W", "?", found[:48], flags=re.ASCII) if isinstance(found, str) else ""


def timestamp(event: object) -> str:
    """As it stands in the body; the signature is made with it."""
    found = event.get("timestamp") if isinstance(event, dict) else None
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def instant(stamp: str) -> datetime | None:
    """Milliseconds since 1970, written out."""
    if not re.fullmatch(r"[0-9]{4,14}", stamp):
        return None
    seconds, thousandths = divmod(int(stamp), 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=thousandths * 1000)


def _said(event: Raw, name: str) -> _Said | None:
    reads = _READERS.get(name)
    if reads is not None:
        return reads(event)
    if name.startswith("oa_send_") and "group" not in name and name not in _REMARKS:
        return _echo(event)
    if name.startswith("user_send_") and "group" not in name:
        return _by_user(event, _SAID.get(name, Kind.UNSUPPORTED), _words(event))
    level = logging.DEBUG if name in _REMARKS else logging.INFO
    log.log(level, "zalo_oa.event_ignored", extra={"event": name})
    return None


def _text(event: Raw) -> _Said:
    words = _words(event)
    tap = _TAP.fullmatch(words)
    if tap and len(tap[1]) <= _LONGEST_KEY:
        return _by_user(event, Kind.TAP, tap[1])
    return _by_user(event, Kind.TEXT, words)


def _link(event: Raw) -> _Said:
    """A web address somebody typed or passed on; where words came with it, these are what was said."""
    words = _words(event)
    return _by_user(event, Kind.TEXT if words else Kind.UNSUPPORTED, words)


def _follow(event: Raw) -> _Said:
    return _Said(_id(event, "follower"), _word(event, "oa_id"), Kind.START)


def _unfollow(event: Raw) -> _Said:
    return _Said(_id(event, "follower"), _word(event, "oa_id"), Kind.LEFT)


def _opened(event: Raw) -> _Said:
    """Somebody pressed "message" on the OA's page: a sign of life, with nothing to answer."""
    return _Said(_word(event, "user_id"), _word(event, "oa_id"), Kind.RETURNED)


def _form(event: Raw) -> _Said:
    """The form with name and phone number; of it only the number goes on."""
    phone = _field(event.get("info"), "phone")
    known = isinstance(phone, str | int) and not isinstance(phone, bool)
    return _by_user(event, Kind.CONTACT, _clean(str(phone)) if known else "")


def _echo(event: Raw) -> _Said | None:
    """The OA itself wrote: the bot, unless a person of the office is named."""
    if not event.get("admin_id"):
        return None
    return _Said(_id(event, "recipient"), _id(event, "sender"), Kind.TAKEN_OVER)


def _by_user(event: Raw, kind: Kind, text: str) -> _Said:
    return _Said(_id(event, "sender"), _id(event, "recipient"), kind, text)


def _message_id(event: Raw, name: str, chat: str) -> str:
    """Unique for ever; events without an id of their own are known by what, who and when."""
    found = _field(event.get("message"), "msg_id")
    if isinstance(found, str | int) and found:
        return _clean(str(found))
    stamp = timestamp(event)
    if not stamp:
        raise _Malformed("timestamp")
    return _clean(f"{name}:{chat}:{stamp}")


def _words(event: Raw) -> str:
    found = _field(event.get("message"), "text")
    if found is not None and not isinstance(found, str):
        raise _Malformed("text")
    return _clean(found or "")


def _id(event: Raw, who: str) -> str:
    return _word(event.get(who), "id", who)


def _word(value: object, name: str, told: str = "") -> str:
    """An id: Zalo writes it as a string, some events as a number."""
    found = _field(value, name)
    if not isinstance(found, str | int) or isinstance(found, bool) or not str(found).strip():
        raise _Malformed(told or name)
    return _clean(str(found))


def _field(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _clean(text: str) -> str:
    """Half a surrogate pair and NUL are legal JSON, but neither database stores them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


_READERS: Mapping[str, Callable[[Raw], _Said | None]] = {
    "user_send_text": _text,
    "user_send_link": _link,
    "user_submit_info": _form,
    "user_click_chatnow": _opened,
    "follow": _follow,
    "unfollow": _unfollow,
}
