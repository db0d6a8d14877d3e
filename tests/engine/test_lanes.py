"""One lane a chat: in the order of coming, whatever happens to those who wait."""

from __future__ import annotations

import asyncio

import pytest

from bot.lanes import Lanes


async def test_first_come_first_served_and_others_side_by_side() -> None:
    lanes, seen, inside = Lanes(), [], []

    async def pass_(name: str, number: int) -> None:
        async with lanes.of(name):
            inside.append(name)
            assert inside.count(name) == 1
            await asyncio.sleep(0)
            inside.remove(name)
            seen.append((name, number))

    await asyncio.gather(*(pass_(name, number) for number in range(50) for name in "ab"))
    assert [number for name, number in seen if name == "a"] == list(range(50))
    assert lanes._lanes == {}


async def test_who_gives_up_waiting_or_fails_inside_blocks_nobody() -> None:
    lanes = Lanes()

    async def enter(work: float) -> None:
        async with lanes.of("a"):
            await asyncio.sleep(work)
            raise RuntimeError

    async with asyncio.timeout(1):
        first, second, third = (asyncio.ensure_future(enter(work)) for work in (0.01, 60, 0))
        await asyncio.sleep(0)
        second.cancel()
        for task in (first, third):
            with pytest.raises(RuntimeError):
                await task
    assert lanes._lanes == {}
