"""One incoming message, start to finish, in one transaction.

`answer` is the whole of it as a plain function; `Turns` brings updates to it, in order for each chat.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels.base import Capabilities
from bot.context import Answer, Context, Heard, House
from bot.core.errors import UserError
from bot.core.messages import Choice, Incoming, Kind, Reply
from bot.core.secrets import redact
from bot.lanes import Lanes
from bot.render import pieces
from bot.respond import respond
from storage import chats, mishaps, outbox, seen, setaside
from storage.chats import Chat
from storage.db import Busy, Conn, Database
from storage.outbox import Draft

log = logging.getLogger("camtay.turn")

_TRIES = 3

# A second tap of the same button within this time is one tap: its answer is on the way already.
_DOUBLE_TAP_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """What answering needs besides the database: the house, and what each channel can carry."""

    house: House
    channels: Mapping[str, Capabilities]


def answer(conn: Conn, incoming: Incoming, now: datetime, desk: Desk) -> bool:
    """Answer one update: everything it changes and everything it says. False: it was seen before.

    Runs inside one transaction; whatever it raises undoes all of it.
    """
    chat = chats.arrive(conn, incoming.channel, incoming.account, incoming.chat, now)
    if not seen.first_time(conn, incoming.channel, incoming.account, incoming.message, now):
        return False
    if incoming.kind is Kind.LEFT:
        chats.lost(conn, chat.id, now)
    elif incoming.kind is not Kind.RETURNED:
        _converse(conn, chat, incoming, now, desk)
    return True


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong with an update, for the admin: no words of the person in it."""

    reference: str
    error: str
    trace: str


def apologise(conn: Conn, incoming: Incoming, now: datetime, desk: Desk, fault: Fault) -> None:
    """After a failure that was undone: mark the update seen and say sorry with a reference number."""
    chat = chats.arrive(conn, incoming.channel, incoming.account, incoming.chat, now)
    if not seen.first_time(conn, incoming.channel, incoming.account, incoming.message, now):
        return
    mishaps.note(
        conn,
        ref=fault.reference,
        channel=incoming.channel,
        where=chat.at,
        error=fault.error,
        traceback=fault.trace,
        now=now,
    )
    said = desk.house.words.say("oops.sorry", chat.form, reference=fault.reference)
    _post(conn, chat, incoming, Answer((Reply(said.text, said.choices),)), now, desk)


def _converse(conn: Conn, chat: Chat, incoming: Incoming, now: datetime, desk: Desk) -> None:
    if _is_double_tap(chat, incoming, now):
        return
    ctx = Context(conn, chat, now, desk.house, Heard(incoming.kind, incoming.text))
    try:
        found = respond(ctx, incoming)
    except UserError as error:
        found = ctx.say(error.block, **error.values)
    _post(conn, chat, incoming, found, now, desk)


def _is_double_tap(chat: Chat, incoming: Incoming, now: datetime) -> bool:
    if incoming.kind is not Kind.TAP or incoming.text != chat.last_tap or chat.last_tap_at is None:
        return False
    return (now - chat.last_tap_at).total_seconds() < _DOUBLE_TAP_SECONDS


def _post(conn: Conn, chat: Chat, incoming: Incoming, found: Answer, now: datetime, desk: Desk) -> None:
    """Put what is said into the outbox, and write down where the person is now."""
    drafts: list[Draft] = []
    offered = chat.offered
    for number, reply in enumerate(found.replies):
        to = chat if reply.to is None else chats.get(conn, reply.to)
        assert to is not None, "a notice is written to a chat that was just looked up"
        drafts += _drafts(reply, to, f"re:{incoming.channel}:{incoming.account}:{incoming.message}:{number}", desk, now)
        if reply.choices and to.id == chat.id:
            offered = reply.choices
        elif reply.choices:
            chats.offer(conn, to.id, reply.choices)
    outbox.add(conn, drafts, now)
    _leave(conn, chat, incoming, found, offered, now)


