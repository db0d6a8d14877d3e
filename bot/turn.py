"""One incoming message, start to finish, in one transaction.

`answer` is the whole of it as a plain function; `Turns` brings updates to it, in order for each chat.
"""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import place
from bot.context import Answer, Context, Heard
from bot.core.errors import UserError
from bot.core.messages import Choice, Incoming, Kind, Reply
from bot.core.secrets import redact
from bot.lanes import Lanes
from bot.lost import lose
from bot.outgoing import Desk, drafts
from bot.reach import route
from bot.respond import is_urgent, respond
from storage import chats, mishaps, outbox, seen, setaside
from storage.chats import Chat
from storage.db import Busy, Conn, Database
from storage.outbox import Draft

__all__ = ["Desk", "Fault", "Turns", "answer", "apologise", "reference_of", "tidy"]

log = logging.getLogger("camtay.turn")

_TRIES = 3
_PAUSES = (0.05, 0.3)

_LONGEST_TEXT = 4000
# `<handler>:<action>[:<argument>...]`, no number longer than the database's.
_KEY = re.compile(r"(?!.*\d{19})[a-z_]+:[a-z_]+(?::[A-Za-z0-9_-]*)*")

# A second tap of the same button within this time is one tap: its answer is on the way already.
_DOUBLE_TAP_SECONDS = 8
# Where the answer offers the same button again ("Quay lại"), only a bouncing finger is one tap.
_BOUNCE_SECONDS = 2.5


def answer(conn: Conn, incoming: Incoming, now: datetime, desk: Desk) -> bool:
    """Answer one update: everything it changes and everything it says. False: it was seen before.

    Runs inside one transaction; whatever it raises undoes all of it.
    """
    if incoming.kind is Kind.TAKEN_OVER:
        return _taken_over(conn, incoming, now, desk)
    chat = chats.arrive(conn, incoming.channel, incoming.account, incoming.chat, now)
    if not seen.first_time(conn, incoming.channel, incoming.account, incoming.message, now):
        return False
    if incoming.kind is Kind.LEFT:
        lose(conn, chat.id, now, desk)
    elif incoming.kind is not Kind.RETURNED:
        _converse(conn, chat, incoming, now, desk)
    return True


def _taken_over(conn: Conn, incoming: Incoming, now: datetime, desk: Desk) -> bool:
    """Somebody of the office wrote here by hand: the bot leaves the chat to them for a while from then on."""
    if not seen.first_time(conn, incoming.channel, incoming.account, incoming.message, now):
        return False
    written = min(incoming.sent_at or now, now)
    until = written + timedelta(minutes=desk.house.library.commune.took_over_minutes)
    chats.hush(conn, incoming.channel, incoming.account, incoming.chat, until, now)
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
    chat = place.catch_up(conn, chat, now)
    ctx = Context(conn, chat, now, desk, Heard(incoming.kind, incoming.text))
    if chat.is_quiet(now):
        if not is_urgent(ctx, incoming):
            return
        chats.wake(conn, chat.id)
    try:
        found = respond(ctx, incoming)
    except UserError as error:
        found = ctx.say(error.block, **error.values)
    _post(conn, chat, incoming, found, now, desk)


def _is_double_tap(chat: Chat, incoming: Incoming, now: datetime) -> bool:
    if incoming.kind is not Kind.TAP or incoming.text != chat.last_tap or chat.last_tap_at is None:
        return False
    again = any(choice.key == incoming.text for choice in chat.offered)
    return (now - chat.last_tap_at).total_seconds() < (_BOUNCE_SECONDS if again else _DOUBLE_TAP_SECONDS)


