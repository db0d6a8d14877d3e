"""`camtay chat`: the whole engine at a terminal, on an invented commune that lives in memory only."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread

import click

from bot import clock
from bot.app import open_house
from bot.channels.base import Channel
from bot.channels.console import ConsoleChannel
from bot.core.errors import CamtayError
from bot.demo import furnish
from bot.demo.door import ROLES, invite_for
from bot.outgoing import Desk
from bot.sender import Sender
from bot.settings import Settings
from bot.tasks import Supervisor
from bot.turn import Turns
from storage.db import Database


class UnknownRole(CamtayError):
    """Không có vai ấy."""


async def chat(role: str, settings: Settings) -> None:
    """Talk as an invented person of this role until the input ends."""
    if role not in {code for code, _, _ in ROLES}:
        raise UnknownRole(f"Không có vai {role!r}. Chọn một trong: {', '.join(code for code, _, _ in ROLES)}.")
    house = open_house(settings.camtay_guides)
    db = await Database.open("sqlite://")
    supervisor = Supervisor()
    try:
        await db.run(furnish, clock.now())
        console = ConsoleChannel(_read, click.echo, await db.run(invite_for, role, clock.now()))
        channels: dict[str, Channel] = {"console": console}
        desk = Desk(house, {"console": console.capabilities})
        sender = Sender(db, channels, clock.now, supervisor.spawn, desk)
        turns = Turns(db, desk, clock.now, sender.heard)
        await console.start(turns.take, supervisor.spawn)
        click.echo("Gõ số, gõ chữ, hoặc [ảnh] [giọng] [nhãn]. Ctrl-D để thôi.")
        supervisor.keep("sender", sender.run())
        await console.receive()
    finally:
        await supervisor.stop()
        await db.close()


async def _read() -> str | None:
    """One line from the terminal or the pipe; None at its end."""
    return await (_aside(_line) if sys.stdin.isatty() else asyncio.to_thread(_line))


def _line() -> str | None:
    try:
        return input("> " if sys.stdin.isatty() else "")
    except EOFError:
        return None


def _aside(read: Callable[[], str | None]) -> asyncio.Future[str | None]:
    """Read on a thread that Ctrl-C need not wait for: one of the loop's own would hold the program until Enter.

    Not for pipes: Python aborts when it ends while such a thread holds the lock of a piped input.
    """
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str | None] = loop.create_future()

    def tell(settle: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(lambda: None if line.done() else settle())

    def work() -> None:
        try:
            found = read()
        except Exception as error:
            tell(partial(line.set_exception, error))
        else:
            tell(partial(line.set_result, found))

    Thread(target=work, daemon=True).start()
    return line
