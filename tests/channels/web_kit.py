"""A web channel on a real server, with a house behind it that lives in memory and answers by a small script."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar, web

from bot.channels.base import Papers
from bot.channels.web import Cursor, Limits, Line, WebChannel
from bot.core.messages import Choice, Incoming, Kind, Media, MediaKind, Paper, Parcel

CONSTANT = (Choice("nav:back", "Quay lại"), Choice("help:ask", "Nhờ người giúp"))
USUAL = (Choice("guide:done:1", "Làm được rồi"), Choice("guide:not_yet:1", "Chưa được"), *CONSTANT)
FETCH = {"X-Camtay": "1", "Sec-Fetch-Site": "same-origin"}
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@dataclass(slots=True)
class Clock:
    """Moves only when a test says so."""

    now: datetime = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class MemoryStore:
    """The web channel's Store without a database."""

    def __init__(self, *codes: str) -> None:
        self.codes = set(codes)
        self.chats: dict[str, list[Line]] = {}
        self.papers: dict[tuple[str, int], Paper] = {}

    async def admit(self, code: str) -> bool:
        return code.upper() in self.codes

    async def knows(self, chat: str) -> bool:
        return chat in self.chats

    async def paper(self, chat: str, number: int) -> Paper | None:
        return self.papers.get((chat, number))

    async def history(self, chat: str, after: Cursor | None, limit: int) -> list[Line]:
        lines = self.chats.get(chat, [])
        places = [place for place, line in enumerate(lines, 1) if line.cursor == after]
        return lines[places[0] :][:limit] if places else lines[-limit:]


class EverybodyIsInvited:
    """A demo door."""

    roles: Sequence[tuple[str, str, str]] = (
        ("newcomer", "Đảng viên mới", "Lần đầu gặp trợ lý: làm quen, rồi cài từng bước."),
        ("member", "Đảng viên thôn Nà Pán", "Học bài cài Android, bấm Nhờ người giúp."),
        ("helper", "Người hỗ trợ (tổ công nghệ số)", "Nhận lời nhờ giúp ở thôn Nà Pán."),
    )

    async def code_for(self, role: str) -> str:
        return "" if role == "newcomer" else f"{role.upper()}-1"


@dataclass(slots=True)
class House:
    """Remembers what came in, once each, and answers like a guide would."""

    store: MemoryStore
    clock: Clock
    channel: WebChannel
    taken: list[Incoming] = field(default_factory=list)
    failing: int = 0

    async def take(self, incoming: Incoming) -> None:
        if self.failing:
            self.failing -= 1
            raise RuntimeError("the house is on fire")
        if incoming.message in {known.message for known in self.taken}:
            return
        self.taken.append(incoming)
        self.store.chats.setdefault(incoming.chat, [])
        if incoming.kind is Kind.START:
            self.say(incoming.chat, f"Chào bác ạ. Mã: {incoming.text or 'chưa có'}.", USUAL)
        else:
            self.say(incoming.chat, f"Cài trên máy Android · Bước 3 trong 9\n\nĐã nghe: {incoming.text}", USUAL)

    def say(self, chat: str, text: str, choices: tuple[Choice, ...] = (), media: Media | None = None) -> None:
        lines = self.store.chats[chat]
        number = len(lines) + 1
        lines.append(Line(f"{int(self.clock().timestamp())}-{number}", text, self.clock(), choices, media))
        self.channel.settled(Parcel(number, "web", "web", chat, text, choices, media))

    def texts(self, chat: str) -> list[str]:
        return [line.text for line in self.store.chats[chat]]


def nothing_to_spawn(work: Coroutine[Any, Any, None]) -> None:
    work.close()


def build(
    guides: Path,
    *,
    codes: Sequence[str] = ("BACSON7",),
    demo: bool = False,
    secure: bool = False,
    limits: Limits | None = None,
    behind_proxy: bool = False,
    store: MemoryStore | None = None,
    papers: Papers | None = None,
) -> House:
    store, clock = store or MemoryStore(*codes), Clock()
    channel = WebChannel(
        store,
        secure=secure,
        demo=EverybodyIsInvited() if demo else None,
        guides=guides,
        clock=clock,
        public_name="Xã Bắc Sơn",
        behind_proxy=behind_proxy,
        limits=limits,
        papers=papers,
    )
    return House(store, clock, channel)


@asynccontextmanager
async def serving(house: House, port: int = 0) -> AsyncIterator[str]:
    """The address of a real server with this channel's routes, for as long as the block runs."""
    await house.channel.start(house.take, nothing_to_spawn)
    application = web.Application()
    application.router.add_routes([*house.channel.routes(), house.channel.stray()])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await house.channel.close()
        await runner.cleanup()


@dataclass(slots=True)
class Browser:
    """One browser: its cookies, and nothing it was not given."""

    base: str
    http: ClientSession

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.http.get(self.base + path, allow_redirects=False, headers=headers)

    async def post(self, path: str, data: Any = None, headers: dict[str, str] | None = None) -> ClientResponse:
        own = OWN_PAGE if headers is None else headers
        return await self.http.post(self.base + path, data=data, headers=own, allow_redirects=False)

    async def enter(self, code: str = "BACSON7") -> str:
        """The path of a new seat."""
        answer = await self.post("/vao", {"ma": code})
        assert answer.status == 303, await answer.text()
        return answer.headers["Location"]

    async def play(self, role: str) -> str:
        answer = await self.post(f"/demo/{role}")
        assert answer.status == 303
        return answer.headers["Location"]

    async def say(self, seat: str, **said: Any) -> ClientResponse:
        body = json.dumps({"id": "message-1", **said})
        return await self.post(f"{seat}say", body, FETCH)

    async def lines(self, seat: str, after: str = "") -> list[dict[str, Any]]:
        answer = await self.get(f"{seat}history?after={after}")
        assert answer.status == 200
        lines: list[dict[str, Any]] = (await answer.json())["lines"]
        return lines


@asynccontextmanager
async def browser(base: str) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        yield Browser(base, http)


async def read_event(answer: ClientResponse, name: str = "line") -> dict[str, Any]:
    """The next server-sent event of this name; others are passed over."""
    async with asyncio.timeout(3):
        while True:
            event: dict[str, str] = {}
            while raw := (await answer.content.readuntil(b"\n")).decode().rstrip("\n"):
                key, _, value = raw.partition(": ")
                event[key] = value
            if event.get("event") == name:
                data = json.loads(event["data"])
                return {"id": event.get("id"), **data} if isinstance(data, dict) else {"id": None}


def hidden_nonce(html: str) -> str:
    found = re.search(r'name="lan" value="([^"]+)"', html)
    assert found
    return found[1]


PICTURE = Media(MediaKind.PICTURE, "android/buoc-3.png", "Màn hình có chữ Cài đặt")
VOICE = Media(MediaKind.VOICE, "android/buoc-3.mp3")
