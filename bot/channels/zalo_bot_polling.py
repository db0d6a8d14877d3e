"""Fetching updates from Zalo one by one, and keeping each in hand until it is safe with us.

Reading consumes: Zalo has no offset and keeps nothing. An update that cannot be stored is therefore held here and
tried again before the next one is asked for; a power cut in between loses it, as does one between Zalo's answer
and our storing it. A webhook has the first of these gaps only if Zalo does not repeat what we answer with 500.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic

from bot.channels.base import Backoff, Sleep, Spawn
from bot.channels.zalo_bot_http import NO_NEWS, UNAUTHORIZED, Client, Page, Refused, ZaloError
from bot.channels.zalo_bot_inbox import events
from bot.core.errors import AccountDown

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
_TOO_QUICK = 1.0  # an answer without news that comes sooner than this did not wait for any
_QUICK_IN_A_ROW = 3

Handle = Callable[[object], Awaitable[None]]
"""Makes one raw update durable. Raises when it could not."""


class Polling:
    """The one poller of a token. `bot` is what the bot is called in the log."""

    def __init__(self, client: Client, handle: Handle, spawn: Spawn, sleep: Sleep, bot: str) -> None:
        self._client = client
        self._handle = handle
        self._spawn = spawn
        self._sleep = sleep
        self._bot = bot
        self._backoff = Backoff(sleep, LONGEST_PAUSE)
        self._quick = 0

    async def run(self) -> None:
        """Until cancelled.

        Raises:
            AccountDown: the token is no longer accepted.
        """
        while True:
            await self._round()

    async def _round(self) -> None:
        asked = monotonic()
        try:
            updates = await self._fetch()
        except ZaloError as error:
            if isinstance(error, Refused) and error.code == UNAUTHORIZED:
                raise AccountDown(str(error)) from error
            log.warning("zalo_bot.polling_failed", extra={"bot": self._bot, "error": str(error)})
            return await self._backoff.pause()
        for update in updates:
            await self._keep(update)
        if self._answers_come_at_once(updates, monotonic() - asked):
            await self._backoff.pause()
        else:
            self._backoff.reset()

    async def _fetch(self) -> list[object]:
        wait = self._client.timeouts.poll
        try:
            result = await self._client.call(
                "getUpdates", {"timeout": int(wait)}, seconds=wait + self._client.timeouts.poll_grace
            )
        except ZaloError as error:
            if _is_idle(error):
                return []
            raise
        return events(result)

    def _answers_come_at_once(self, updates: list[object], seconds: float) -> bool:
        """Without this an odd answer would be asked for again and again without a pause."""
        self._quick = self._quick + 1 if not updates and seconds < _TOO_QUICK else 0
        return self._quick > _QUICK_IN_A_ROW

    async def _keep(self, update: object) -> None:
        """Returns once the update is stored. The storing goes on when we are stopped meanwhile."""
        stored = asyncio.Event()
        self._spawn(self._store(update, stored))
        _ = await stored.wait()

    async def _store(self, update: object, stored: asyncio.Event) -> None:
        backoff = Backoff(self._sleep, LONGEST_PAUSE)
        while not stored.is_set():
            try:
                await self._handle(update)
                stored.set()
            except Exception:  # Zalo keeps nothing: what failed is held and tried again, whatever it was
                log.exception("zalo_bot.update_not_stored", extra={"bot": self._bot})
                await backoff.pause()


def _is_idle(error: ZaloError) -> bool:
    """Measured under HTTP 200, and recorded as a real 408: both are the ordinary end of a poll."""
    return (isinstance(error, Refused) and error.code == NO_NEWS) or (
        isinstance(error, Page) and error.status == NO_NEWS
    )
