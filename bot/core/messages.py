"""The shapes every room of the house speaks: what came in, what goes out.

Imports nothing of ours, so anything may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What a person did. A channel maps everything it receives onto one of these."""

    TEXT = "text"
    TAP = "tap"
    START = "start"  # opened through an invitation; `text` holds its code, or nothing
    VOICE = "voice"
    PHOTO = "photo"
    DOCUMENT = "document"
    CONTACT = "contact"
    STICKER = "sticker"
    LOCATION = "location"
    UNSUPPORTED = "unsupported"  # the channel will not say what it was
    GROUP = "group"  # somebody spoke to the bot in a group
    LEFT = "left"  # blocked the bot, unfollowed
    RETURNED = "returned"
    TAKEN_OVER = "taken_over"  # somebody of the office wrote into this chat by hand: the bot keeps quiet for a while


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update of one chat. `(channel, account, message)` is unique for ever.

    `chat` and `message` are the platform's ids as text. `text` is what was typed, a caption, the key
    of a tapped choice, or the code of a start link. Photos and files never carry their content.
    """

    channel: str
    account: str
    chat: str
    message: str
    kind: Kind
    text: str = ""
    sent_at: datetime | None = None


class Rank(IntEnum):
    """Who goes first when several messages wait: an answer overtakes a notice, a notice a bulk message."""

    ANSWER = 0
    NOTICE = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a person can tap, or type as its digit or its words.

    `key` is `<handler>:<action>[:<argument>...]`, ASCII, at most 60 bytes (Telegram's limit is 64).
    """

    key: str
    label: str


class MediaKind(StrEnum):
    PICTURE = "picture"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a recorded voice. `path` is relative to the guides folder; `alt` says what it shows."""

    kind: MediaKind
    path: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to hand over. It is kept nowhere: it is built from the database when it goes out.

    `recipe` says how, `<report>:<argument>...` in ASCII (see `bot/reports`); `name` is what the file is called.
    `asked_by` is the person it is for, whose rights count when it is asked for and again when it is built.
    `otherwise` is said where it cannot be built after all.
    """

    recipe: str
    name: str
    asked_by: int | None = None
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Something to say. `to` is the id of a chat row; None means the chat in front.

    `twice_ok`: after an unknown outcome, say it once more: hearing it twice beats never hearing it.
    `good_for`: after this long unsent it is worthless and is dropped.
    `once`: a key under which this is said at most once, ever.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    picture: Media | None = None
    voice: Media | None = None
    paper: Paper | None = None
    to: int | None = None
    rank: Rank = Rank.ANSWER
    twice_ok: bool = True
    good_for: timedelta = timedelta(days=2)
    once: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message ready for one API call: a row of the outbox, rendered for its channel.

    `clears` is the platform's id of the message whose old keyboard goes away once this one is sent.
    `chat_id` is the chat's row.
    """

    id: int
    channel: str
    account: str
    chat: str
    text: str
    choices: tuple[Choice, ...] = ()
    media: Media | None = None
    rank: Rank = Rank.ANSWER
    attempts: int = 0
    clears: str | None = None
    chat_id: int = 0
    paper: Paper | None = None
