"""Stopping the sender, and a database that is busy: at any moment, nothing is forgotten and nothing doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.core.messages import Rank
from bot.outgoing import Desk
from storage import outbox
from storage.db import Busy, Conn, Database
from tests.engine.bench import SLOW, Bench, settled
from tests.engine.kit import Clock, Scripted, queue, until


async def test_stopping_lets_what_is_under_way_arrive_and_records_it(db: Database, desk: Desk, clock: Clock) -> None:
    await db.run(queue, "1", ["a1", "a2"])
    channel = Scripted(hold=asyncio.Event())
    bench = Bench(db, desk, channel, clock)
    bench.start()
    await until(lambda: channel.under_way == 1)
    asyncio.get_running_loop().call_later(0.02, channel.hold.set)  # type: ignore[union-attr]
    await bench.stop(grace=2.0)
    assert await bench.states() == {"a1": "sent", "a2": "sent"}


async def test_what_hangs_at_the_stop_is_in_doubt_and_what_was_not_begun_is_not(
    db: Database, desk: Desk, clock: Clock
) -> None:
    await db.run(partial(queue, twice_ok=False), "1", ["a1", "a2"])
    await db.run(partial(queue, twice_ok=False, rank=Rank.BULK), "2", ["n1"])
    slow = Scripted(capabilities=SLOW, hold=asyncio.Event())
    bench = Bench(db, desk, slow, clock)
    bench.sender._pace["kenh"].pause("mot", 15)
    bench.start()
    await until(lambda: slow.under_way == 1)
    await bench.stop()
    assert await bench.states() == {"a1": "unknown", "a2": "queued", "n1": "queued"}


async def test_stopping_at_any_moment_leaves_nothing_claimed_and_doubles_nothing(
    db: Database, desk: Desk, clock: Clock
) -> None:
    def fill(conn: Conn) -> None:
        for chat in range(40):
            queue(conn, f"c{chat}", [f"{chat}-{n}" for n in range(5)], twice_ok=False)

    await db.run(fill)
    channel = Scripted()
    for steps in range(0, 60, 2):
        bench = Bench(db, desk, channel, clock)
        bench.start()
        for _ in range(steps):
            await asyncio.sleep(0)
        await bench.stop(grace=1.0)
        assert "sending" not in (await bench.states()).values(), steps
    bench = Bench(db, desk, channel, clock)
    bench.start()
    await settled(bench)
    await bench.stop()
    assert sorted(channel.texts) == sorted(await bench.states())
    for chat in range(40):
        assert [text for text in channel.texts if text.startswith(f"{chat}-")] == [f"{chat}-{n}" for n in range(5)]


class Flaky(Database):
    """Busy every other time."""

    def __init__(self, under: Database) -> None:
        self.under, self.turns = under, 0

    async def _run(self, job: Callable[[Conn], Any]) -> Any:
        self.turns += 1
        return (None, Busy()) if self.turns % 2 else await self.under._run(job)

    async def close(self) -> None: ...


async def test_a_busy_database_forgets_no_outcome(
    db: Database, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sender._BUSY_PAUSE", 0.001)
    monkeypatch.setattr("bot.sender._LONGEST_SLEEP", 0.01)  # so that resting meets the busy database too
    await db.run(queue, "1", ["a1", "a2"])
    channel = Scripted()
    bench = Bench(Flaky(db), desk, channel, clock)
    bench.start()
    for _ in range(400):
        if set((await Bench(db, desk, channel, clock).states()).values()) == {"sent"}:
            break
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)
    assert not bench.supervisor.failed.done()
    await bench.supervisor.stop(0.05)
    assert channel.texts == ["a1", "a2"]
    assert await db.run(outbox.backlog) == {"queued": 0, "sending": 0}
