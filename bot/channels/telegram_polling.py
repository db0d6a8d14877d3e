"""Fetching updates from Telegram so that none is confirmed before it is safe with us.

Telegram repeats an update until it is asked for a higher offset. (The polling that comes with
python-telegram-bot asks at once: a process killed then has lost what it had fetched.)
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram.error import InvalidToken, TelegramError

from bot.channels.base import Backoff, Sleep
from bot.channels.telegram_http import Client, TooMany
from bot.channels.telegram_inbox import ALLOWED_UPDATES, chat_id, update_id
from bot.core.errors import AccountDown

log = logging.getLogger(__name__)

WAIT_SECONDS = 30  # Telegram holds the answer so long when there is nothing to tell
GRACE_SECONDS = 15.0
LONGEST_PAUSE = 30.0

Handle = Callable[[object], Awaitable[None]]
"""Makes one raw update durable. Raises when it could not."""


class Polling:
    """Asks for updates, hands them on, and asks for the next once they are durable."""

    def __init__(self, client: Client, handle: Handle, sleep: Sleep) -> None:
        self._client = client
        self._handle = handle
        self._backoff = Backoff(sleep, LONGEST_PAUSE)
        self._offset: int | None = None

    async def run(self) -> None:
        """Until cancelled.

        Raises:
            AccountDown: the token is no longer accepted.
        """
        while True:
            await self._round()

    async def _round(self) -> None:
        try:
            updates = await self._fetch()
        except InvalidToken as error:
            raise AccountDown(error.message) from error
        except TelegramError as error:
            log.warning("telegram.polling_failed", extra={"error": repr(error)})
            return await self._backoff.pause(error.seconds if isinstance(error, TooMany) else 1.0)
        if await self._take(updates):
            self._backoff.reset()
        else:
            await self._backoff.pause()

    async def _fetch(self) -> object:
        data: dict[str, object] = {"timeout": WAIT_SECONDS, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            data["offset"] = self._offset
        return await self._client.call("getUpdates", data, read_timeout=WAIT_SECONDS + GRACE_SECONDS)

    async def _take(self, updates: object) -> bool:
        """Whether all went well. After a failure the offset stands before the first update that failed."""
        if not isinstance(updates, list):
            return False
        numbered = [(number, update) for update in updates if (number := update_id(update)) is not None]
        if not numbered:
            return not updates
        failed = await self._take_lanes(sorted(numbered, key=lambda pair: pair[0]))
        self._offset = failed if failed is not None else max(number for number, _ in numbered) + 1
        return failed is None

    async def _take_lanes(self, numbered: Sequence[tuple[int, object]]) -> int | None:
        """Chats side by side, each in its order. The lowest update id that failed, if any did."""
        lanes: dict[object, list[tuple[int, object]]] = {}
        for number, update in numbered:
            lanes.setdefault(chat_id(update), []).append((number, update))
        failures = await asyncio.gather(*(self._take_lane(lane) for lane in lanes.values()))
        return min((number for number in failures if number is not None), default=None)

    async def _take_lane(self, lane: Sequence[tuple[int, object]]) -> int | None:
        for number, update in lane:
            try:
                await self._handle(update)
            except Exception:
                log.exception("telegram.update_not_stored", extra={"update": number})
                return number
        return None
