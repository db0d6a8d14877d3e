"""The ledger: what each account carries in a month, how much room is left, and who hears of it in time."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from bot.alert import alert
from bot.core.messages import Rank
from bot.desk import Desk
from bot.reach import ANSWERS_ONLY, room
from storage import quota
from storage.db import Conn
from storage.quota import Account

# Shares of the month's quota at which the office is told, with what it is told then.
_WARNINGS = ((1.0, "alert.quota_used_up"), (ANSWERS_ONLY, "alert.quota_answers_only"), (0.8, "alert.quota_running_out"))


def record(conn: Conn, sent: Counter[Account], received: Counter[Account], now: datetime, desk: Desk) -> None:
    """Count what went out and came in, and warn where an account nears its limit."""
    counts = {account: (sent[account], received[account]) for account in {*sent, *received}}
    if not counts:
        return
    quota.add(conn, desk.month(now), counts)
    limits = {account: limit for account in sent if (limit := _limit(desk, account))}
    used = quota.used(conn, desk.month(now)) if limits else {}
    for account, limit in limits.items():
        _warn(conn, account, used[account], limit, now, desk)


def rooms(
    conn: Conn, accounts: Collection[Account], under_way: Mapping[Account, int], now: datetime, desk: Desk
) -> dict[Account, int]:
    """How many more unprompted messages each limited account may carry, those under way taken off."""
    limited = [account for account in accounts if _limit(desk, account)]
    used = quota.used(conn, desk.month(now)) if limited else {}
    found = {}
    for account in limited:
        left = room(desk.channels[account[0]], used.get(account, 0) + under_way.get(account, 0), Rank.NOTICE)
        found[account] = left or 0
    return found


def _limit(desk: Desk, account: Account) -> int | None:
    can = desk.channels.get(account[0])
    return can.monthly_quota if can else None


def _warn(conn: Conn, account: Account, used: int, limit: int, now: datetime, desk: Desk) -> None:
    """The gravest warning this account has earned; each is given once a month."""
    share = used / limit
    reached = next(((step, block) for step, block in _WARNINGS if share >= step), None)
    if reached is None:
        return
    channel, name = account
    alert(
        conn,
        f"quota:{channel}:{name}:{reached[0]:.0%}",
        reached[1],
        now,
        desk,
        period=desk.month(now),
        channel=channel,
        account=name,
        used=used,
        limit=limit,
        left=max(0, limit - used),
        days=_days_left(used, limit, desk.local(now)),
    )


def _days_left(used: int, limit: int, local: datetime) -> int:
    """For how many more days it lasts if the rest of the month goes on like its beginning."""
    month = monthrange(local.year, local.month)[1]
    return min(month - local.day, int((limit - used) * local.day / used)) if used else month
