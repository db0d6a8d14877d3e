"""A day of calls for help, reports in one sentence and reminders, as one long row of works that may be repeated.

Run as a program it is a warm parent: `start N` forks a child that does the works from number N on, each durable
before its number is printed; `kill` ends it with SIGKILL.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.app import open_house
from bot.authoring.player import BEGIN, CHANNEL, desk_of
from bot.core.messages import Incoming, Kind
from bot.desk import Desk
from bot.jobs import ladder, nudge
from bot.settings import HERE
from bot.turn import answer
from storage import cells, chats, grants, people, units
from storage.db import Conn, Database

Work = Callable[[Conn, Desk], object]
PAIRS = 6  # of a member who calls for help and one who falls silent in the middle of a lesson
STAFF = {"helper1": "helper", "helper2": "helper", "coordinator": "coordinator"}
NAMES = ("Hoàng Văn Tư", "Lý Thị Hiền", "Nông Văn Khánh", "Dương Văn Bảo", "Vi Thị Mến", "Lộc Văn Pảo")


def furnish(conn: Conn) -> None:
    """Everybody has agreed and has a chat."""
    home = units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None)
    cell = cells.create(conn, code="CB01", name="Chi bộ Nà Pán")
    for number, name in enumerate(NAMES):
        _person(conn, f"told{number}", name, home.id, cell.id)
    for pair in range(PAIRS):
        _person(conn, f"caller{pair}", "Mã Thị Lan", home.id, cell.id)
        _person(conn, f"reader{pair}", "Bế Thị Mai", home.id, cell.id)
    for key, role in STAFF.items():
        grants.give(conn, _person(conn, key, "Lý Thị Lành", None, None), role, scope_unit_id=home.id, now=BEGIN)


def _person(conn: Conn, key: str, name: str, unit: int | None, cell: int | None) -> int:
    person = people.create(conn, code=key.upper(), name=name, unit_id=unit, cell_id=cell, now=BEGIN)
    chat = chats.arrive(conn, CHANNEL, CHANNEL, key, BEGIN)
    chats.set_person(conn, chat.id, person.id)
    chats.set_consent(conn, chat.id, "yes", "1", BEGIN)
    chats.set_form(conn, chat.id, "bac")
    chats.set_unit(conn, chat.id, unit)
    return person.id


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody writes or taps, so many minutes after the beginning; delivered again under the same number."""

    who: str
    kind: Kind
    text: str
    minute: int

    def __call__(self, conn: Conn, desk: Desk) -> object:
        message = f"{self.who}-{self.minute}"
        incoming = Incoming(CHANNEL, CHANNEL, self.who, message, self.kind, self.text)
        return answer(conn, incoming, BEGIN + timedelta(minutes=self.minute), desk)


def job(run: Callable[..., object], minute: int) -> Work:
    """A job that rings then."""
    return lambda conn, desk: run(conn, BEGIN + timedelta(minutes=minute), desk)


def works() -> list[Work]:
    """In order; the minutes go on by one with each."""
    found: list[Work] = []
    for pair in range(PAIRS):
        found += _spoken(len(found), f"reader{pair}", "/menu", "guide:start:android", "guide:begin:android", "1")
        found += _spoken(len(found), f"caller{pair}", "/menu", "nhờ người giúp", "help:way:home")
        first, second = NAMES[pair], NAMES[(pair + 1) % len(NAMES)]
        found += _spoken(len(found), f"helper{pair % 2 + 1}", f"{first} cài xong, {second} đi vắng", "đúng, lưu")
        found += [job(ladder.run, len(found) + 15), job(ladder.run, len(found) + 15)]
    found += [job(ladder.run, len(found) + wait) for wait in (60, 60, 90, 120)]
    return [*found, *(job(nudge.run, 24 * 60 + wait) for wait in (300, 300, 330))]


def _spoken(start: int, who: str, *said: str) -> list[Work]:
    kinds = [Kind.TAP if ":" in text else Kind.TEXT for text in said]
    return [Said(who, kind, text, start + n) for n, (kind, text) in enumerate(zip(kinds, said, strict=True))]


def desk() -> Desk:
    return desk_of(open_house(HERE / "guides"))


async def do(url: str, begin: int, at_desk: Desk) -> None:
    db = await Database.open(url)
    for number, work in list(enumerate(works()))[begin:]:
        await db.run(work, at_desk)
        os.write(1, f"{number}\n".encode())
    await db.close()


def main(url: str) -> None:
    at_desk, child = desk(), 0
    for line in sys.stdin:
        word, _, number = line.strip().partition(" ")
        if word == "start":
            child = os.fork()
            if child == 0:
                sys.stdin.close()
                asyncio.run(do(url, int(number), at_desk))
                os._exit(0)
        elif word == "kill":
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.write(1, b"killed\n")


if __name__ == "__main__":
    main(sys.argv[1])
