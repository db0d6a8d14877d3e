"""Tells the office in time when the accounts of a channel are nearly full of people, or quite."""

from __future__ import annotations

from datetime import datetime

from bot.desk import Desk
from bot.seats import accounts_of, look
from storage.db import Conn

WHEN = {"hour": "8-17", "minute": "20"}


def run(conn: Conn, now: datetime, desk: Desk) -> dict[str, int]:
    """Returns the seats taken of each limited channel."""
    found = {}
    for channel, can in desk.channels.items():
        if can.users_cap is not None and (accounts := accounts_of(conn, channel, desk)):
            found[channel] = look(conn, channel, accounts, can.users_cap, now, desk)
    return found
