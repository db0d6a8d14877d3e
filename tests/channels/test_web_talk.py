"""The web conversation: what is said arrives once, and what is not ours, too long or too much is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Channel
from bot.channels.web import Limits, Rate
from bot.channels.web_media import MediaShelf
from bot.core.messages import Kind, Parcel
from tests.channels.web_kit import FETCH, PICTURE, USUAL, VOICE, browser, build, serving


async def test_what_is_typed_and_tapped_reaches_the_house(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        assert (await phone.say(seat, id="typed-001", text="  lam duoc roi\x00\n")).status == 200
        assert (await phone.say(seat, id="tapped-01", choice="guide:done:1")).status == 200
        _, typed, tapped = house.taken
        assert (typed.kind, typed.text) == (Kind.TEXT, "lam duoc roi")
        assert (tapped.kind, tapped.text) == (Kind.TAP, "guide:done:1")
        assert typed.message == f"{typed.chat}-typed-001"
        assert typed.sent_at == house.clock()


async def test_what_is_sent_again_counts_once(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        for _ in range(3):
            assert (await phone.say(seat, text="xong")).status == 200
        assert len(house.taken) == 2
        assert len(await phone.lines(seat)) == 2


async def test_two_people_may_use_the_same_id(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as one, browser(base) as two:
        for phone in (one, two):
            await phone.say(await phone.enter(), text="xong")
        assert len(house.taken) == 4


async def test_a_lost_message_is_not_acknowledged(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        house.failing = 1
        answer = await phone.say(seat, text="xong")
        assert answer.status == 500
        assert "máy chủ" in (await answer.json())["says"]
        assert (await phone.say(seat, text="xong")).status == 200
        assert len(house.taken) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"\xff\xfe", 400),
        (b'{"text": "no id"}', 400),
        (b'{"id": "short", "text": "x"}', 400),
        (b'{"id": "message-1"}', 400),
        (b'{"id": "message-1", "text": "  "}', 400),
        (b'{"id": "message-1", "text": 7}', 400),
        (b'{"id": "message-1", "text": "\\ud800"}', 400),
        (b'{"id": "message 1\\n", "text": "x"}', 400),
        (b'{"id": "message-1", "choice": "menu main"}', 400),
        (b'{"id": "message-1", "choice": "' + b"x" * 61 + b'"}', 400),
        (b'{"id": "message-1", "choice": {"a": 1}}', 400),
        (b"[" * 20_000, 400),
        (json.dumps({"id": "message-1", "text": "ồ" * 1400}).encode(), 413),
        (b" " * 40_000, 413),
    ],
)
async def test_what_no_page_of_ours_sends_is_refused(tmp_path: Path, body: bytes, status: int) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        answer = await phone.post(f"{await phone.enter()}say", body, FETCH)
        assert answer.status == status
        assert (await answer.json())["says"]
        assert len(house.taken) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Camtay": "1"},
        {"Sec-Fetch-Site": "same-origin"},
        {"X-Camtay": "1", "Sec-Fetch-Site": "cross-site"},
        {"X-Camtay": "1", "Origin": "https://evil.example"},
        {"X-Camtay": "1", "Origin": "null"},
    ],
)
async def test_other_sites_say_nothing(tmp_path: Path, headers: dict[str, str]) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        answer = await phone.post(f"{await phone.enter()}say", b'{"id": "message-1", "text": "x"}', headers)
        assert answer.status == 403
        assert len(house.taken) == 1


@pytest.mark.parametrize("path", ["", "history", "events"])
async def test_without_the_cookie_nothing_is_seen(tmp_path: Path, path: str) -> None:
    async with serving(build(tmp_path)) as base, browser(base) as phone, browser(base) as stranger:
        assert (await stranger.get(await phone.enter() + path)).status == 401


@pytest.mark.parametrize("token", ["x", "A" * 43, "../" * 14 + "x", "A" * 5000])
async def test_an_invented_token_creates_nobody(tmp_path: Path, token: str) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as stranger:
        headers = {**FETCH, "Cookie": f"camtay={token}"}
        answer = await stranger.post("/s/0123abcd/say", b'{"id": "message-1", "text": "x"}', headers)
        assert answer.status == 401
        assert not house.store.chats


async def test_markup_stays_text(tmp_path: Path) -> None:
    evil = '</script><script>alert(1)</script><img src=x onerror="alert(1)">'
    house = build(tmp_path, codes=(evil[:40].upper(),))
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter(evil[:40])
        await phone.say(seat, text=evil)
        answer = await phone.get(f"{seat}history")
        assert answer.content_type == "application/json"
        assert evil in (await answer.json())["lines"][-1]["text"]
        assert "alert(1)" not in await (await phone.get(seat)).text()
        door = await (await phone.post("/vao", {"ma": '"><script>alert(1)'})).text()
        assert "&gt;&lt;script&gt;alert(1)" in door


async def test_asking_by_hand_tells_the_same_as_the_stream(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        first = (await phone.lines(seat))[0]
        assert await phone.lines(seat, first["cursor"]) == []
        await phone.say(seat, text="xong")
        assert ["Đã nghe: xong" in line["text"] for line in await phone.lines(seat, first["cursor"])] == [True]
        assert len(await phone.lines(seat, "no such place")) == 2


async def test_a_line_carries_its_choices_and_its_media(tmp_path: Path) -> None:
    (tmp_path / "android").mkdir()
    (tmp_path / PICTURE.path).write_bytes(b"png")
    (tmp_path / VOICE.path).write_bytes(b"mp3")
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        chat = house.taken[0].chat
        house.say(chat, "Bước 3", USUAL, PICTURE)
        house.say(chat, "", (), VOICE)
        _, step, voice = await phone.lines(seat)
        assert step["choices"][0] == ["guide:done:1", "Làm được rồi"]
        assert step["picture"]["alt"] == PICTURE.alt
        assert (await phone.get(step["picture"]["src"])).status == 200
        assert voice["voice"]["src"].startswith("/media/android/buoc-3.mp3")


async def test_of_a_picture_whose_file_is_gone_the_words_remain(tmp_path: Path) -> None:
    house = build(tmp_path)
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        house.say(house.taken[0].chat, "Bước 3", USUAL, PICTURE)
        step = (await phone.lines(seat))[-1]
        assert "picture" not in step
        assert step["text"] == f"Bước 3\n\n{PICTURE.alt}"


def test_the_shelf_has_an_address_only_for_what_stands_on_it(tmp_path: Path) -> None:
    (tmp_path / "buoc 1.png").write_bytes(b"png")
    (tmp_path / "guide.yaml").write_text("x")
    shelf = MediaShelf(tmp_path)
    assert (shelf.address("buoc 1.png") or "").startswith("/media/buoc%201.png?v=")
    assert [shelf.address(path) for path in ("gone.png", "guide.yaml", "../x.png", "")] == [None] * 4


@pytest.mark.parametrize("window", ["said_by_seat", "said_by_address"])
async def test_a_flood_is_stopped_politely(tmp_path: Path, window: str) -> None:
    rates: dict[str, Any] = {window: Rate(3, 30)}
    house = build(tmp_path, limits=Limits(**rates))
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        statuses = [(await phone.say(seat, id=f"message-{n}", text="x")).status for n in range(4)]
        assert statuses == [200, 200, 200, 429]
        answer = await phone.say(seat, id="message-3", text="x")
        assert 1 <= int(answer.headers["Retry-After"]) <= 30
        assert "tự gửi lại" in (await answer.json())["says"]
        house.clock.forward(31)
        assert (await phone.say(seat, id="message-3", text="x")).status == 200
        assert len(house.taken) == 5


async def test_looking_too_often_is_stopped_too(tmp_path: Path) -> None:
    house = build(tmp_path, limits=Limits(looks_by_seat=Rate(2, 60)))
    async with serving(house) as base, browser(base) as phone:
        seat = await phone.enter()
        assert [(await phone.get(f"{seat}history")).status for _ in range(3)] == [200, 200, 429]
        assert (await phone.get(f"{seat}events")).status == 429


async def test_sending_is_nothing_but_a_number(tmp_path: Path) -> None:
    channel: Channel = build(tmp_path).channel
    assert await channel.send(Parcel(17, "web", "web", "somebody", "Chào")) == "17"
    assert (channel.accounts, channel.hooks(), channel.name) == (("web",), (), "web")
    channel.settled(Parcel(17, "web", "web", "nobody listens", "Chào"))
    await channel.receive()
