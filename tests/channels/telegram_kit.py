"""A TelegramChannel beside a fake Telegram, with everything around it that the house would bring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.channels.telegram import TelegramChannel
from bot.core.messages import Choice, Incoming, Media, MediaKind, Parcel
from tests.fakes.telegram import FakeTelegram

SECRET = "a-Secret_of-the-webhook"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
OGG = b"OggS" + bytes(32)


@dataclass
class House:
    """What the channel is given. `refuse` names message ids whose taking fails, so many times."""

    taken: list[Incoming] = field(default_factory=list)
    refuse: dict[str, int] = field(default_factory=dict)
    pauses: list[float] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def take(self, incoming: Incoming) -> None:
        await asyncio.sleep(0)
        if self.refuse.get(incoming.message, 0) > 0:
            self.refuse[incoming.message] -= 1
            raise OSError("the disk is full")
        self.taken.append(incoming)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(work))

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)

    async def settle(self) -> None:
        """Wait for the side work; what it raises is raised here."""
        while self.tasks:
            await self.tasks.pop(0)

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.taken]


@dataclass
class Kit:
    fake: FakeTelegram
    channel: TelegramChannel
    house: House
    guides: Path

    def parcel(self, text: str = "Xin chào bác", **more: Any) -> Parcel:
        return Parcel(1, "telegram", self.channel.accounts[0], **{"chat": "42", "text": text, **more})


@asynccontextmanager
async def telegram(
    guides: Path,
    *,
    updates: Literal["polling", "webhook"] = "polling",
    start: bool = True,
    spotless: bool = True,
    **options: Any,
) -> AsyncIterator[Kit]:
    """A started channel; chat 42 exists. At the end no call may have offended the schema (`spotless`)."""
    async with FakeTelegram() as fake:
        house = House()
        words = {"secret": SECRET, "public_url": None, "sleep": house.sleep, **options}
        channel = TelegramChannel(fake.world.token, api_url=fake.url, updates=updates, guides=guides, **words)
        fake.world.chat(42)
        try:
            if start:
                await channel.start(house.take, house.spawn)
            yield Kit(fake, channel, house, guides)
            await house.settle()
        finally:
            await channel.close()
        assert not spotless or fake.violations == []


@asynccontextmanager
async def receiving(kit: Kit) -> AsyncIterator[None]:
    """Receives meanwhile; stops at the end."""
    task = asyncio.create_task(kit.channel.receive())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def a_channel(url: str, guides: Path, token: str = "123:Abc-def_of-the-tests") -> TelegramChannel:
    return TelegramChannel(
        token, api_url=url, updates="polling", secret=None, guides=guides, public_url=None, sleep=House().sleep
    )


def choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(key, label) for key, label in pairs)


def picture(path: str = "android/step.png", alt: str = "Nút màu xanh") -> Media:
    return Media(MediaKind.PICTURE, path, alt)
