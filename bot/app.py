"""The composition root: settings → database → house → channels → sender → server, started and stopped in one place."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import alarm, clock, content, discover, press, web
from bot.alert import alert
from bot.channels.base import Channel, Papers
from bot.channels.telegram import TelegramChannel
from bot.channels.web import WebChannel
from bot.core.errors import AccountDown
from bot.demo import DemoDoor, furnish
from bot.desk import Desk, House
from bot.render import Words
from bot.sender import Sender
from bot.settings import Settings
from bot.tasks import Supervisor
from bot.turn import Turns
from bot.webstore import WebStore
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
    stopped: asyncio.Event = field(default_factory=asyncio.Event)


def open_house(guides: Path) -> House:
    """The guides, the words and the routes."""
    library = content.load(guides)
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
        scheduler = alarm.start(db, now, desk, sender.wake)
        stack.callback(scheduler.shutdown, wait=False)
        log.info("app.started", extra={"port": port, "channels": list(channels), "database": db.name})
        yield Running(port, db, supervisor)


def open_desk(settings: Settings, db: Database, now: Callable[[], datetime]) -> tuple[dict[str, Channel], Desk]:
    """The channels that are switched on, not connected yet, and the desk that knows what each can carry."""
    house = open_house(settings.camtay_guides)
    channels: dict[str, Channel] = {}
    papers = press.room(settings, db, house, channels, now)
    channels |= channels_of(settings, db, house, now, papers)
    can = {name: channel.capabilities for name, channel in channels.items()}
    accounts = {name: channel.accounts for name, channel in channels.items()}
    return channels, Desk(house, can, ZoneInfo(settings.timezone), accounts, papers.link)


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


def channels_of(
    settings: Settings, db: Database, house: House, now: Callable[[], datetime], papers: Papers | None
) -> dict[str, Channel]:
    """Each channel whose account is set, not connected yet."""
    guides = settings.camtay_guides
    demo = DemoDoor(db, now) if settings.is_demo else None
    store = WebStore(db, now)
    page = WebChannel(
        store,
        secure=settings.public_url.startswith("https"),
        demo=demo,
        guides=guides,
        clock=now,
        public_name=house.library.commune.name,
        public_url=settings.public_url,
        behind_proxy=settings.behind_proxy,
        papers=papers,
    )
    channels: list[Channel] = [page]
    if settings.telegram_bot_token:
        channels.append(_telegram(settings, house, papers))
    return {channel.name: channel for channel in channels}


def _telegram(settings: Settings, house: House, papers: Papers | None) -> TelegramChannel:
    assert settings.telegram_bot_token
    secret = settings.telegram_webhook_secret
    commands = [
        (name, house.words.say(f"{by}.command_{name}", "bac").text) for name, by in house.book.described_by.items()
    ]
    return TelegramChannel(
        settings.telegram_bot_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        updates=settings.updates,
        secret=secret.get_secret_value() if secret else None,
        guides=settings.camtay_guides,
        public_url=settings.public_url or None,
        commands=commands,
        papers=papers,
    )


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
        with suppress(Busy):  # it is told when it is refused next
            await self.db.run(
                alert, f"down:{name}", "alert.account_down", self.now(), self.desk, channel=name, account=""
            )

    def _is(self, *, up: bool) -> None:
        self.is_up = up
        self.sender.switch(self.channel.name, on=up)


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
