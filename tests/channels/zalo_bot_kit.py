"""A ZaloBotChannel beside a fake Zalo, with everything around it that the house would bring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from bot.channels.zalo_bot import ZaloBotChannel
from bot.channels.zalo_bot_http import Timeouts
from bot.core.messages import Media, MediaKind, Parcel
from tests.channels.telegram_kit import House as AnyHouse
from tests.fakes.zalo_bot import Bot, FakeZaloBot, Modes

SECRET = "a-Secret_of-the-webhook!"
PUBLIC = "https://camtay.example"
HASTY = Timeouts(answer=0.05, media=0.05, poll=0.05, poll_grace=0.05)


@dataclass
class Clock:
    """Seconds that pass when told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House(AnyHouse):
    """`paused` is set once something paused."""

    paused: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        self.paused.set()
        await super().sleep(seconds)


@dataclass
class Kit:
    """`hooks` is the address of the little server that serves the channel's hooks."""

    fake: FakeZaloBot
    channel: ZaloBotChannel
    house: House
    clock: Clock
    hooks: str = ""

    @property
    def bot(self) -> Bot:
        return self.fake.bots[0]

    @property
    def texts(self) -> list[str]:
        """What Lan was told."""
        return self.bot.chat("Lan").texts

    def parcel(self, text: str = "Xin chào bác", **more: Any) -> Parcel:
        usual = {"id": 1, "channel": "zalo_bot", "account": self.bot.id, "chat": self.bot.person("Lan")}
        return Parcel(**{**usual, "text": text, **more})

    async def send(self, text: str = "Xin chào bác", **more: Any) -> str:
        return await self.channel.send(self.parcel(text, **more))


@asynccontextmanager
async def zalo(
    *,
    updates: Literal["polling", "webhook"] = "polling",
    start: bool = True,
    count: int = 1,
    modes: Modes | None = None,
    tokens: Sequence[str] = (),
    **options: Any,
) -> AsyncIterator[Kit]:
    """A started channel; Lan has written to the first bot before."""
    async with FakeZaloBot(count=count, modes=modes or Modes()) as fake, _server() as (hooks, address):
        house, clock = House(), Clock()
        usual = {"secret": SECRET, "public_url": PUBLIC, "media_address": media_address, "sleep": house.sleep}
        if options.get("public_url") == "served":
            options["public_url"] = address
        channel = ZaloBotChannel(
            [*(tokens or fake.tokens)], api_url=fake.url, updates=updates, **{**usual, "clock": clock, **options}
        )
        fake.bots[0].chat("Lan")
        kit = Kit(fake, channel, house, clock, address)
        hooks.append(channel)
        try:
            if start:
                await channel.start(house.take, house.spawn)
            yield kit
        finally:
            await channel.close()


@asynccontextmanager
async def receiving(kit: Kit) -> AsyncIterator[None]:
    """Receives meanwhile; stops at the end."""
    task = asyncio.create_task(kit.channel.receive())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _server() -> AsyncIterator[tuple[list[ZaloBotChannel], str]]:
    """Serves the hooks of the channels in the list."""
    channels: list[ZaloBotChannel] = []

    async def receive(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        for hook in (hook for channel in channels for hook in channel.hooks()):
            if hook.path == request.path:
                return web.Response(status=await hook.receive(headers, await request.read()))
        return web.Response(status=404)

    app = web.Application()
    app.router.add_post("/{path:.*}", receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield channels, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def media_address(path: str) -> str | None:
    return None if "gone" in path else f"/media/{path}?v=7"


def picture(path: str = "android/step.png", alt: str = "Nút màu xanh") -> Media:
    return Media(MediaKind.PICTURE, path, alt)


def voice(path: str = "android/step.ogg", alt: str = "") -> Media:
    return Media(MediaKind.VOICE, path, alt)


def a_channel(tokens: Sequence[str], url: str = "http://127.0.0.1:1", **options: Any) -> ZaloBotChannel:
    usual: dict[str, Any] = {"updates": "polling", "secret": None, "public_url": None, "sleep": House().sleep}
    return ZaloBotChannel(tokens, api_url=url, **{**usual, **options})
