"""The OA's tokens: an access token of about a day, and a refresh token that works exactly once.

One refresher at a time, across processes and within one: the lease lies in the database (`TokenStore`), and a new
pair is durable before it is used. Asking again with the same refresh token after a lost answer burns nothing: either
Zalo never saw the first time, or it says that the token is spent, and then a person has to grant access again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.channels.base import Spawn
from bot.channels.zalo_oa_http import Client, NoAnswer, NotSent, Refused
from bot.channels.zalo_oa_pairs import SPENT, Grant, Pair, TokenStore, read_pair, why_down
from bot.core.errors import AccountDown, CamtayError, Retry, SendError

log = logging.getLogger(__name__)

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[object]]

LEASE = timedelta(seconds=90)  # longer than the exchange may last, and than two machines' clocks differ
AT_LEAST_EVERY = timedelta(days=7)
ASK_REFUSED_AGAIN = timedelta(hours=1)
LOOK_EVERY = 60.0
_LOSER_WAITS = 0.25
_LONGEST_REST = 900.0
_NO_PAIR = "no token yet: run `camtay zalo-oa login`"


class Tokens:
    """Hands out the access token, and sees that there is a good one."""

    def __init__(
        self, client: Client, store: TokenStore, clock: Callable[[], datetime], sleep: Sleep, seed: str | None = None
    ) -> None:
        self._client, self._store, self._clock, self._sleep, self._seed = client, store, clock, sleep, seed
        self._grant: Grant | None = None
        self._lock = asyncio.Lock()
        self._rest_until: datetime | None = None
        self._failures = 0
        self._spawn: Spawn
        self.down = ""

    def __repr__(self) -> str:
        return f"Tokens[{self.account or '?'}]"

    @property
    def account(self) -> str:
        return self._grant.account if self._grant else ""

    async def open(self, spawn: Spawn) -> None:
        """Read what there is; a refresh token from the settings is the beginning of it.

        Raises:
            AccountDown: there is nothing to begin with.
            Retry: the database is busy.
        """
        self._spawn = spawn
        if self._seed:
            await _stored(self._store.plant(self._seed))
        await self._read()

    async def current(self) -> Grant:
        """A pair whose access token should work. Raises: Retry, AccountDown."""
        grant = self._grant or await self._read()
        if self._is_over(grant):
            return await self.renew(grant.generation)
        return grant

    async def renew(self, stale: int) -> Grant:
        """A pair newer than generation `stale`, from whoever got it.

        Raises:
            AccountDown: Zalo refused; until a person mends it nothing more is asked.
            Retry: not now (no connection, no answer, another process is at it).
        """
        async with self._lock:
            if self._grant and self._grant.generation > stale:
                return self._grant
            return await self._renew(stale)

    async def name_account(self, account: str) -> None:
        await _stored(self._store.name_account(account))
        await self._read()

    async def watch(self) -> None:
        """Refresh at half of a pair's life, and take up what others put into the store. Until cancelled."""
        while True:
            await self._sleep(LOOK_EVERY)
            try:
                grant = await self._read()
                if self._is_due(grant) and not self._is_resting():
                    await self.renew(grant.generation)
            except SendError as error:
                log.debug("zalo_oa.not_refreshed", extra={"why": str(error)})

    async def _read(self) -> Grant:
        grant = await _stored(self._store.load())
        if grant is None or not grant.refresh:
            self.down = _NO_PAIR
            raise AccountDown(_NO_PAIR)
        known = self._grant
        if known and grant.generation > known.generation:
            log.info("zalo_oa.pair_taken_up", extra={"generation": grant.generation})
            self._rest_until, self._failures = None, 0
        self._grant = grant
        self.down = why_down(grant, self._clock())
        return grant

    async def _renew(self, stale: int) -> Grant:
        for _ in range(int(LEASE.total_seconds() / _LOSER_WAITS)):
            grant = await self._read()
            if grant.generation > stale:
                return grant
            if grant.failure and not self._may_ask_again(grant):
                raise AccountDown(self.down)
            if self._is_resting():
                raise Retry(self._rest(), whole_account=True, reason="the token server did not answer a moment ago")
            if await _stored(self._store.lease(grant.generation, LEASE)):
                return await self._refresh_apart(grant)
            await self._sleep(_LOSER_WAITS)  # another process is refreshing: its pair will do
        raise Retry(_LOSER_WAITS, whole_account=True, reason="another process is refreshing the token")

    async def _refresh_apart(self, grant: Grant) -> Grant:
        """As side work: whoever waits for it may be cancelled, the pair that comes must not be lost with them."""
        done: asyncio.Future[Grant | SendError] = asyncio.get_running_loop().create_future()
        self._spawn(self._settle(done, grant))
        outcome = await asyncio.shield(done)
        if isinstance(outcome, SendError):
            raise outcome
        return outcome

    async def _settle(self, done: asyncio.Future[Grant | SendError], grant: Grant) -> None:
        outcome: Grant | SendError = Retry(LOOK_EVERY, whole_account=True, reason="the refresh was broken off")
        try:
            outcome = await self._refresh(grant)
        except SendError as error:
            outcome = error
        finally:
            if not done.done():
                done.set_result(outcome)

    async def _refresh(self, grant: Grant) -> Grant:
        form = {"refresh_token": grant.refresh, "grant_type": "refresh_token"}
        try:
            answer = await self._client.grant(form)
        except NotSent as error:
            raise await self._not_sent(grant, str(error)) from None
        except NoAnswer as error:
            raise await self._answer_lost(grant, str(error)) from None
        except Refused as error:
            raise await self._refused(grant, error) from None
        await self._keep(grant, read_pair(answer, self._clock()))
        log.info("zalo_oa.refreshed", extra={"generation": grant.generation + 1})
        return await self._read()

    async def _keep(self, grant: Grant, pair: Pair) -> None:
        """The old pair is dead and the new one is only here: nothing else matters until it is written."""
        pause = 0.1
        while True:
            try:
                return await self._store.keep(grant.generation, pair)
            except Exception as error:
                log.error("zalo_oa.pair_not_written", extra={"why": type(error).__name__})
            await self._sleep(pause)
            pause = min(5.0, pause * 2)

    async def _not_sent(self, grant: Grant, why: str) -> SendError:
        log.warning("zalo_oa.token_server_unreachable", extra={"why": why})
        await self._give_back(grant, grant.asked_at)
        return self._wait("the token server cannot be reached")

    async def _answer_lost(self, grant: Grant, why: str) -> SendError:
        """A case of its own: if Zalo did act, the new pair is lost and only a person can bring another."""
        log.error("zalo_oa.refresh_answer_lost", extra={"why": why, "generation": grant.generation})
        await self._give_back(grant, grant.asked_at or self._clock())
        self.down = why_down(replace(grant, asked_at=self._clock()), self._clock())
        return self._wait(self.down)

    async def _refused(self, grant: Grant, error: Refused) -> SendError:
        await self._give_back(grant, grant.asked_at, str(error.code))
        self.down = why_down(replace(grant, failure=str(error.code)), self._clock())
        log.error("zalo_oa.refresh_refused", extra={"code": error.code, "said": error.why, "why": self.down})
        return AccountDown(self.down)

    async def _give_back(self, grant: Grant, asked_at: datetime | None, failure: str = "") -> None:
        """Where this cannot be written the lease runs out by itself."""
        try:
            await _stored(self._store.give_back(grant.generation, asked_at, failure))
        except Retry as error:
            log.warning("zalo_oa.lease_not_given_back", extra={"why": str(error)})

    def _wait(self, why: str) -> Retry:
        pause = min(_LONGEST_REST, 5.0 * 2.0 ** min(self._failures, 8))
        self._failures += 1
        self._rest_until = self._clock() + timedelta(seconds=pause)
        return Retry(pause, whole_account=True, reason=why)

    def _rest(self) -> float:
        return max(1.0, (self._rest_until - self._clock()).total_seconds()) if self._rest_until else 1.0

    def _is_resting(self) -> bool:
        return self._rest_until is not None and self._clock() < self._rest_until

    def _is_over(self, grant: Grant) -> bool:
        return grant.expires_at is None or self._clock() >= grant.expires_at

    def _is_due(self, grant: Grant) -> bool:
        if grant.failure:
            return self._may_ask_again(grant)
        if grant.got_at is None or grant.expires_at is None:
            return True
        half = (grant.expires_at - grant.got_at) / 2
        return self._clock() >= grant.got_at + min(half, AT_LEAST_EVERY)

    def _may_ask_again(self, grant: Grant) -> bool:
        """A spent token stays spent; other refusals (an app switched off) a person may have mended."""
        if grant.failure == str(SPENT) or grant.failed_at is None:
            return False
        return self._clock() >= grant.failed_at + ASK_REFUSED_AGAIN


async def _stored(work: Awaitable[T]) -> T:
    """What cannot be read or written now is a reason to wait, not a fault."""
    try:
        return await work
    except SendError:
        raise
    except CamtayError as error:
        reason = f"the token store: {type(error).__name__}"
    raise Retry(5.0, whole_account=True, reason=reason)
