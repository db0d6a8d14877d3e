"""The help ladder on real tables: late, twice, on two machines, and two hundred calls at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select

from bot import dispatch
from bot.authoring.player import BEGIN, CHANNEL
from bot.desk import Desk
from bot.jobs import ladder
from bot.scene import Scene
from storage import asks, chats, grants, helps, people, stucks, units
from storage.db import Conn, Database
from storage.helps import HelpRequest
from storage.schema import help_ask, help_request, outbox

SILENT = 0.3


@dataclass
class Thon:
    """One thôn: five helpers, a coordinator, and the office of the commune."""

    unit: int
    rungs: dict[int, int] = field(default_factory=dict)  # person -> rung


def furnish(conn: Conn, helpers: int = 5) -> Thon:
    home = units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None)
    thon = Thon(home.id)
    for role, rung, count in (("helper", 0, helpers), ("coordinator", 1, 1), ("office", 2, 1)):
        for number in range(count):
            who = people.create(conn, code=f"{role}{number}", name=f"{role} {number}", unit_id=home.id, now=BEGIN)
            grants.give(conn, who.id, role, scope_unit_id=home.id if rung < 2 else None, now=BEGIN)
            chat = chats.arrive(conn, CHANNEL, CHANNEL, who.code, BEGIN)
            chats.set_person(conn, chat.id, who.id)
            thon.rungs[who.id] = rung
    return thon


def call(conn: Conn, thon: Thon, now: datetime, key: str = "member") -> HelpRequest:
    chat = chats.arrive(conn, CHANNEL, CHANNEL, key, now)
    about = {"way": "home", "lesson": "android", "step": "AND-3", "tried": 1, "name_given": "Tư", "phone_given": ""}
    return helps.open_(conn, chat_id=chat.id, person_id=None, unit_id=thon.unit, **about, now=now)  # type: ignore[arg-type]


def counted(conn: Conn, table: Any) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


async def test_the_job_asks_the_next_and_a_second_run_says_nothing(db: Database, desk: Desk) -> None:
    thon = await db.run(furnish)
    made = await db.run(call, thon, BEGIN)
    for minute, number in ((0, 1), (1, 1), (9, 1), (10, 2), (10, 2), (25, 3)):
        await db.run(ladder.run, BEGIN + timedelta(minutes=minute), desk)
        assert len(await db.run(asks.of_call, made.id)) == number
    said = [ask.answer for ask in await db.run(asks.of_call, made.id)]
    assert said == ["lapsed", "lapsed", ""]
    assert await db.run(counted, outbox) == 6  # three helpers asked, and the member told three times


async def test_after_a_long_night_without_power_it_goes_on(db: Database, desk: Desk) -> None:
    thon = await db.run(furnish)
    made = await db.run(call, thon, BEGIN)
    await db.run(ladder.run, BEGIN, desk)
    later = BEGIN + timedelta(days=3)
    await db.run(ladder.run, later, desk)
    first, second = await db.run(asks.of_call, made.id)
    assert (first.answer, first.answered_at, second.asked_at) == ("lapsed", later, later)


async def test_two_machines_ask_one_person(db: Database, desk: Desk) -> None:
    thon = await db.run(furnish)
    made = [await db.run(call, thon, BEGIN, f"m{n}") for n in range(5)]
    await asyncio.gather(*(db.run(ladder.run, BEGIN, desk) for _ in range(4)))
    for each in made:
        assert len(await db.run(asks.of_call, each.id)) == 1
    asked = [(await db.run(asks.of_call, each.id))[0].person_id for each in made]
    assert len(set(asked)) == 5  # who is asked about one call is not the freest for the next


async def test_a_withdrawn_question_was_none_and_may_be_put_again(db: Database) -> None:
    thon = await db.run(furnish)
    made = await db.run(call, thon, BEGIN)
    person = next(iter(thon.rungs))
    put: dict[str, Any] = {"rung": 0, "round_": 1, "now": BEGIN, "due": BEGIN + timedelta(minutes=10)}
    assert await db.run(asks.add, made.id, person, **put)
    assert not await db.run(asks.add, made.id, person, **put)
    assert await db.run(asks.withdraw, made.id, BEGIN) == [person]
    assert await db.run(asks.add, made.id, person, **put)
    assert await db.run(asks.answer, made.id, person, "declined", BEGIN)
    assert not await db.run(asks.answer, made.id, person, "declined", BEGIN)
    assert not await db.run(asks.add, made.id, person, **put)


async def test_a_cluster_is_told_once_and_not_at_night(db: Database, desk: Desk) -> None:
    thon = await db.run(furnish)

    def stuck(conn: Conn, key: str, now: datetime) -> None:
        chat = chats.arrive(conn, CHANNEL, CHANNEL, key, now)
        stucks.note(conn, thon.unit, "android", "AND-3", chat_id=chat.id, person_id=None, now=now)

    evening = BEGIN + timedelta(hours=13)
    for key in ("a", "b", "b", "b"):
        await db.run(stuck, key, evening)
    assert (await db.run(ladder.run, evening, desk))["clusters"] == 0
    await db.run(stuck, "c", evening)
    assert (await db.run(ladder.run, evening, desk))["clusters"] == 0
    morning = BEGIN + timedelta(hours=22)
    assert (await db.run(ladder.run, morning, desk))["clusters"] == 1
    assert (await db.run(ladder.run, morning + timedelta(minutes=1), desk))["clusters"] == 0
    [told] = await db.run(lambda conn: conn.execute(select(outbox.c.body)).scalars().all())
    assert "Thôn Nà Pán: hôm nay 3 người cùng vướng một bước" in told["text"]
    assert "Cài trên máy Android, bước 3" in told["text"]
    assert (await db.run(ladder.run, BEGIN + timedelta(days=4), desk))["forgotten"] == 3


@dataclass
class World:
    """Many calls within two days, and people who answer or not; looked at whenever somebody stirs."""

    conn: Conn
    desk: Desk
    thon: Thon
    draw: Random
    answers: list[tuple[datetime, int, int, str]] = field(default_factory=list)
    heard: set[int] = field(default_factory=set)

    def live(self, starts: list[datetime]) -> None:
        waiting = sorted(starts)
        while (now := self._stirs(waiting)) is not None:
            while waiting and waiting[0] <= now:
                call(self.conn, self.thon, waiting.pop(0), f"m{len(waiting)}")
            self._speak(now)
            ladder.run(self.conn, now, self.desk)
            self._check(now)
            self._listen()

    def _stirs(self, waiting: list[datetime]) -> datetime | None:
        """The next minute at which something happens."""
        wake = self.conn.execute(select(func.min(help_request.c.wake_at))).scalar()
        return min([*waiting[:1], *([wake] if wake else []), *(when for when, *_ in self.answers)], default=None)

    def _listen(self) -> None:
        """Whoever is newly asked decides what to say, and when; some never do."""
        newest = select(help_ask.c.id, help_ask.c.call_id, help_ask.c.person_id, help_ask.c.asked_at)
        for ask, call_id, person, at in self.conn.execute(newest.where(help_ask.c.answer == "")).all():
            if ask not in self.heard:
                self.heard.add(ask)
                luck = self.draw.random()
                if luck >= SILENT:
                    minutes = self.draw.randrange(1, 12)
                    self.answers.append(
                        (at + timedelta(minutes=minutes), call_id, person, "no" if luck < 0.5 else "yes")
                    )

    def _speak(self, now: datetime) -> None:
        due = [each for each in self.answers if each[0] <= now]
        self.answers = [each for each in self.answers if each[0] > now]
        scene = Scene(self.conn, now, self.desk)
        for _, call_id, person, said in due:
            made = helps.lock(self.conn, call_id)
            if said == "no":
                dispatch.decline(scene, made, person)
            elif said == "yes" and dispatch.take(scene, made, person, self.thon.rungs[person]):
                self.answers.append((now + timedelta(minutes=50), call_id, person, "done"))
            elif said == "done" and made.owner_person_id == person:
                helps.done(self.conn, call_id, now)

    def _check(self, now: datetime) -> None:
        """Each call that is not over has one who answers for it, and a moment to look at it again."""
        open_ = select(help_ask.c.call_id, help_ask.c.due_at).where(help_ask.c.answer == "")
        asked = {row[0]: row[1] for row in self.conn.execute(open_)}
        for made in self._alive():
            assert made.wake_at is not None
            assert made.wake_at > now
            assert (made.owner_person_id is not None) == (made.state == "taken")
            if made.state == "taken":
                assert made.id not in asked
            elif made.id in asked:
                assert asked[made.id] > now
            else:
                at_night = not 7 <= Scene(self.conn, now, self.desk).local(now).hour < 20
                assert made.alarmed_at or at_night or made.wake_at - now <= timedelta(hours=2)

    def _alive(self) -> Iterator[HelpRequest]:
        rows = self.conn.execute(select(help_request).where(help_request.c.state.in_(("open", "taken"))))
        yield from (HelpRequest(*row) for row in rows)


async def test_two_hundred_calls_at_no_moment_without_owner_or_alarm(db: Database, desk: Desk) -> None:
    calls = 200 if db.name == "sqlite" else 60

    def live(conn: Conn) -> tuple[int, int]:
        draw = Random(7)
        world = World(conn, desk, furnish(conn), draw)
        world.live([BEGIN + timedelta(minutes=draw.randrange(60 * 48)) for _ in range(calls)])
        done = select(func.count()).where(help_request.c.state == "done")
        return int(conn.execute(done).scalar_one()), counted(conn, help_ask)

    done, asked = await db.run(live)
    assert done == calls
    assert asked > calls * 1.3
