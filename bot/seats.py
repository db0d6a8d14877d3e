"""Seats: how many people each account of a channel still has room for, where that is limited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.desk import Desk
from storage import chats, invites
from storage.db import Conn

# An invitation handed out holds its seat this long; who has not come by then probably will not.
HELD_FOR = timedelta(days=14)


def accounts_of(conn: Conn, channel: str, desk: Desk) -> tuple[str, ...]:
    """The accounts of this channel that are connected now, or were and have people."""
    return tuple(sorted({*desk.accounts.get(channel, ()), *chats.seats(conn, channel)}))


def taken(conn: Conn, channel: str, accounts: Sequence[str], now: datetime) -> dict[str, int]:
    """How many seats of each account are used or promised."""
    used = chats.seats(conn, channel)
    held = invites.held(conn, channel, now - HELD_FOR, now)
    return {account: used.get(account, 0) + held.get(account, 0) for account in accounts}


def next_account(conn: Conn, channel: str, accounts: Sequence[str], cap: int | None, now: datetime) -> str | None:
    """The account the next person is invited to: the emptiest. None when all are full: another channel, or paper."""
    counts = taken(conn, channel, accounts, now)
    emptiest = min(accounts, key=lambda account: counts[account], default=None)
    full = emptiest is not None and cap is not None and counts[emptiest] >= cap
    return None if full else emptiest