def _leave(
    conn: Conn, chat: Chat, incoming: Incoming, found: Answer, offered: tuple[Choice, ...], now: datetime
) -> None:
    """Write down where the person is now, if anything about it changed."""
    tapped = incoming.kind is Kind.TAP
    place = {
        "at": chat.at if found.at is None else found.at,
        "trail": chat.trail if found.trail is None else found.trail,
        "notes": chat.notes if found.notes is None else found.notes,
        "offered": offered,
        "misses": chat.misses + 1 if found.missed else 0,
        "last_tap": incoming.text if tapped else chat.last_tap,
        "last_tap_at": now if tapped else chat.last_tap_at,
    }
    if any(getattr(chat, name) != value for name, value in place.items()):
        chats.leave(conn, chat, **place)  # type: ignore[arg-type]  # the names above are its own


def _drafts(reply: Reply, to: Chat, key: str, desk: Desk, now: datetime) -> list[Draft]:
    parts = pieces(reply, desk.channels[to.channel])
    return [
        Draft(
            chat_id=to.id,
            dedupe=f"{reply.once or key}:{part}",
            rank=reply.rank,
            text=piece.text,
            choices=piece.choices,
            media=piece.media,
            twice_ok=reply.twice_ok,
            worthless_after=now + reply.good_for,
        )
        for part, piece in enumerate(parts)
    ]


class Turns:
    """Brings updates to `answer`: in order within a chat, chats side by side, nothing lost."""

    def __init__(self, db: Database, desk: Desk, clock: Callable[[], datetime], wake: Callable[[], None]) -> None:
        self._db, self._desk, self._clock, self._wake = db, desk, clock, wake
        self._lanes = Lanes()

    async def take(self, incoming: Incoming) -> None:
        """Returns once the update and all it changed are durable.

        Raises:
            Busy: the database cannot be reached; the update must not be acknowledged.
        """
        async with self._lanes.of((incoming.channel, incoming.account, incoming.chat)):
            await self._take(incoming)
        self._wake()

    async def _take(self, incoming: Incoming) -> None:
        try:
            await self._patiently(answer, incoming)
        except Busy:
            raise
        except Exception as error:
            await self._apologise(incoming, error)

    async def _patiently(self, work: Callable[..., object], incoming: Incoming, *extra: object) -> None:
        """A busy database is a matter of moments: try again before giving the update back."""
        for pause in (0.05, 0.3, None):
            try:
                await self._db.run(work, incoming, self._clock(), self._desk, *extra)
                return
            except Busy:
                if pause is None:
                    raise
                await asyncio.sleep(pause)

    async def _apologise(self, incoming: Incoming, error: Exception) -> None:
        reference = reference_of(incoming)
        log.exception("turn.failed", extra={"reference": reference, "channel": incoming.channel})
        fault = Fault(reference, type(error).__name__, redact(_trace(error)).text)
        try:
            await self._patiently(apologise, incoming, fault)
        except Busy:
            raise
        except Exception as second:
            await self._set_aside(incoming, second)

    async def _set_aside(self, incoming: Incoming, error: Exception) -> None:
        """Even the apology failed: let the platform repeat it, and after three tries put it where the admin looks."""
        log.exception("turn.poison", extra={"channel": incoming.channel})
        tries = await self._db.run(
            setaside.tried,
            incoming.channel,
            incoming.account,
            incoming.message,
            incoming.kind,
            type(error).__name__,
            self._clock(),
        )
        if tries < _TRIES:
            raise error


def reference_of(incoming: Incoming) -> str:
    """The number a person reads out when they report a failure; the same in the log."""
    name = f"{incoming.channel}:{incoming.account}:{incoming.message}"
    return f"{zlib.crc32(name.encode()):08X}"


def _trace(error: Exception) -> str:
    return "".join(traceback.format_exception(error)[-4:])
