"""Whether a person can be written to: on this chat, on another one of theirs, or not at all.

What a channel allows is in its capabilities; who it is never matters here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.channels.base import Capabilities
from bot.core.messages import Rank
from bot.desk import Desk
from storage import chats, quota, untold
from storage.chats import Chat
from storage.db import Conn

Reason = Literal["off", "unreachable", "window", "quiet", "quota"]

# From here on an account carries answers only: what is left belongs to the people in front.
ANSWERS_ONLY = 0.95


@dataclass(frozen=True, slots=True)
class Yes:
    """It may go out."""


@dataclass(frozen=True, slots=True)
class No:
    """It may not: the channel is switched off, the person left, the channel's window for writing unasked is closed,
    somebody of the office writes there by hand, or the account has used up what it may send this month.
    """

    reason: Reason


def can_send(conn: Conn, chat: Chat, rank: Rank, now: datetime, desk: Desk) -> Yes | No:
    """Whether a message of this rank may go to this chat now."""
    can = desk.channels.get(chat.channel)
    if can is None:
        return No("off")
    if not chat.reachable:
        return No("unreachable")
    if is_closed(can, chat.last_in_at, now):
        return No("window")
    if rank is not Rank.ANSWER and chat.is_quiet(now):
        return No("quiet")
    return Yes() if _has_quota(conn, chat, can, rank, now, desk) else No("quota")


def is_closed(can: Capabilities, last_in_at: datetime, now: datetime) -> bool:
    """Whether too long has passed since the person wrote for this channel to carry anything to them."""
    return can.proactive == "window" and now - last_in_at >= can.window


def room(can: Capabilities, used: int, rank: Rank) -> int | None:
    """How many more messages of this rank the account may send this month; None: no limit."""
    if can.monthly_quota is None:
        return None
    share = 1.0 if rank is Rank.ANSWER else ANSWERS_ONLY
    return int(can.monthly_quota * share) - used


def best(conn: Conn, person_id: int, rank: Rank, now: datetime, desk: Desk) -> Chat | None:
    """The chat this person used last among those they can be written to on."""
    own = chats.of_person(conn, person_id)
    return next((chat for chat in own if can_send(conn, chat, rank, now, desk) == Yes()), None)


def elsewhere(conn: Conn, chat: Chat, rank: Rank, now: datetime, desk: Desk) -> Chat | None:
    """Another chat of the same person that can be written to."""
    return best(conn, chat.person_id, rank, now, desk) if chat.person_id else None


def route(conn: Conn, to: Chat, rank: Rank, now: datetime, desk: Desk) -> Chat:
    """Where a message for the person of this chat goes.

    Where it can go nowhere it waits at its chat, and a person nearby is asked to call them.
    """
    verdict = can_send(conn, to, rank, now, desk)
    if rank is Rank.ANSWER or verdict in (Yes(), No("quiet")):
        return to
    if other := elsewhere(conn, to, rank, now, desk):
        return other
    assert isinstance(verdict, No)
    untold.note(conn, [to.id], desk.day(now), verdict.reason, now)
    return to


def _has_quota(conn: Conn, chat: Chat, can: Capabilities, rank: Rank, now: datetime, desk: Desk) -> bool:
    if can.monthly_quota is None:
        return True
    used = quota.used(conn, desk.month(now)).get((chat.channel, chat.account), 0)
    left = room(can, used, rank)
    return left is None or left > 0
