"""A ZaloOaChannel beside a fake Zalo, with its tokens in a real database in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.channels.zalo_oa import PATH, ZaloOaChannel
from bot.core.messages import Choice, Incoming, Media, MediaKind, Parcel
from bot.oastore import OaStore, seal
from storage.db import Database
from tests.fakes.zalo_oa import FakeZaloOa, World

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


@dataclass
class House:
    """What the channel is given. `refuse` names texts whose taking fails, so many times."""

    taken: list[Incoming] = field(default_factory=list)
    refuse: dict[str, int] = field(default_factory=dict)
    pauses: list[float] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    slow: float = 0.0

    async def take(self, incoming: Incoming) -> None:
        await asyncio.sleep(self.slow)
        if self.refuse.get(incoming.text, 0) > 0:
            self.refuse[incoming.text] -= 1
            raise OSError("the disk is full")
        self.taken.append(incoming)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(work))

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0.001)

    async def settle(self) -> None:
        """Wait for the side work; what it raises is raised here."""
        while self.tasks:
            await self.tasks.pop(0)

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.taken]


@dataclass
class Kit:
    fake: FakeZaloOa
    channel: ZaloOaChannel
    house: House
    guides: Path
    db: Database
    hidden: list[str]

    @property
    def store(self) -> OaStore:
        """As another process would have it."""
        grants = self.fake.world.grants
        return OaStore(self.db, grants.app_id, seal(None, grants.app_secret), self.fake.world.now, self.hidden.append)

    def another(self, **options: Any) -> ZaloOaChannel:
        """A channel of another process on the same database."""
        return a_channel(self.fake, self.db, self.guides, self.house, self.hidden, **options)

    def parcel(self, text: str = "Xin chào bác", **more: Any) -> Parcel:
        return Parcel(1, "zalo_oa", self.fake.world.oa_id, **{"chat": "42", "text": text, **more})


def a_channel(
    fake: FakeZaloOa, db: Database, guides: Path, house: House, hidden: list[str], **options: Any
) -> ZaloOaChannel:
    grants = fake.world.grants
    store = OaStore(db, grants.app_id, seal(None, grants.app_secret), fake.world.now, hidden.append)
    usual = {"api_url": fake.url, "oauth_url": fake.url, "sleep": house.sleep, "refresh_token": grants.refresh}
    return ZaloOaChannel(
        grants.app_id,
        grants.app_secret,
        fake.world.oa_secret,
        guides=guides,
        clock=fake.world.now,
        **{**usual, "store": store, **options},
    )


@asynccontextmanager
async def zalo_oa(guides: Path, *, start: bool = True, **options: Any) -> AsyncIterator[Kit]:
    """A started channel whose first pair came from the settings; the person 42 has written to the OA."""
    db = await Database.open("sqlite://")
    try:
        async with FakeZaloOa(world=World(clock=lambda: NOW)) as fake:
            house, hidden = House(), list[str]()
            fake.world.interact("42")
            channel = a_channel(fake, db, guides, house, hidden, **options)
            try:
                if start:
                    await channel.start(house.take, house.spawn)
                yield Kit(fake, channel, house, guides, db, hidden)
                await house.settle()
            finally:
                await channel.close()
    finally:
        await db.close()


@asynccontextmanager
async def serving(kit: Kit) -> AsyncIterator[None]:
    """The channel's hook on a port of its own; the fake is told its address."""
    [hook] = kit.channel.hooks()

    async def receive(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return web.Response(status=await hook.receive(headers, await request.read()))

    app = web.Application()
    app.router.add_post(PATH, receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    kit.fake.pusher.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def receiving(kit: Kit) -> AsyncIterator[None]:
    """Receives meanwhile; stops at the end."""
    task = asyncio.create_task(kit.channel.receive())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def wait_until(true: Callable[[], object]) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.002)
    raise TimeoutError


def choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, label) for key, label in pairs)


def picture(path: str = "android/step.png", alt: str = "Nút màu xanh") -> Media:
    return Media(MediaKind.PICTURE, path, alt)
