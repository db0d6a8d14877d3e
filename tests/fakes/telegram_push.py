"""Webhook pushes of the fake Telegram: each chat in its order, chats side by side, repeated until 2xx."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.fakes.telegram_world import World

RETRY_SECONDS = 0.02


class Pusher:
    """`pushes` holds every attempt: (update id, status), with 0 where nobody answered."""

    def __init__(self, world: World, changed: Callable[[], None]) -> None:
        self.pushes: list[tuple[int, int]] = []
        self._world = world
        self._changed = changed
        self._lanes: dict[object, deque[int]] = {}
        self._tasks: dict[object, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def offer(self, update: dict[str, Any]) -> None:
        """Send it if there is a webhook; otherwise it waits for one, or for getUpdates."""
        if not self._world.webhook:
            return
        chat = _chat(update)
        lane = self._lanes.setdefault(chat, deque())
        lane.append(update["update_id"])
        if len(lane) == 1:
            self._tasks[chat] = asyncio.create_task(self._push_lane(chat, lane))

    def offer_all(self) -> None:
        underway = {number for lane in self._lanes.values() for number in lane}
        for number, update in list(self._world.updates.items()):
            if number not in underway:
                self.offer(update)

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    async def _push_lane(self, chat: object, lane: deque[int]) -> None:
        while lane and self._world.webhook:
            update = self._world.updates.get(lane[0])
            done = update is None or await self._push(update)
            if done:
                self._world.updates.pop(lane.popleft(), None)
            self._changed()
            if not done:
                await asyncio.sleep(RETRY_SECONDS)
        lane.clear()
        del self._tasks[chat]

    async def _push(self, update: dict[str, Any]) -> bool:
        status = await self._post(update)
        self.pushes.append((update["update_id"], status))
        return 200 <= status < 300

    async def _post(self, update: dict[str, Any]) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        secret = self._world.webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with self._session.post(self._world.webhook["url"], json=update, headers=headers) as response:
                await response.read()
                return response.status
        except aiohttp.ClientError:
            return 0


def _chat(update: dict[str, Any]) -> object:
    for part in update.values():
        if isinstance(part, dict):
            chat = part.get("chat") or part.get("message", {}).get("chat", {})
            return chat.get("id")
    return None
