"""The composition root: settings → database → house → channels → sender → server, started and stopped in one place."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import alarm, clock, content, discover, lineup, press, web
from bot.alert import alert
from bot.channels.base import Channel, Partly
from bot.channels.web import WebChannel
from bot.core.errors import AccountDown
from bot.demo import furnish
from bot.desk import Desk, House
from bot.render import Words
from bot.sender import Sender
from bot.settings import Settings
from bot.tasks import Supervisor
from bot.turn import Turns
from storage import migrate, outbox
from storage.db import Busy, Database
from storage.lock import hold

log = logging.getLogger("camtay.app")

RETRY_AFTER = 300.0
"""Seconds until an account that was refused is tried again."""


@dataclass(slots=True)
class Running:
    """The bot while it runs."""

    port: int
    db: Database
    supervisor: Supervisor
    alarm: AsyncIOScheduler
    stopped: asyncio.Event = field(default_factory=asyncio.Event)


def open_house(guides: Path, *, awake: bool = False) -> House:
    """The guides, the words and the routes. `awake`: nobody is real here, so nobody is woken who is asked at night."""
    library = content.load(guides)
    if awake:
        ladder = library.commune.help.model_copy(update={"ring_at_night": True})
        library.commune = library.commune.model_copy(update={"help": ladder})
    return House(library, Words(library.commune.words), discover.book())


@asynccontextmanager
async def running(settings: Settings, now: Callable[[], datetime] = clock.now) -> AsyncIterator[Running]:
    """Everything started, in order; everything stopped again, in reverse."""
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(_database(settings, now))
        channels, desk = open_desk(settings, db, now)
        supervisor = Supervisor()
        sender = Sender(db, channels, now, supervisor.spawn, desk)
        turns = Turns(db, desk, now, sender.heard)
        stack.push_async_callback(_stop, supervisor, sender, channels)
        lines = [_Line(channel, db, desk, now, turns, supervisor, sender) for channel in channels.values()]
        for line in lines:
            await line.connect()
        server, port = await _serve(settings, db, channels)
        stack.push_async_callback(server.cleanup)
        supervisor.keep("sender", sender.run())
        for line in lines:
            supervisor.keep(f"receive:{line.channel.name}", line.receive())
        supervisor.keep("watch", _watch(lines))
        scheduler = alarm.start(db, now, desk, sender.wake)
        stack.callback(scheduler.shutdown, wait=False)
        log.info("app.started", extra={"port": port, "channels": list(channels), "database": db.name})
        yield Running(port, db, supervisor, scheduler)


def open_desk(settings: Settings, db: Database, now: Callable[[], datetime]) -> tuple[dict[str, Channel], Desk]:
    """The channels that are switched on, not connected yet, and the desk that knows what each can carry."""
    house = open_house(settings.camtay_guides, awake=settings.is_demo)
    channels: dict[str, Channel] = {}
    papers = press.room(settings, db, house, channels, now)
    channels |= lineup.channels(settings, db, house, now, papers)
    can = {name: channel.capabilities for name, channel in channels.items()}
    return channels, Desk(house, can, ZoneInfo(settings.timezone), _Accounts(channels), papers.link)


class _Accounts(Mapping[str, tuple[str, ...]]):
    """The accounts of each channel as they are at this moment: some are known only once they are connected."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._channels[name].accounts

    def __iter__(self) -> Iterator[str]:
        return iter(self._channels)

    def __len__(self) -> int:
        return len(self._channels)


async def run(settings: Settings, announce: Callable[[int], None]) -> None:
    """Run until Ctrl-C or SIGTERM; raises when a main task fails."""
    async with running(settings) as bot:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, bot.stopped.set)
        announce(bot.port)
        stopped = bot.supervisor.spawn(_until(bot.stopped))
        await asyncio.wait([stopped, bot.supervisor.failed], return_when=asyncio.FIRST_COMPLETED)
        bot.stopped.set()  # a task that still waited for it would keep the stop waiting
        if bot.supervisor.failed.done():
            bot.supervisor.failed.result()


async def _until(stopped: asyncio.Event) -> None:
    await stopped.wait()


@asynccontextmanager
async def _database(settings: Settings, now: Callable[[], datetime]) -> AsyncIterator[Database]:
    """The database, migrated, with the messages that a dead process was sending put back in line."""
    url = settings.database
    with hold(url) as alone:
        await asyncio.to_thread(migrate.migrate, url)
        db = await Database.open(url)
        try:
            if alone:  # nobody else sends from this database: what was being sent is orphaned
                await db.run(outbox.recover, now(), now())
            if settings.is_demo:
                await db.run(furnish, now())
            yield db
        finally:
            await db.close()


@dataclass(slots=True)
class _Line:
    """One channel's connection. While its account is refused, the others go on and the office knows of it."""

    channel: Channel
    db: Database
    desk: Desk
    now: Callable[[], datetime]
    turns: Turns
    supervisor: Supervisor
    sender: Sender
    is_up: bool = False

    async def connect(self) -> None:
        try:
            await self.channel.start(self.turns.take, self.supervisor.spawn)
            self._is(up=True)
        except AccountDown as error:
            await self._refused(error)

    async def receive(self) -> None:
        """Until the channel has no more to receive by itself; a refused account is tried again after a while."""
        while True:
            try:
                if self.is_up:
                    await self.channel.receive()
                    return
            except AccountDown as error:
                await self._refused(error)
            await asyncio.sleep(RETRY_AFTER)
            await self.connect()

    async def _refused(self, error: AccountDown) -> None:
        name = self.channel.name
        log.error("app.account_refused", extra={"channel": name, "why": str(error)})
        self._is(up=False)
        await self.channel.close()
        await self._tell("")

    async def tell_refused(self) -> None:
        """Those of the channel's accounts that are refused while the others go on."""
        down = self.channel.down if isinstance(self.channel, Partly) else {}
        for account in down if isinstance(down, Mapping) else [""] * bool(down):
            await self._tell(account)

    async def _tell(self, account: str) -> None:
        name = self.channel.name
        code = f"down:{name}:{account}" if account else f"down:{name}"
        with suppress(Busy):  # it is told when it is refused next
            await self.db.run(alert, code, "alert.account_down", self.now(), self.desk, channel=name, account=account)
        self.sender.wake()

    def _is(self, *, up: bool) -> None:
        self.is_up = up
        self.sender.switch(self.channel.name, on=up)


async def _watch(lines: list[_Line]) -> None:
    while True:
        for line in lines:
            await line.tell_refused()
        await asyncio.sleep(RETRY_AFTER)


async def _serve(settings: Settings, db: Database, channels: dict[str, Channel]) -> tuple[web.Server, int]:
    page = channels["web"]
    assert isinstance(page, WebChannel)
    hooks = [hook for channel in channels.values() for hook in channel.hooks()]
    return await web.serve(web.application(db, hooks, page), settings.host, settings.port)


async def _stop(supervisor: Supervisor, sender: Sender, channels: dict[str, Channel]) -> None:
    """Stop receiving, let the messages under way arrive, write down what became of them."""
    await supervisor.stop()
    await sender.drain()
    for channel in channels.values():
        await channel.close()
