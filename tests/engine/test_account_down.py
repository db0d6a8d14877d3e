"""An account that is refused: the office knows, the others go on, and it comes back without a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot import app
from bot.channels.base import Spawn, Take
from bot.context import House
from bot.core.errors import AccountDown
from bot.desk import Desk
from bot.sender import Sender
from bot.tasks import Supervisor
from bot.turn import Turns
from storage import mishaps
from storage.db import Database
from tests.engine.kit import FAST, Clock, Scripted, queue, until
from tests.engine.limits_kit import said_to, somebody


@dataclass
class Refusing(Scripted):
    """Refused as often as `refusals` says, at the start or while receiving."""

    refusals: list[str] = field(default_factory=list)
    closed: int = 0
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    down: Mapping[str, str] | str = ""

    async def start(self, take: Take, spawn: Spawn) -> None:
        self._refuse("start")

    async def receive(self) -> None:
        self._refuse("receive")
        await self.stopped.wait()

    async def close(self) -> None:
        self.closed += 1

    def _refuse(self, where: str) -> None:
        if self.refusals[:1] == [where]:
            self.refusals.pop(0)
            raise AccountDown


@asynccontextmanager
async def connected(db: Database, house: House, channel: Refusing, clock: Clock) -> AsyncIterator[app._Line]:
    supervisor = Supervisor()
    desk = Desk(house, {"kenh": FAST, "web": FAST}, accounts={"kenh": ("mot",)})
    sender = Sender(db, {"kenh": channel}, clock, supervisor.spawn, desk)
    line = app._Line(channel, db, desk, clock, Turns(db, desk, clock, sender.heard), supervisor, sender)
    await line.connect()
    supervisor.keep("sender", sender.run())
    supervisor.keep("receive", line.receive())
    try:
        yield line
    finally:
        channel.stopped.set()
        await supervisor.stop()


@pytest.mark.parametrize("refusals", [["start"], ["start", "start"], ["receive"], ["receive", "start"]])
async def test_it_is_told_once_a_day_tried_again_and_comes_back(
    db: Database, house: House, clock: Clock, refusals: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "RETRY_AFTER", 0.05)
    channel, times = Refusing(refusals=list(refusals)), len(refusals)
    [office] = await db.run(somebody, "Phòng", ("web", "web"), role="office")
    async with connected(db, house, channel, clock):
        await until(lambda: channel.closed == times)
        await db.run(queue, "1", ["chờ"])
        await until(lambda: channel.texts == ["chờ"])
    [told] = await db.run(said_to, office)
    assert told.startswith("Kênh kenh không nhận mã kết nối nữa")
    assert [mishap.ref for mishap in await db.run(mishaps.recent)] == ["down:kenh:2026-11-24"]


async def test_its_messages_wait_while_it_is_refused(db: Database, house: House, clock: Clock) -> None:
    channel = Refusing(refusals=["start"])
    async with connected(db, house, channel, clock) as line:
        await db.run(queue, "1", ["chờ"])
        line.sender.wake()
        await asyncio.sleep(0.05)
        assert channel.tried == []


@pytest.mark.parametrize(
    ("down", "refs"),
    [
        ({}, set()),
        ("", set()),
        ({"bot 2": "401", "bot 3": "401"}, {"down:kenh:bot 2:2026-11-24", "down:kenh:bot 3:2026-11-24"}),
        ("token", {"down:kenh:2026-11-24"}),
    ],
)
async def test_one_of_several_that_is_refused_is_told_of_too(
    db: Database, house: House, clock: Clock, down: Mapping[str, str] | str, refs: set[str]
) -> None:
    async with connected(db, house, Refusing(down=down), clock) as line:
        for _ in range(2):
            await line.tell_refused()
    assert {mishap.ref for mishap in await db.run(mishaps.recent)} == refs
