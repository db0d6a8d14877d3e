"""Delivers the outbox: strictly in order within a chat, answers before everything else.

One loop alternates between the database and the channels: each visit to the database records what was
sent meanwhile and claims what is next, so that under load one commit serves many messages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from bot.channels.base import Channel
from bot.core.errors import AccountDown, Rejected, Retry, Stopped, Unknown
from bot.core.messages import Parcel, Rank
from bot.pace import Pace
from storage import chats, mishaps, outbox
from storage.db import Busy, Conn, Database

log = logging.getLogger("camtay.sender")

_IN_FLIGHT = 256
_UNPROMPTED_IN_FLIGHT = 64
_LONGEST_SLEEP = 5.0
_LONGEST_BACKOFF = 300.0


@dataclass(slots=True)
class Outcomes:
    """What became of messages since the last visit to the database."""

    sent: list[tuple[Parcel, str]] = field(default_factory=list)
    later: list[tuple[Parcel, datetime, str]] = field(default_factory=list)
    failed: list[tuple[Parcel, str]] = field(default_factory=list)
    stopped: list[Parcel] = field(default_factory=list)
    unknown: list[Parcel] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.sent or self.later or self.failed or self.stopped or self.unknown)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many rows to claim, and of which accounts."""

    limit: int
    max_rank: Rank
    accounts: frozenset[tuple[str, str]]


def settle_and_claim(conn: Conn, outcomes: Outcomes, wanted: Wanted, now: datetime) -> list[Parcel]:
    """Record what happened, then take what is next; one transaction."""
    _settle(conn, outcomes, now)
    if wanted.limit <= 0 or not wanted.accounts:
        return []
    return outbox.claim(conn, now, limit=wanted.limit, max_rank=wanted.max_rank, accounts=wanted.accounts)


def _settle(conn: Conn, outcomes: Outcomes, now: datetime) -> None:
    if outcomes.sent:
        outbox.sent(conn, outcomes.sent, now)
    for parcel, until, reason in outcomes.later:
        outbox.later(conn, parcel.id, until, reason)
    for parcel in outcomes.unknown:
        outbox.unknown(conn, parcel.id, now)
    for parcel in outcomes.stopped:
        outbox.failed(conn, parcel.id, "stopped")
        chats.lost(conn, parcel.chat_id, now)
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


