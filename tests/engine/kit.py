"""What the engine's tests share: handlers of the test's own beside the real ones, and a channel that obeys a script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from bot.authoring.player import BEGIN
from bot.channels.base import Capabilities, Hook, Spawn, Take
from bot.context import Answer, Context, House
from bot.core.messages import Incoming, Kind, Parcel, Rank
from bot.core.routing import Book, Routes
from bot.discover import book
from storage import chats, outbox
from storage.db import Conn
from storage.outbox import Draft

FAST = Capabilities(
    buttons=9, max_text=4000, max_caption=1000, files_out=True, media_by_url_only=False, pace=1e6, chat_pace=1e6
)


@dataclass(slots=True)
class Clock:
    """Time that passes when told."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Scripted:
    """A channel that keeps what it is given; `answers` holds what it raises, per text, first come first used."""

    name: str = "kenh"
    accounts: tuple[str, ...] = ("mot",)
    capabilities: Capabilities = FAST
    answers: dict[str, list[Exception]] = field(default_factory=dict)
    sent: list[Parcel] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    settled_ids: list[int] = field(default_factory=list)
    hold: asyncio.Event | None = None
    under_way: int = 0

    async def start(self, take: Take, spawn: Spawn) -> None: ...

    async def receive(self) -> None: ...

    def hooks(self) -> tuple[Hook, ...]:
        return ()

    async def send(self, parcel: Parcel) -> str:
        self.tried.append(parcel.text)
        self.under_way += 1
        await (self.hold.wait() if self.hold else asyncio.sleep(0))
        self.under_way -= 1
        if waiting := self.answers.get(parcel.text):
            raise waiting.pop(0)
        self.sent.append(parcel)
        return f"id-{parcel.id}"

    def settled(self, parcel: Parcel) -> None:
        self.settled_ids.append(parcel.id)

    async def close(self) -> None: ...

    @property
    def texts(self) -> list[str]:
        return [parcel.text for parcel in self.sent]


def house_with(house: House, *more: Routes) -> House:
    """The same house with some more handlers in its book."""
    own = book()
    extra = Book.bind(more)
    merged = Book(
        {**own.screens, **extra.screens},
        {**own.taps, **extra.taps},
        own.always | extra.always,
        {**own.commands, **extra.commands},
        {**own.intents, **extra.intents},
        {**own.ears, **extra.ears},
        own.sharp | extra.sharp,
        own.described_by,
    )
    return House(house.library, house.words, merged)


def breaking(work: Callable[[Context, str], Answer]) -> Routes:
    """A handler of the test: the command /hong does this."""
    routes = Routes("hong")
    routes.command("hong")(work)
    return routes


_numbers = count(1)


def incoming(
    text: str, *, kind: Kind = Kind.TEXT, chat: str = "1", message: str = "", channel: str = "kenh"
) -> Incoming:
    return Incoming(channel, "mot", chat, message or f"m{next(_numbers)}", kind, text)


def queue(
    conn: Conn,
    /,
    chat: str,
    texts: list[str],
    *,
    rank: Rank = Rank.ANSWER,
    account: str = "mot",
    now: datetime = BEGIN,
    **draft: object,
) -> int:
    """Put these into the outbox of a chat; its id."""
    row = chats.arrive(conn, "kenh", account, chat, now)
    made = [Draft(row.id, f"{account}:{chat}:{text}", rank, text, **draft) for text in texts]  # type: ignore[arg-type]
    outbox.add(conn, made, now)
    return row.id


async def until(holds: Callable[[], bool], seconds: float = 3.0) -> None:
    """Let the others work until this is so."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  # what is waited for is not ours to signal
            await asyncio.sleep(0.002)
