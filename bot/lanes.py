"""One lane a chat: first come, first served, while other chats go on side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Lane:
    """One name's lock, and how many hold it or wait for it. `async with lane:` is a turn in it."""

    lanes: Lanes
    name: Hashable
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0

    async def __aenter__(self) -> None:
        self.users += 1
        try:
            await self.lock.acquire()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        self.lock.release()
        self._leave()

    def _leave(self) -> None:
        self.users -= 1
        if not self.users:
            self.lanes.forget(self.name)


class Lanes:
    """Lanes by name, which vanish when nobody is in them."""

    def __init__(self) -> None:
        self._lanes: dict[Hashable, Lane] = {}

    def of(self, name: Hashable) -> Lane:
        """The lane called `name`, to be entered at once; who waits for it gets it in the order they came."""
        return self._lanes.get(name) or self._lanes.setdefault(name, Lane(self, name))

    def forget(self, name: Hashable) -> None:
        del self._lanes[name]