class Sender:
    """Owns every message between its row and the platform."""

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._db, self._channels, self._clock, self._spawn = db, channels, clock, spawn
        self._awake = asyncio.Event()
        self._outcomes = Outcomes()
        self._in_flight = 0
        self._unprompted = 0
        self._down: set[tuple[str, str]] = set()
        self._pace = {name: Pace(channel.capabilities) for name, channel in channels.items()}

    def wake(self) -> None:
        """There is something new to send."""
        self._awake.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            self._awake.clear()
            try:
                busy = await self._visit()
            except Busy:
                log.warning("sender.database_busy")
                await asyncio.sleep(0.5)
                continue
            if not busy:
                await self._rest()

    async def drain(self) -> None:
        """Record the last outcomes; called when stopping, after the lanes have ended."""
        if self._outcomes:
            await self._visit(claim=False)

    async def _visit(self, *, claim: bool = True) -> bool:
        """One visit to the database; whether it brought anything to send."""
        outcomes, self._outcomes = self._outcomes, Outcomes()
        wanted = self._wanted() if claim else Wanted(0, Rank.ANSWER, frozenset())
        try:
            parcels = await self._db.run(settle_and_claim, outcomes, wanted, self._clock())
        except BaseException:
            self._give_back(outcomes)
            raise
        for parcel, _ in outcomes.sent:
            self._channels[parcel.channel].settled(parcel)
        self._launch(parcels)
        return bool(parcels)

    def _give_back(self, outcomes: Outcomes) -> None:
        """The visit failed: nothing of it may be forgotten."""
        outcomes.sent += self._outcomes.sent
        outcomes.later += self._outcomes.later
        outcomes.failed += self._outcomes.failed
        outcomes.stopped += self._outcomes.stopped
        outcomes.unknown += self._outcomes.unknown
        self._outcomes = outcomes

    def _wanted(self) -> Wanted:
        """Room for more messages; unprompted ones only while few of them are waiting for their pace."""
        rank = Rank.BULK if self._unprompted < _UNPROMPTED_IN_FLIGHT else Rank.ANSWER
        every = {(name, account) for name, channel in self._channels.items() for account in channel.accounts}
        return Wanted(_IN_FLIGHT - self._in_flight, rank, frozenset(every - self._down))

    async def _rest(self) -> None:
        """Until something new is written or sent, or until a waiting row may be due."""
        try:
            await asyncio.wait_for(self._awake.wait(), _LONGEST_SLEEP)
        except TimeoutError:
            await self._db.run(outbox.expire, self._clock())

    def _launch(self, parcels: list[Parcel]) -> None:
        ordered = sorted(parcels, key=lambda parcel: (parcel.chat_id, parcel.rank, parcel.id))
        for _, lane in groupby(ordered, key=lambda parcel: parcel.chat_id):
            own = list(lane)
            self._count(own, +1)
            self._spawn(self._lane(own))

    def _count(self, parcels: list[Parcel], by: int) -> None:
        self._in_flight += by * len(parcels)
        self._unprompted += by * sum(parcel.rank is not Rank.ANSWER for parcel in parcels)

    async def _lane(self, parcels: list[Parcel]) -> None:
        """Send one chat's messages in order; after one that must wait, the rest wait behind it."""
        try:
            waiting: datetime | None = None
            for parcel in parcels:
                if waiting:
                    self._outcomes.later.append((parcel, waiting, ""))
                else:
                    waiting = await self._send(parcel)
        finally:
            self._count(parcels, -1)
            self._awake.set()

    async def _send(self, parcel: Parcel) -> datetime | None:
        """Deliver one message and note its outcome; returns until when its chat has to wait, if it has to."""
        pace = self._pace[parcel.channel]
        if parcel.rank is not Rank.ANSWER:
            await pace.turn_of(parcel.account, parcel.chat)
        try:
            platform_id = await self._channels[parcel.channel].send(parcel)
        except Exception as error:
            return self._unsent(parcel, error)
        pace.sent(parcel.account, parcel.chat)
        self._outcomes.sent.append((parcel, platform_id))
        return None

    def _unsent(self, parcel: Parcel, error: Exception) -> datetime | None:
        """Retry, stop or reject: the closed list of `bot.core.errors`."""
        log.warning("sender.unsent", extra={"row": parcel.id, "channel": parcel.channel, "why": type(error).__name__})
        match error:
            case Retry():
                return self._put_off(parcel, error)
            case AccountDown():
                return self._account_down(parcel)
            case Stopped():
                self._outcomes.stopped.append(parcel)
            case Unknown():
                self._outcomes.unknown.append(parcel)
            case Rejected():
                self._outcomes.failed.append((parcel, str(error)))
            case _:  # a fault of ours in the channel: nothing is known about the outcome
                log.error("sender.channel_fault", exc_info=error)
                self._outcomes.unknown.append(parcel)
        return None

    def _put_off(self, parcel: Parcel, error: Retry) -> datetime:
        after = max(error.after, min(_LONGEST_BACKOFF, 0.5 * 2 ** min(parcel.attempts, 10)))
        if error.whole_account:
            self._pace[parcel.channel].pause(parcel.account, after)
        asyncio.get_running_loop().call_later(after, self.wake)
        until = self._clock() + timedelta(seconds=after)
        self._outcomes.later.append((parcel, until, str(error)))
        return until

    def _account_down(self, parcel: Parcel) -> datetime:
        """The token is refused: this account's messages stay in the outbox until it is mended."""
        self._down.add((parcel.channel, parcel.account))
        log.error("sender.account_down", extra={"channel": parcel.channel, "account": parcel.account})
        until = self._clock() + timedelta(minutes=5)
        self._outcomes.later.append((parcel, until, "account down"))
        return until
