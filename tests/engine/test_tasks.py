"""Tasks end in sight: a main one takes the bot down, side ones are logged, stopping gives grace."""

from __future__ import annotations

import asyncio

import pytest

from bot.tasks import Supervisor


async def fail() -> None:
    raise RuntimeError("hỏng")


async def test_a_failing_main_task_surfaces() -> None:
    supervisor = Supervisor()
    supervisor.keep("sender", fail())
    supervisor.keep("another", fail())
    with pytest.raises(RuntimeError, match="hỏng"):
        await asyncio.wait_for(supervisor.failed, 1)
    await supervisor.stop(0.01)


async def test_a_main_task_may_end_by_itself() -> None:
    supervisor = Supervisor()
    supervisor.keep("webhook", asyncio.sleep(0))
    await asyncio.sleep(0.01)
    assert not supervisor.failed.done()
    await supervisor.stop(0.01)


async def test_a_failing_side_task_is_logged_and_nothing_more(caplog: pytest.LogCaptureFixture) -> None:
    supervisor = Supervisor()
    _ = supervisor.spawn(fail())
    await asyncio.sleep(0.01)
    assert [record.message for record in caplog.records] == ["task.failed"]
    assert not supervisor.failed.done()


async def test_stopping_lets_side_work_finish_but_not_for_ever() -> None:
    supervisor, done = Supervisor(), []

    async def side(seconds: float) -> None:
        await asyncio.sleep(seconds)
        done.append(seconds)

    supervisor.keep("main", side(60))
    for seconds in (0.01, 60):
        _ = supervisor.spawn(side(seconds))
    async with asyncio.timeout(1):
        await supervisor.stop(0.05)
    assert done == [0.01]
    assert supervisor._tasks == set()
