"""The stream of a web conversation: every answer arrives exactly once, live or after a break."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientResponse

from bot.channels.web import Limits
from tests.channels.web_kit import Browser, browser, build, read_event, serving


async def test_a_stream_tells_what_was_missed_then_what_is_new(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        stream = await phone.get(f"{seat}events")
        assert stream.content_type == "text/event-stream"
        assert "Mã: BACSON7" in (await read_event(stream))["text"]
        await phone.say(seat, text="xong")
        assert "Đã nghe: xong" in (await read_event(stream))["text"]
        stream.close()


async def open_after(phone: Browser, seat: str, cursor: str, how: str) -> ClientResponse:
    if how == "header":
        return await phone.get(f"{seat}events", **{"Last-Event-ID": cursor})
    return await phone.get(f"{seat}events?after={cursor}")


@pytest.mark.parametrize("how", ["header", "query"])
async def test_after_a_break_everything_missed_comes_exactly_once(tmp_path: Path, how: str) -> None:
    house = build(tmp_path, limits=Limits(at_once=7))
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        stream = await phone.get(f"{seat}events")
        cursor = (await read_event(stream))["id"]
        stream.close()
        chat = house.taken[0].chat
        for number in range(40):
            house.say(chat, f"Tin {number}")
        stream = await open_after(phone, seat, cursor, how)
        for number in range(40):
            assert (await read_event(stream))["text"] == f"Tin {number}"
        house.say(chat, "Tin mới")
        assert (await read_event(stream))["text"] == "Tin mới"
        stream.close()


async def test_what_is_said_while_a_page_is_told_is_not_missed(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        stream = await phone.get(f"{seat}events")
        await read_event(stream)
        chat = house.taken[0].chat
        for number in range(200):
            house.say(chat, f"Tin {number}")
            if number % 7 == 0:
                await asyncio.sleep(0)
        assert [(await read_event(stream))["text"] for _ in range(200)] == [f"Tin {number}" for number in range(200)]
        stream.close()


async def test_a_quiet_stream_beats_and_finds_what_nobody_rang_for(tmp_path: Path) -> None:
    """Another process may have sent it."""
    house = build(tmp_path, limits=Limits(heartbeat=0.05))
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        stream = await phone.get(f"{seat}events")
        await read_event(stream, "beat")
        lines = house.store.chats[house.taken[0].chat]
        lines.append(replace(lines[0], cursor="later-1", text="Tin từ máy khác"))
        assert (await read_event(stream))["text"] == "Tin từ máy khác"
        stream.close()


async def test_the_oldest_stream_of_a_seat_gives_way(tmp_path: Path) -> None:
    house = build(tmp_path, limits=Limits(streams_of_seat=2))
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        streams = []
        for _ in range(3):
            streams.append(await phone.get(f"{seat}events"))
            await read_event(streams[-1])
        await read_event(streams[0], "crowded")
        assert await streams[0].content.read() == b""
        house.say(house.taken[0].chat, "Tin mới")
        for stream in streams[1:]:
            assert (await read_event(stream))["text"] == "Tin mới"
            stream.close()


async def test_a_full_house_asks_to_look_by_hand(tmp_path: Path) -> None:
    house = build(tmp_path, limits=Limits(streams=1))
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        stream = await phone.get(f"{seat}events")
        assert (await phone.get(f"{seat}events")).status == 503
        assert len(await phone.lines(seat)) == 1
        stream.close()


async def test_a_stream_does_not_live_for_ever(tmp_path: Path) -> None:
    house = build(tmp_path, limits=Limits(heartbeat=0.02, stream_life=60))
    async with serving(house) as base, browser(base) as phone:
        stream = await phone.get(f"{await phone.enter()}events")
        await read_event(stream)
        house.clock.forward(61)
        async with asyncio.timeout(2):
            await stream.content.read()


async def test_closing_ends_the_streams_at_once(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with browser("") as phone, serving(house) as base:
        phone.base = base
        seat = await phone.enter()
        stream = await phone.get(f"{seat}events")
        await read_event(stream, "beat")
        await house.channel.close()
        async with asyncio.timeout(0.5):
            await stream.content.read()
        assert (await phone.get(f"{seat}events")).status == 503
        assert (await phone.say(seat, text="xong")).status == 503
