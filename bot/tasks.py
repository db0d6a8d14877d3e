"""The one supervised place where tasks start: none is lost, none fails in silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("camtay.tasks")


class Supervisor:
    """Keeps every task it started until it ends. A main task that fails takes the whole bot down, loudly."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._main: set[asyncio.Task[None]] = set()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Side work that nobody waits for; a failure is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def keep(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Work that must go on as long as the bot runs (or end by itself without an error)."""
        task = self.spawn(work)
        task.set_name(name)
        self._main.add(task)

    async def stop(self, grace: float = 5.0) -> None:
        """Cancel the main work, let the side work finish within `grace` seconds, cancel the rest."""
        await _cancel(self._main)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        await _cancel(self._tasks)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        was_main = task in self._main
        self._main.discard(task)
        if task.cancelled() or not (error := task.exception()):
            return
        log.error("task.failed", exc_info=error, extra={"task": task.get_name()})
        if was_main and not self.failed.done():
            self.failed.set_exception(error)


async def _cancel(tasks: set[asyncio.Task[None]]) -> None:
    stopping = list(tasks)
    for task in stopping:
        task.cancel()
    await asyncio.gather(*stopping, return_exceptions=True)
