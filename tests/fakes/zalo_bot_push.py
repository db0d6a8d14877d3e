"""How the fake Zalo tries a webhook and delivers to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.fakes.zalo_bot_rules import Modes
from tests.fakes.zalo_bot_world import Bot, Update

USER_AGENT = "Java/1.8.0_192"
DEADLINE = 5.0


class Pusher:
    """`pushes` holds every attempt: (message id, status), with 0 where nobody answered.

    While `held` is a list, deliveries wait in it; `release` sends them, in another order if asked.
    """

    def __init__(self, modes: Modes, changed: Callable[[], None]) -> None:
        self.pushes: list[tuple[str, int]] = []
        self.held: list[tuple[Bot, Update]] | None = None
        self._modes = modes
        self._changed = changed
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DEADLINE))

    def offer(self, bot: Bot, update: Update) -> None:
        if self.held is not None:
            self.held.append((bot, update))
            return
        task = asyncio.create_task(self._push(bot, update, self._last.get(bot.id)))
        self._last[bot.id] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def release(self, *, backwards: bool = False) -> None:
        held, self.held = self.held or [], None
        for bot, update in reversed(held) if backwards else held:
            self.offer(bot, update)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.session.close()

    async def verification(self, url: str) -> dict[str, Any]:
        """An empty POST without a content type and without the secret."""
        began = time.monotonic()
        status, outcome = await self._try(url)
        return {
            "ok": outcome == "webhook.ok",
            "url": url,
            "status_code": status,
            "outcome": outcome,
            "latency_ms": int((time.monotonic() - began) * 1000),
            "hint": "",
        }

    async def _try(self, url: str) -> tuple[int, str]:
        try:
            async with self.session.post(url, headers={"User-Agent": USER_AGENT}) as response:
                return response.status, _outcome(response.status)
        except aiohttp.ClientConnectorDNSError:
            return 0, "webhook.err.dns"
        except aiohttp.ClientSSLError:
            return 0, "webhook.err.tls"
        except aiohttp.ClientConnectorError:
            return 0, "webhook.err.conn"
        except TimeoutError:
            return 0, "webhook.err.timeout"
        except aiohttp.ClientError:
            return 0, "webhook.err.other"

    async def _push(self, bot: Bot, update: Update, before: asyncio.Task[None] | None) -> None:
        """One bot's deliveries go one after the other."""
        if before:
            _ = await asyncio.wait([before])
        for _ in range(1 + self._modes.redeliver):
            status = await self._post(bot.webhook, update)
            message = update.get("message")
            self.pushes.append((str(message.get("message_id", "")) if isinstance(message, dict) else "", status))
            self._changed()
            if status == 200:
                return

    async def _post(self, webhook: dict[str, Any], update: Update) -> int:
        body = {"ok": True, "result": update} if self._modes.wrapped else update
        headers = {"User-Agent": USER_AGENT, "X-Bot-Api-Secret-Token": webhook["secret_token"]}
        try:
            async with self.session.post(webhook["url"], json=body, headers=headers) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def _outcome(status: int) -> str:
    if status == 200:
        return "webhook.ok"
    if status >= 500:
        return "webhook.http.5xx"
    return f"webhook.http.{status}" if status in (403, 404) else "webhook.http.other"
