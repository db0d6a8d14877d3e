"""`camtay chat`: the whole engine at a terminal, on an invented commune that lives in memory only."""

from __future__ import annotations

import sys
from functools import partial

import click

from bot import clock
from bot.app import open_house
from bot.channels.base import Channel
from bot.channels.console import ConsoleChannel
from bot.core.errors import CamtayError
from bot.demo import furnish
from bot.demo.door import ROLES, invite_for
from bot.lost import lose
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
        sender = Sender(db, channels, clock.now, supervisor.spawn, partial(lose, desk=desk))
        turns = Turns(db, desk, clock.now, sender.wake)
        await console.start(turns.take, supervisor.spawn)
        click.echo("Gõ số, gõ chữ, hoặc [ảnh] [giọng] [nhãn]. Ctrl-D để thôi.")
        supervisor.keep("sender", sender.run())
        await console.receive()
    finally:
        await supervisor.stop()
        await db.close()


def _read() -> str | None:
    """One line from the terminal; None at its end."""
    try:
        return input("> " if sys.stdin.isatty() else "")
    except EOFError:
        return None
