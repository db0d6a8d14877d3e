"""The last look at a message nobody waits for before it goes out: is it still wanted, does it still get there?

Where it does not, it goes to another chat of the same person, waits, or ends; and then a person is asked to call.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module

from bot.desk import Desk
from bot.outgoing import drafts
from bot.reach import Reason, elsewhere, is_closed
from storage import body, chats, occurrences, outbox, untold
from storage.db import Conn
from storage.due import Due

# How soon a chat is looked at again whose person may write any moment, and so open it.
_LOOK_AGAIN = timedelta(minutes=15)
_GOOD_FOR = timedelta(days=3)


def look(conn: Conn, message: Due, now: datetime, desk: Desk) -> bool:
    """Whether it may go out now. If not, what becomes of it is written down."""
    if message.worthless_after and message.worthless_after <= now:
        _note(conn, message, "late", now, desk)
        outbox.move_on(conn, message, "too late", "expired")
        return False
    if message.occurrence and (why := _unwanted(conn, message.occurrence, message.chat_id, now, desk)):
        outbox.move_on(conn, message, why)
        return False
    reason = _obstacle(message, now, desk)
    if reason:
        detour(conn, message, reason, now, desk)
    return reason is None


def detour(conn: Conn, message: Due, reason: Reason, now: datetime, desk: Desk) -> None:
    """It cannot go where it was meant to: another chat of the person, or later, or never."""
    if reason == "quiet" and message.quiet_until:
        outbox.later(conn, message.id, message.quiet_until, reason)
    elif _moved(conn, message, now, desk):
        return
    elif reason == "unreachable":
        _note(conn, message, reason, now, desk)
        outbox.move_on(conn, message, "the chat cannot be reached")
    else:
        _note(conn, message, reason, now, desk)
        outbox.later(conn, message.id, _again(reason, now, desk), reason)


def expire(conn: Conn, now: datetime, desk: Desk) -> int:
    """Drop what came too late; whom it was for, a person is asked to call. How many rows."""
    gone = outbox.expire(conn, now)
    whom = {chat for chat, occurrence in gone if not occurrence}
    untold.note(conn, whom, desk.day(now), "late", now)
    return len(gone)


def _obstacle(message: Due, now: datetime, desk: Desk) -> Reason | None:
    can = desk.channels.get(message.channel)
    if can is None:
        return "off"
    if not message.reachable:
        return "unreachable"
    if is_closed(can, message.last_in_at, now):
        return "window"
    return "quiet" if message.quiet_until and now < message.quiet_until else None


def _unwanted(conn: Conn, occurrence_id: int, chat_id: int, now: datetime, desk: Desk) -> str:
    """Why the job that planned this would not say it any more; empty when it would."""
    planned = occurrences.get(conn, occurrence_id)
    if planned is None:
        return "forgotten"
    job = import_module(f"bot.jobs.{planned.job}")
    unwanted = getattr(job, "unwanted", None)
    return unwanted(conn, planned, chats.get(conn, chat_id), now, desk) if unwanted else ""


def _moved(conn: Conn, message: Due, now: datetime, desk: Desk) -> bool:
    """To another chat of the person, cut anew for its channel."""
    reply = body.whole(message.body)
    other = elsewhere(conn, chats.get(conn, message.chat_id), message.rank, now, desk)
    if other is None or reply is None or other.id == message.chat_id:
        return False
    left = message.worthless_after - now if message.worthless_after else _GOOD_FOR
    base = message.dedupe.rpartition(":")[0]
    outbox.move_on(conn, message, f"moved to chat {other.id}")
    moved = replace(reply, to=other.id, rank=message.rank, good_for=left)
    outbox.add(conn, drafts(moved, other, f"{base}>{other.id}", desk, now, message.occurrence), now)
    if reply.choices:
        chats.offer(conn, other, reply.choices)
    return True


def _note(conn: Conn, message: Due, reason: str, now: datetime, desk: Desk) -> None:
    """A person is asked to call; what a job planned has its own way of being missed."""
    if not message.occurrence:
        untold.note(conn, [message.chat_id], desk.day(now), reason, now)


def _again(reason: Reason, now: datetime, desk: Desk) -> datetime:
    """A used-up quota is looked at again tomorrow: so those it keeps from hearing are told of once a day."""
    if reason != "quota":
        return now + _LOOK_AGAIN
    return desk.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
