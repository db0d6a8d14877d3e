"""A sender at work on a scripted channel, for the tests that stop it and those that let it finish."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import select

from bot.channels.base import Capabilities
from bot.outgoing import Desk
from bot.sender import Sender
from bot.tasks import Supervisor
from storage.db import Database
from storage.schema import outbox as table
from tests.engine.kit import Scripted

SLOW = Capabilities(
    buttons=9, max_text=4000, max_caption=1000, files_out=True, media_by_url_only=False, pace=50, chat_pace=50
)


class Bench:
    """A sender with its channel, and the moment to stop."""

    def __init__(self, db: Database, desk: Desk, channel: Scripted, clock: Callable[[], datetime]) -> None:
        self.supervisor = Supervisor()
        self.sender = Sender(db, {"kenh": channel}, clock, self.supervisor.spawn, desk)
        self.db, self.channel = db, channel

    def start(self) -> None:
        self.supervisor.keep("sender", self.sender.run())

    async def stop(self, grace: float = 0.05) -> None:
        await self.supervisor.stop(grace)
        await self.sender.drain()

    async def states(self) -> dict[str, str]:
        rows = await self.db.run(lambda conn: conn.execute(select(table.c.body, table.c.state)).all())
        return {row.body["text"]: row.state for row in rows}


@asynccontextmanager
async def sending(db: Database, desk: Desk, channel: Scripted, clock: Callable[[], datetime]) -> AsyncIterator[Bench]:
    bench = Bench(db, desk, channel, clock)
    bench.start()
    try:
        yield bench
    finally:
        await bench.stop()


async def settled(bench: Bench, *states: str) -> None:
    """Until no row is queued or under way any more (or only in these states)."""
    for _ in range(400):
        if not {"queued", "sending"}.difference(states).intersection((await bench.states()).values()):
            return
        await asyncio.sleep(0.005)
    raise TimeoutError(await bench.states())
