"""What the tests of the help ladder share: a thôn with several helpers, and the job that wakes the ladder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.authoring.player import BEGIN, Player, enter
from bot.jobs import ladder
from bot.turn import Desk
from storage import grants, helps, invites, people, units
from storage.db import Conn
from storage.helps import HelpRequest
from storage.schema import outbox


@dataclass
class Watch:
    """The clock of the job, and everybody's: time passes for all of them."""

    conn: Conn
    desk: Desk
    people: list[Player]

    @property
    def now(self) -> datetime:
        return max((player.now for player in self.people), default=BEGIN)

    def minutes(self, number: float) -> None:
        """So many minutes pass, and the job rings."""
        now = self.now + timedelta(minutes=number)
        for player in self.people:
            player.now = now
        ladder.run(self.conn, now, self.desk)


def said_to(conn: Conn, player: Player) -> list[str]:
    """Every text ever written to this person, in order."""
    rows = conn.execute(select(outbox.c.body).where(outbox.c.chat_id == player.chat.id).order_by(outbox.c.id))
    return [row.body["text"] for row in rows]


def last(conn: Conn, player: Player) -> str:
    return said_to(conn, player)[-1]


def key_of(player: Player, action: str) -> str:
    """The choice of this action that is offered."""
    return next(choice.key for choice in player.chat.offered if choice.key.startswith(action))


def call(member: Player, way: str = "home") -> None:
    """Somebody is stuck at the second step of a lesson, and calls."""
    member.tap("guide:start:android")
    member.tap("guide:begin:android")
    member.say("1")
    member.say("nhờ người giúp")
    member.tap(f"help:way:{way}")


def call_of(conn: Conn, member: Player) -> HelpRequest:
    found = helps.open_of_chat(conn, member.chat.id)
    assert found is not None
    return found


def another(conn: Conn, desk: Desk, role: str, unit: str = "NAPAN", name: str = "Nông Văn Khác") -> Player:
    """One more person of this role, in the same thôn or in another one."""
    home = units.by_code(conn, unit) or units.create(conn, code=unit, name=unit, kind="thon", parent_id=None)
    person = people.create(conn, code=people.next_code(conn), name=name, unit_id=home.id, now=BEGIN)
    grants.give(conn, person.id, role, scope_unit_id=home.id, now=BEGIN)
    player = Player(conn, desk, key=f"x-{person.code}")
    player.say(invites.create(conn, person_id=person.id, uses=1, expires_at=None, now=BEGIN).code)
    player.say("đồng ý, bắt đầu")
    return player


def another_member(conn: Conn, desk: Desk, name: str) -> Player:
    """One more member of the thôn."""
    home = units.by_code(conn, "NAPAN")
    assert home is not None
    person = people.create(conn, code=people.next_code(conn), name=name, unit_id=home.id, now=BEGIN)
    player = Player(conn, desk, key=f"m-{person.code}")
    enter(player, person.id, "bac")
    player.say("/menu")
    return player


def takes(helper: Player, *, says: str = "chiều nay") -> str:
    """The helper takes the call that is offered and says when; its number."""
    key = key_of(helper, "calls:take")
    helper.tap(key)
    helper.say("hẹn hôm nay")
    helper.say(says)
    return key.rpartition(":")[2]
