"""Tells the office in time when the accounts of a channel are nearly full of people, or quite."""

from __future__ import annotations

from datetime import datetime

from bot.alert import alert
from bot.desk import Desk
from bot.seats import accounts_of, taken
from storage.db import Conn

WHEN = {"hour": "8-17", "minute": "20"}

_NEARLY_FULL = 0.8


def run(conn: Conn, now: datetime, desk: Desk) -> dict[str, int]:
    """Returns the seats taken of each limited channel."""
    found = {}
    for channel, can in desk.channels.items():
        if can.users_cap is not None and (accounts := accounts_of(conn, channel, desk)):
            found[channel] = _look(conn, channel, accounts, can.users_cap, now, desk)
    return found


def _look(conn: Conn, channel: str, accounts: tuple[str, ...], cap: int, now: datetime, desk: Desk) -> int:
    seats = cap * len(accounts)
    used = sum(min(cap, count) for count in taken(conn, channel, accounts, now).values())
    if used >= _NEARLY_FULL * seats:
        block = "alert.seats_full" if used >= seats else "alert.seats_running_out"
        alert(
            conn,
            f"{block}:{channel}",
            block,
            now,
            desk,
            period=desk.month(now),
            channel=channel,
            used=used,
            seats=seats,
        )
    return used