def _post(conn: Conn, chat: Chat, incoming: Incoming, found: Answer, now: datetime, desk: Desk) -> None:
    """Put what is said into the outbox, and write down where the person is now."""
    rows: list[Draft] = []
    offered = chat.offered
    for number, reply in enumerate(found.replies):
        to = chat if reply.to is None else route(conn, chats.get(conn, reply.to), reply.rank, now, desk)
        if to.channel not in desk.channels:
            _note_switched_off(conn, to.channel, now)
        rows += drafts(reply, to, f"re:{incoming.channel}:{incoming.account}:{incoming.message}:{number}", desk, now)
        if reply.choices and to.id == chat.id:
            offered = reply.choices
        elif reply.choices:
            chats.offer(conn, to, reply.choices)
    outbox.add(conn, rows, now)
    place.keep(conn, chat, found.notes, now)
    _leave(conn, chat, incoming, found, offered, now)


def _note_switched_off(conn: Conn, channel: str, now: datetime) -> None:
    """Somebody is written to where nothing is sent any more: no fault of the person in front, but of ours."""
    fault = f"messages wait for a channel that is switched off: {channel}"
    mishaps.note(conn, ref=f"OFF-{channel}", channel=channel, where="outbox", error=fault, traceback="", now=now)


def _leave(
    conn: Conn, chat: Chat, incoming: Incoming, found: Answer, offered: tuple[Choice, ...], now: datetime
) -> None:
    """Write down where the person is now, if anything about it changed."""
    tapped = incoming.kind is Kind.TAP
    after = {
        "at": chat.at if found.at is None else found.at,
        "trail": chat.trail if found.trail is None else found.trail,
        "notes": chat.notes if found.notes is None else found.notes,
        "offered": offered,
        "misses": chat.misses + 1 if found.missed else 0,
        "last_tap": incoming.text if tapped else None,
        "last_tap_at": now if tapped else None,
        "earlier": chat.earlier if offered is chat.offered else (),
    }
    if any(getattr(chat, name) != value for name, value in after.items()):
        chats.leave(conn, chat, **after)  # type: ignore[arg-type]  # the names above are its own


class Turns:
    """Brings updates to `answer`: in order within a chat, chats side by side, nothing lost."""

    def __init__(
        self, db: Database, desk: Desk, clock: Callable[[], datetime], heard: Callable[[str, str], None]
    ) -> None:
        """`heard` is told of each update that is durable now: its channel and account."""
        self._db, self._desk, self._clock, self._heard = db, desk, clock, heard
        self._lanes = Lanes()

    async def take(self, incoming: Incoming) -> None:
        """Returns once the update and all it changed are durable.

        Raises:
            Busy: the database cannot be reached; the update must not be acknowledged.
        """
        incoming = tidy(incoming)
        async with self._lanes.of((incoming.channel, incoming.account, incoming.chat)):
            await self._take(incoming)
        self._heard(incoming.channel, incoming.account)

    async def _take(self, incoming: Incoming) -> None:
        try:
            await self._patiently(answer, incoming)
        except Busy:
            raise
        except Exception as error:
            await self._apologise(incoming, error)

    async def _patiently(self, work: Callable[..., object], incoming: Incoming, *extra: object) -> None:
        """A busy database is a matter of moments: try again before giving the update back."""
        for pause in (*_PAUSES, None):
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


def tidy(incoming: Incoming) -> Incoming:
    """The same as a database can keep it, short enough to understand; a tap that is no key of ours taps nothing."""
    text = _storable(incoming.text[:_LONGEST_TEXT])
    if incoming.kind is Kind.TAP and not _KEY.fullmatch(text):
        text = ""
    return replace(incoming, chat=_storable(incoming.chat), message=_storable(incoming.message), text=text)


def _storable(text: str) -> str:
    """Without NUL (PostgreSQL refuses it) and without halves of characters (UTF-8 has none)."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def reference_of(incoming: Incoming) -> str:
    """The number a person reads out when they report a failure; the same in the log. Never digits only."""
    name = f"{incoming.channel}:{incoming.account}:{incoming.message}"
    return f"S{zlib.crc32(name.encode()):08X}"


def _trace(error: Exception) -> str:
    """Where it happened; not what the exception says, which may quote the person (the log has it, redacted)."""
    return "".join(traceback.format_tb(error.__traceback__)[-4:])
