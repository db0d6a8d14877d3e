"""Seats: how many people each account of a channel still has room for, and which one an invitation leads to.

A personal invitation holds one seat. The one sheet of a unit leads many people to the same bot: it holds a seat for
every member of the unit who is still to come, and each time it is printed it leads to a bot that has room that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alert import alert
from bot.core.guide import Commune
from bot.desk import Desk
from storage import chats, invites
from storage.db import Conn
from storage.invites import Invite

# An invitation handed out holds its seat this long; who has not come by then probably will not.
HELD_FOR = timedelta(days=14)

_ZALO = "zalo_bot"
_NEARLY_FULL = 0.8


@dataclass(frozen=True, slots=True)
class Bots:
    """The Zalo bots that a sheet can lead to: those that run and have a name to be found by. `cap` people each.

    `runs`: whether the commune has Zalo bots at all.
    """

    accounts: tuple[str, ...] = ()
    cap: int | None = None
    runs: bool = False


@dataclass(frozen=True, slots=True)
class Seated:
    """What became of invitations: how many have no room on any bot, and how many people the fullest sheet is beyond.

    `nameless`: bots run, and the commune's file names none of them.
    """

    left_out: int = 0
    too_many: int = 0
    nameless: bool = False


def bots_of(desk: Desk) -> Bots:
    """The bots that are connected now."""
    can = desk.channels.get(_ZALO)
    return signed(desk.house.library.commune, desk.accounts.get(_ZALO, ()), can.users_cap) if can else Bots()


def signed(commune: Commune, accounts: Iterable[str], cap: int | None) -> Bots:
    """Those of these accounts that the commune tells people how to find."""
    return Bots(tuple(sorted({*accounts} & {*commune.zalo_bots})), cap, runs=True)


def seat(conn: Conn, handed_out: Iterable[Invite | None], bots: Bots, now: datetime) -> Seated:
    """Tie each invitation that is handed out now to a bot with room: the one it led to before, else the emptiest.

    Where none has room the invitation leads to no bot, and its sheet shows the other ways.
    """
    if not bots.runs:
        return Seated()
    counts, left_out, too_many = taken(conn, _ZALO, bots.accounts, now), 0, 0
    for found in filter(None, handed_out):
        weight = invites.weight(conn, found.code, now)
        if found.channel == _ZALO and found.account in counts and found.created_at >= now - HELD_FOR:
            counts[found.account] -= weight
        account = _chosen(counts, found, bots.cap)
        invites.tie(conn, found.code, account and _ZALO, account, now)
        if account is None:
            left_out += 1
            continue
        counts[account] += weight
        if bots.cap is not None:
            too_many = max(too_many, counts[account] - bots.cap)
    return Seated(left_out, too_many, nameless=not bots.accounts)


def hand_out(conn: Conn, handed_out: Iterable[Invite | None], now: datetime, desk: Desk) -> Seated:
    """The same for what is asked for in a conversation; where there was no room, the office hears of it."""
    bots = bots_of(desk)
    seated = seat(conn, handed_out, bots, now)
    if seated.left_out and bots.accounts and bots.cap is not None:
        look(conn, _ZALO, bots.accounts, bots.cap, now, desk)
    return seated


def accounts_of(conn: Conn, channel: str, desk: Desk) -> tuple[str, ...]:
    """The accounts of this channel that are connected now, or were and have people."""
    return tuple(sorted({*desk.accounts.get(channel, ()), *chats.seats(conn, channel)}))


def taken(conn: Conn, channel: str, accounts: Sequence[str], now: datetime) -> dict[str, int]:
    """How many seats of each account are used or promised."""
    used = chats.seats(conn, channel)
    held = invites.held(conn, channel, now - HELD_FOR, now)
    return {account: used.get(account, 0) + held.get(account, 0) for account in accounts}


def look(conn: Conn, channel: str, accounts: tuple[str, ...], cap: int, now: datetime, desk: Desk) -> int:
    """How many seats are taken; when nearly all or all are, the office hears of it, once a month."""
    seats = cap * len(accounts)
    used = sum(min(cap, count) for count in taken(conn, channel, accounts, now).values())
    if used >= _NEARLY_FULL * seats:
        block = "alert.seats_full" if used >= seats else "alert.seats_running_out"
        month = desk.month(now)
        alert(conn, f"{block}:{channel}", block, now, desk, period=month, channel=channel, used=used, seats=seats)
    return used


def next_account(counts: dict[str, int], cap: int | None) -> str | None:
    """The account the next person is invited to: the emptiest. None when all are full: another channel, or paper."""
    emptiest = min(counts, key=lambda account: counts[account], default=None)
    full = emptiest is not None and cap is not None and counts[emptiest] >= cap
    return None if full else emptiest


def _chosen(counts: dict[str, int], found: Invite, cap: int | None) -> str | None:
    before = found.account
    if found.channel == _ZALO and before in counts and (cap is None or counts[before] < cap):
        return before
    return next_account(counts, cap)
