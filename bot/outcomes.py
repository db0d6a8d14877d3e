"""What became of messages, written down in one visit to the database; and what is to be sent next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import datetime

from bot import ledger
from bot.alert import alert
from bot.core.messages import Parcel, Rank
from bot.desk import Desk
from bot.lost import lose
from bot.recheck import look
from storage import mishaps, outbox, untold
from storage.db import Conn
from storage.due import Due
from storage.quota import Account


@dataclass(slots=True)
class Outcomes:
    """What became of messages since the last visit to the database."""

    sent: list[tuple[Parcel, str]] = field(default_factory=list)
    later: list[tuple[Parcel, datetime, str]] = field(default_factory=list)
    failed: list[tuple[Parcel, str]] = field(default_factory=list)
    stopped: list[Parcel] = field(default_factory=list)
    unknown: list[Parcel] = field(default_factory=list)
    down: list[Account] = field(default_factory=list)
    received: Counter[Account] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def add(self, more: Outcomes) -> None:
        for each in fields(self):
            mine = getattr(self, each.name)
            mine.update(more.received) if each.name == "received" else mine.extend(getattr(more, each.name))


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many rows to claim, and of which accounts; how many each of them has under way."""

    limit: int
    max_rank: Rank
    accounts: frozenset[Account]
    under_way: Counter[Account] = field(default_factory=Counter)


def settle_and_claim(conn: Conn, outcomes: Outcomes, wanted: Wanted, now: datetime, desk: Desk) -> list[Parcel]:
    """Record what happened, then take what is next; one transaction."""
    _settle(conn, outcomes, now, desk)
    if wanted.limit <= 0 or not wanted.accounts:
        return []
    rooms = ledger.rooms(conn, wanted.accounts, wanted.under_way, now, desk)
    fit: list[bool] = []

    def last_look(message: Due) -> bool:
        fit.append(look(conn, message, now, desk))
        return fit[-1]

    while True:
        parcels = outbox.claim(
            conn,
            now,
            limit=wanted.limit,
            max_rank=wanted.max_rank,
            accounts=wanted.accounts,
            rooms=rooms,
            look=last_look,
        )
        if parcels or all(fit):
            return parcels
        fit.clear()  # what was in the way has been moved, put off or ended: look behind it


def _settle(conn: Conn, outcomes: Outcomes, now: datetime, desk: Desk) -> None:
    gone = [*(parcel for parcel, _ in outcomes.sent), *outcomes.unknown]
    ledger.record(conn, Counter(map(account_of, gone)), outcomes.received, now, desk)
    if outcomes.sent:
        outbox.sent(conn, outcomes.sent, now)
    for parcel, until, reason in outcomes.later:
        outbox.later(conn, parcel.id, until, reason)
    for parcel in outcomes.unknown:
        outbox.unknown(conn, parcel.id, now)
    for parcel in outcomes.stopped:
        lose(conn, parcel.chat_id, now, desk)
        if parcel.rank is Rank.ANSWER:
            outbox.failed(conn, parcel.id, "stopped")
        else:  # the next look at it finds another chat of the person, or somebody to call them
            outbox.later(conn, parcel.id, now, "stopped")
    for channel, account in set(outcomes.down):
        alert(conn, f"down:{channel}:{account}", "alert.account_down", now, desk, channel=channel, account=account)
    unread = {parcel.chat_id for parcel, _ in outcomes.failed if parcel.rank is not Rank.ANSWER}
    untold.note(conn, unread, desk.day(now), "late", now)
    for parcel, reason in outcomes.failed:
        outbox.failed(conn, parcel.id, reason)
        mishaps.note(
            conn,
            ref=f"OUT-{parcel.id}",
            channel=parcel.channel,
            where="sender",
            error=reason,
            traceback="",
            now=now,
        )


def account_of(parcel: Parcel) -> Account:
    return parcel.channel, parcel.account
