"""Delivers the outbox: strictly in order within a chat, answers before everything else.

One loop alternates between the database and the channels: each visit to the database records what was
sent meanwhile and claims what is next, so that under load one commit serves many messages.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from bot.channels.base import Channel
from bot.core.errors import AccountDown, Rejected, Retry, Stopped, Unknown
from bot.core.messages import Parcel, Rank
from bot.desk import Desk
from bot.outcomes import Outcomes, Wanted, account_of, settle_and_claim
from bot.pace import Pace
from bot.recheck import expire
from storage.db import Busy, Database
from storage.quota import Account

log = logging.getLogger("camtay.sender")

_IN_FLIGHT = 256
_UNPROMPTED_IN_FLIGHT = 64
_LONGEST_SLEEP = 5.0
_BUSY_PAUSE = 0.5
_DOWN_PAUSE = 300.0
_LONGEST_BACKOFF = 300.0
_LONGEST_WAIT = 86_400.0


class Sender:
    """Owns every message between its row and the platform."""

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        spawn: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
        desk: Desk,
    ) -> None:
        self._db, self._channels, self._clock, self._spawn, self._desk = db, channels, clock, spawn, desk
        self._awake = asyncio.Event()
        self._outcomes = Outcomes()
        self._busy = self._stopping = False
        self._answering = 0
        self._unprompted = 0
        self._under_way: Counter[Account] = Counter()
        self._down: dict[Account, datetime] = {}
        self._off: set[str] = set()
        self._pace = {name: Pace(channel.capabilities) for name, channel in channels.items()}

    def wake(self) -> None:
        """There is something new to send."""
        self._awake.set()

    def heard(self, channel: str, account: str) -> None:
        """A message came in there and was answered: count it, and there may be something new to send."""
        self._outcomes.received[channel, account] += 1
        self._awake.set()

    def switch(self, channel: str, *, on: bool) -> None:
        """While a channel is refused, its messages wait in the outbox."""
        (self._off.discard if on else self._off.add)(channel)
        self._awake.set()

    async def run(self) -> None:
        """Send until cancelled. A visit to the database under way then goes on as side work: its claims count."""
        try:
            while True:
                self._awake.clear()
                await asyncio.shield(self._spawn(self._visit()))
                if not self._busy:
                    await self._rest()
        finally:
            self._stopping = True

    async def drain(self) -> None:
        """Record the last outcomes; called when stopping, after the lanes have ended."""
        if self._outcomes:
            await self._record(Wanted(0, Rank.ANSWER, frozenset()))

    async def _visit(self) -> None:
        """One visit to the database: record, claim, launch."""
        try:
            parcels = await self._record(self._wanted())
        except Busy:
            log.warning("sender.database_busy")
            self._busy = True
            await asyncio.sleep(_BUSY_PAUSE)
            return
        self._busy = bool(parcels)
        if self._stopping:
            self._outcomes.later += [(parcel, self._clock(), "") for parcel in parcels]
        else:
            self._launch(parcels)

    async def _record(self, wanted: Wanted) -> list[Parcel]:
        """Write down all outcomes so far; what is to be sent next."""
        outcomes, self._outcomes = self._outcomes, Outcomes()
        if wanted.limit and not outcomes.sent:  # what came in is written down together with what went out
            outcomes.received, self._outcomes.received = self._outcomes.received, outcomes.received
        try:
            parcels = await self._db.run(settle_and_claim, outcomes, wanted, self._clock(), self._desk)
        except BaseException:  # the visit failed: nothing of it may be forgotten
            outcomes.add(self._outcomes)
            self._outcomes = outcomes
            raise
        for parcel, _ in outcomes.sent:
            self._channels[parcel.channel].settled(parcel)
        return parcels

    def _wanted(self) -> Wanted:
        """Room for more messages; unprompted ones only while few of them are waiting for their pace.

        They take no room from answers, however long they wait.
        """
        rank = Rank.BULK if self._unprompted < _UNPROMPTED_IN_FLIGHT else Rank.ANSWER
        live = [channel for name, channel in self._channels.items() if name not in self._off]
        every = {(channel.name, account) for channel in live for account in channel.accounts}
        down = {account for account, until in self._down.items() if self._clock() < until}
        return Wanted(_IN_FLIGHT - self._answering, rank, frozenset(every - down), Counter(self._under_way))

    async def _rest(self) -> None:
        """Until something new is written or sent, or until a waiting row may be due."""
        try:
            # Not wait_for: until Python 3.12 it forgets a cancellation that comes together with the event.
            async with asyncio.timeout(_LONGEST_SLEEP):
                await self._awake.wait()
        except TimeoutError:
            with suppress(Busy):  # the next rest does it
                await self._db.run(expire, self._clock(), self._desk)

    def _launch(self, parcels: list[Parcel]) -> None:
        ordered = sorted(parcels, key=lambda parcel: (parcel.chat_id, parcel.rank, parcel.id))
        for _, lane in groupby(ordered, key=lambda parcel: parcel.chat_id):
            own = list(lane)
            self._count(own, +1)
            _ = self._spawn(self._lane(own))

    def _count(self, parcels: list[Parcel], by: int) -> None:
        answers = sum(parcel.rank is Rank.ANSWER for parcel in parcels)
        self._answering += by * answers
        self._unprompted += by * (len(parcels) - answers)
        self._under_way[account_of(parcels[0])] += by * len(parcels)

    async def _lane(self, parcels: list[Parcel]) -> None:
        """Send one chat's messages in order; after one that must wait, the rest wait behind it."""
        waiting = iter(parcels)
        try:
            until = None
            while until is None and (parcel := next(waiting, None)):
                until = await self._send(parcel)
        finally:  # also when cancelled: what was not begun is put back, not left in doubt
            self._outcomes.later += [(parcel, until or self._clock(), "") for parcel in waiting]
            self._count(parcels, -1)
            self._awake.set()

    async def _send(self, parcel: Parcel) -> datetime | None:
        """Deliver one message and note its outcome; returns until when its chat has to wait, if it has to."""
        try:
            if pause := await self._turn_of(parcel):
                return self._later(parcel, pause, "")
        except asyncio.CancelledError:
            self._later(parcel, 0, "")
            raise
        try:
            platform_id = await self._channels[parcel.channel].send(parcel)
        except asyncio.CancelledError:
            self._outcomes.unknown.append(parcel)
            raise
        except Exception as error:
            return self._unsent(parcel, error)
        self._outcomes.sent.append((parcel, platform_id))
        return None

    async def _turn_of(self, parcel: Parcel) -> float:
        """Wait for the pace; answers never do, they only count. Returns the seconds that are too long to wait here."""
        pace = self._pace[parcel.channel]
        if parcel.rank is not Rank.ANSWER:
            return await pace.turn_of(parcel.account, parcel.chat)
        pace.count(parcel.account, parcel.chat)
        return 0.0

    def _unsent(self, parcel: Parcel, error: Exception) -> datetime | None:
        """Retry, stop or reject: the closed list of `bot.core.errors`. Returns until when the rest waits."""
        log.warning("sender.unsent", extra={"row": parcel.id, "channel": parcel.channel, "why": type(error).__name__})
        match error:
            case Retry():
                return self._put_off(parcel, error)
            case AccountDown():
                return self._account_down(parcel)
            case Rejected():
                self._outcomes.failed.append((parcel, str(error)))
                return None
            case Stopped():
                self._outcomes.stopped.append(parcel)
            case Unknown():
                self._outcomes.unknown.append(parcel)
            case _:  # a fault of ours in the channel: nothing is known about the outcome
                log.error("sender.channel_fault", exc_info=error)
                self._outcomes.unknown.append(parcel)
        return self._clock()  # what may be said once more is said before the rest

    def _put_off(self, parcel: Parcel, error: Retry) -> datetime:
        after = max(error.after, min(_LONGEST_BACKOFF, 0.5 * 2 ** min(parcel.attempts, 10)))
        if error.whole_account:
            self._pace[parcel.channel].pause(parcel.account, after)
        return self._later(parcel, after, str(error))

    def _later(self, parcel: Parcel, after: float, reason: str) -> datetime:
        """Nothing was delivered; wake up when it is due."""
        after = min(after, _LONGEST_WAIT)
        asyncio.get_running_loop().call_later(after, self.wake)
        until = self._clock() + timedelta(seconds=after)
        self._outcomes.later.append((parcel, until, reason))
        return until

    def _account_down(self, parcel: Parcel) -> datetime:
        """The token is refused: this account's messages stay in the outbox, and one is tried again after a while."""
        self._down[account_of(parcel)] = self._clock() + timedelta(seconds=_DOWN_PAUSE)
        self._outcomes.down.append(account_of(parcel))
        log.error("sender.account_down", extra={"channel": parcel.channel, "account": parcel.account})
        return self._later(parcel, _DOWN_PAUSE, "account down")
