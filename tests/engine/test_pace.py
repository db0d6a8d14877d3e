"""The sliding window: never more than the rate, from the first moment on."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest

from bot.channels.base import Capabilities
from bot.pace import Pace, Window


def can(pace: float, chat_pace: float = 1e6) -> Capabilities:
    return Capabilities(
        buttons=5,
        max_text=4000,
        max_caption=1000,
        files_out=True,
        media_by_url_only=False,
        pace=pace,
        chat_pace=chat_pace,
    )


@pytest.mark.parametrize("rate", [0.5, 1.0, 1.5, 3.0, 25.0])
def test_no_second_ever_holds_more_than_the_rate(rate: float) -> None:
    window, now, times = Window(rate), 0.0, []
    while now < 20:
        now += window.wait(now)
        window.add(now)
        times.append(now)
        now += 0.001
    span = max(1.0, 1 / rate)
    fullest = max(sum(start <= time < start + span for time in times) for start in times)
    assert fullest <= max(1, rate)
    assert len(times) >= 20 * int(max(rate, 1)) * min(1.0, rate) - 1


async def test_of_many_that_wait_only_as_many_go_as_there_is_room() -> None:
    pace, gone = Pace(can(20)), []

    async def go(number: int) -> None:
        await pace.turn_of("mot", str(number))
        gone.append(monotonic())

    began = monotonic()
    await asyncio.gather(*map(go, range(22)))
    assert gone[19] - began < 0.5
    assert gone[20] - began >= 0.99


async def test_one_chat_waits_while_others_go() -> None:
    pace = Pace(can(1000, chat_pace=1))
    assert await pace.turn_of("mot", "a") == 0
    async with asyncio.timeout(0.5):
        assert await pace.turn_of("mot", "b") == 0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pace.turn_of("mot", "a")


async def test_a_long_pause_is_not_waited_for_here() -> None:
    pace = Pace(can(1000))
    pace.pause("mot", 3600)
    assert 3500 < await pace.turn_of("mot", "a") <= 3600
    assert await pace.turn_of("hai", "a") == 0


async def test_answers_count_too() -> None:
    pace = Pace(can(5))
    for _ in range(5):
        pace.count("mot", "a")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pace.turn_of("mot", "b")


def test_quiet_windows_are_forgotten_and_busy_ones_kept() -> None:
    window = Window(25)
    window.add(10.0)
    assert not window.is_quiet(10.5)
    assert window.is_quiet(11.0)
    pace = Pace(can(1e9), lambda: 10.0)
    for number in range(10_050):
        pace.count("mot", str(number))
    assert len(pace._windows) > 10_000, "all of these still count"
