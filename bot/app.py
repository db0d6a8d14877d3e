"""The composition root: settings → database → house → channels → sender → server, started and stopped in one place."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from bot import alarm, clock, content, discover, web
from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.channels.web import WebChannel
from bot.context import House
from bot.core.errors import AccountDown
from bot.demo import DemoDoor, furnish
from bot.lost import lose
from bot.outgoing import Desk
from bot.render import Words
from bot.sender import Sender
from bot.settings import Settings
from bot.tasks import Supervisor
from bot.turn import Turns
from bot.webroster import WebRoster
from bot.webstore import WebStore
from storage import migrate, outbox
from storage.db import Database
from storage.lock import hold

log = logging.getLogger("camtay.app")


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
        house = open_house(settings.camtay_guides)
        channels = _channels(settings, db, house, now)
        supervisor = Supervisor()
        desk = Desk(house, {name: channel.capabilities for name, channel in channels.items()})
        sender = Sender(db, channels, now, supervisor.spawn, partial(lose, desk=desk))
        turns = Turns(db, desk, now, sender.wake)
        stack.push_async_callback(_stop, supervisor, sender, channels)
        await _start(channels, turns, supervisor)
        server, port = await _serve(settings, db, channels)
        stack.push_async_callback(server.cleanup)
        supervisor.keep("sender", sender.run())
        for name, channel in channels.items():
            supervisor.keep(f"receive:{name}", _receive(channel))
        scheduler = alarm.start(db, now, settings.timezone)
        stack.callback(scheduler.shutdown, wait=False)
        log.info("app.started", extra={"port": port, "channels": list(channels), "database": db.name})
        yield Running(port, db, supervisor)


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


def _channels(settings: Settings, db: Database, house: House, now: Callable[[], datetime]) -> dict[str, Channel]:
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
        roster=WebRoster(
            db, now, phones=house.library.commune.keep_phones, demo=settings.is_demo, timezone=settings.timezone
        ),
    )
    channels: list[Channel] = [page]
    if settings.telegram_bot_token:
        channels.append(_telegram(settings, house))
    return {channel.name: channel for channel in channels}


def _telegram(settings: Settings, house: House) -> TelegramChannel:
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
    )


async def _start(channels: dict[str, Channel], turns: Turns, supervisor: Supervisor) -> None:
    """A channel whose account is refused stays out; the others start all the same."""
    for name, channel in list(channels.items()):
        try:
            await channel.start(turns.take, supervisor.spawn)
        except AccountDown as error:
            log.error("app.account_refused", extra={"channel": name, "why": str(error)})
            await channel.close()
            del channels[name]


async def _receive(channel: Channel) -> None:
    """A token that is revoked while the bot runs stops this channel; the others go on."""
    try:
        await channel.receive()
    except AccountDown as error:
        log.error("app.account_refused", extra={"channel": channel.name, "why": str(error)})


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
