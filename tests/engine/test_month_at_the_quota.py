"""A month at the limit: three bots, 150 people, more to say than the platform carries.

The channel counts and refuses like the platform; turns, planning, sender, ledger and jobs are the real ones.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import func, select

from bot.context import House
from bot.core.errors import Retry
from bot.core.messages import Incoming, Kind, Parcel, Rank, Reply
from bot.desk import Desk
from bot.jobs import housekeeping
from bot.jobs import untold as untold_job
from bot.outgoing import notify
from bot.seats import next_account, taken
from bot.sender import Sender
from bot.tasks import Supervisor
from bot.turn import answer
from storage import chats, grants, mishaps, people, quota, units
from storage.chats import Chat
from storage.db import Conn, Database
from storage.schema import chat as chat_table
from storage.schema import mishap, outbox
from storage.schema import untold as untold_table
from tests.engine.kit import FAST, Clock, Scripted

BOTS = ("mot", "hai", "ba")
CAP, QUOTA, DAYS = 50, 120, 30
BEGIN = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)  # 8:00 in Lạng Sơn
BOT = replace(FAST, buttons=0, monthly_quota=QUOTA, users_cap=CAP)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Platform(Scripted):
    """Carries `QUOTA` messages a month for each bot, and people up to `CAP`; refuses what is more."""

    name: str = "bot"
    accounts: tuple[str, ...] = BOTS
    clock: Clock = field(default_factory=Clock)
    carried: Counter[tuple[str, str]] = field(default_factory=Counter)
    people: dict[str, set[str]] = field(default_factory=dict)
    refused: list[Parcel] = field(default_factory=list)

    def lets_in(self, account: str, chat: str) -> bool:
        known = self.people.setdefault(account, set())
        if chat not in known and len(known) >= CAP:
            return False
        known.add(chat)
        return True

    async def send(self, parcel: Parcel) -> str:
        month = (parcel.account, f"{self.clock.now + 7 * HOUR:%Y-%m}")
        if self.carried[month] >= QUOTA:
            self.refused.append(parcel)
            raise Retry(12 * 3600, whole_account=True, reason="429 quota exceeded")
        self.carried[month] += 1
        return await super().send(parcel)


class World:
    """The commune, its bots and its web page, and the clock."""

    def __init__(self, db: Database, house: House, supervisor: Supervisor) -> None:
        self.db, self.clock, self.random = db, Clock(BEGIN), Random(7)
        self.platform = Platform(capabilities=BOT, clock=self.clock)
        self.page = Scripted("web", ("web",))
        self.desk = Desk(house, {"bot": BOT, "web": FAST}, accounts={"bot": BOTS, "web": ("web",)})
        channels = {"bot": self.platform, "web": self.page}
        self.supervisor = supervisor
        self.sender = Sender(db, channels, self.clock, supervisor.spawn, self.desk)
        self.members: list[Chat] = []
        self.numbers = 0

    async def run(self) -> None:
        """Send until nothing more goes out at this moment."""
        while True:
            await self.sender._visit()
            while waiting := list(self.supervisor._tasks):
                await asyncio.wait(waiting)
            if not self.sender._busy and not self.sender._outcomes:
                return

    def settle(self, conn: Conn) -> None:
        """Three thôn: one coordinator on the page, one on a bot, one thôn without; the office on the page."""
        homes = [units.create(conn, code=f"T{n}", name=f"Thôn {n}", kind="thon", parent_id=None).id for n in range(3)]
        self._person(conn, "Phòng", "office", None, "web", "web")
        self._person(conn, "Trưởng 0", "coordinator", homes[0], "web", "web")
        head = self._person(conn, "Trưởng 1", "coordinator", homes[1], "bot", "mot")
        self.platform.lets_in("mot", head.key)
        number = 0
        while account := next_account(taken(conn, "bot", BOTS, self.clock.now), CAP):
            chat = self._person(conn, f"Người {number}", "", homes[number % 3], "bot", account)
            assert self.platform.lets_in(account, chat.key)
            self.members.append(chat)
            if number % 10 == 0:  # one in ten also knows the web page, and used it earlier
                twin = chats.arrive(conn, "web", "web", f"w{number}", self.clock.now - DAY)
                chats.set_person(conn, twin.id, chat.person_id)
            number += 1

    def _person(self, conn: Conn, name: str, role: str, home: int | None, channel: str, account: str) -> Chat:
        now = self.clock.now
        person = people.create(conn, code=name, name=name, unit_id=home, now=now)
        if role:
            grants.give(conn, person.id, role, scope_unit_id=home, now=now)
        chat = chats.arrive(conn, channel, account, name, now)
        chats.set_consent(conn, chat.id, "yes", "1", now)
        return chats.set_person(conn, chat.id, person.id)

    def talk(self, conn: Conn) -> None:
        """Some people write today."""
        for chat in self.random.sample(self.members, 6):
            self.numbers += 1
            answer(
                conn,
                Incoming("bot", chat.account, chat.key, f"m{self.numbers}", Kind.TEXT, "menu"),
                self.clock.now,
                self.desk,
            )

    def announce(self, conn: Conn, day: int) -> None:
        """A notice to every second one, a digest to some."""
        for place, chat in enumerate(self.members):
            for rank, some in ((Rank.BULK, place % 10 == day % 10), (Rank.NOTICE, place % 2 == day % 2)):
                if some:
                    reply = Reply(f"{rank.name} {day}", to=chat.id, rank=rank, good_for=2 * DAY)
                    notify(conn, reply, chat, f"{rank}:{day}:{chat.id}", self.desk, self.clock.now)

    async def a_day(self, day: int) -> None:
        await self.db.run(self.talk)
        if day % 5 == 0:
            await self.db.run(self.announce, day)
        await self.run()
        await self.db.run(untold_job.run, self.clock.now, self.desk)
        self.clock.pass_(hours=2)
        await self.run()
        await self.db.run(untold_job.run, self.clock.now, self.desk)
        await self.run()
        await self.db.run(housekeeping.run, self.clock.now, self.desk)
        self.clock.pass_(hours=22)


@asynccontextmanager
async def world(house: House) -> AsyncIterator[World]:
    db = await Database.open("sqlite://")
    supervisor = Supervisor()
    try:
        made = World(db, house, supervisor)
        await db.run(made.settle)
        yield made
    finally:
        await supervisor.stop(0)
        await db.close()


async def test_a_month_at_the_quota(house: House) -> None:
    async with world(house) as all_:
        assert {account: len(known) for account, known in all_.platform.people.items()} == dict.fromkeys(BOTS, CAP)
        assert not all_.platform.lets_in("mot", "người thứ 51")
        for day in range(DAYS):
            await all_.a_day(day)
            await answers_came_first(all_)
        assert await all_.db.run(quota.used, "2026-11") == {
            **{("bot", bot): all_.platform.carried[bot, "2026-11"] for bot in BOTS},
            ("web", "web"): len(all_.page.sent),
        }
        the_rest_of_the_quota_was_kept_for_answers(all_)
        await reminders_came_before_digests(all_)
        await the_office_knew_in_time(all_)
        await nobody_was_dropped_silently(all_)


async def answers_came_first(all_: World) -> None:
    """No answer is left behind, unless its bot has used up everything."""
    waiting = select(outbox.c.lane).where(outbox.c.state == "queued", outbox.c.rank == 0).distinct()
    lanes = await all_.db.run(lambda conn: conn.execute(waiting).scalars().all())
    month = f"{all_.clock.now - DAY:%Y-%m}"
    assert all(all_.platform.carried[lane.removeprefix("bot:"), month] == QUOTA for lane in lanes)


def the_rest_of_the_quota_was_kept_for_answers(all_: World) -> None:
    carried: Counter[str] = Counter()
    last_unprompted: dict[str, int] = {}
    for parcel in all_.platform.sent:
        carried[parcel.account] += 1
        if parcel.rank is not Rank.ANSWER:
            last_unprompted[parcel.account] = carried[parcel.account]
    assert all(last <= QUOTA * 0.95 for last in last_unprompted.values()), last_unprompted
    assert set(carried) == set(BOTS)
    assert all(parcel.rank is Rank.ANSWER for parcel in all_.platform.refused)


async def reminders_came_before_digests(all_: World) -> None:
    """Of a day on which a bot could not carry all reminders, it carried no digest."""
    rows = await all_.db.run(lambda conn: conn.execute(select(outbox.c.lane, outbox.c.body, outbox.c.state)).all())
    lost = {(row.lane, row.body["text"]) for row in rows if row.state != "sent"}
    carried = [(row.lane, row.body["text"]) for row in rows if row.state == "sent"]
    digests = [(lane, text.replace("BULK", "NOTICE")) for lane, text in carried if text.startswith("BULK")]
    assert len(digests) > 20
    assert lost.isdisjoint(digests)


async def the_office_knew_in_time(all_: World) -> None:
    told = select(mishap.c.ref, mishap.c.at).where(mishap.c.where_ == "alert")
    when = dict(await all_.db.run(lambda conn: [tuple(row) for row in conn.execute(told)]))
    missed = select(chat_table.c.account, func.min(untold_table.c.at)).join(untold_table).group_by(chat_table.c.account)
    first_missed = dict(await all_.db.run(lambda conn: [tuple(row) for row in conn.execute(missed)]))
    for bot in BOTS:
        early, reserve = (when[f"quota:bot:{bot}:{mark}:2026-11"] for mark in ("80%", "95%"))
        assert BEGIN < early <= reserve <= first_missed[bot]
    warnings = [parcel.text for parcel in all_.page.sent if "trong 120 tin của tháng này" in parcel.text]
    assert len(warnings) == len(BOTS)


async def nobody_was_dropped_silently(all_: World) -> None:
    """Every unprompted message arrived, or went to the person's other chat, or a person was asked to call."""

    def look(conn: Conn) -> tuple[list[tuple[int, str]], set[int], dict[int, int]]:
        rows = conn.execute(select(outbox).where(outbox.c.rank > 0, outbox.c.state != "sent")).all()
        lost = [(row.chat_id, row.state) for row in rows if not (row.error or "").startswith("moved")]
        told = select(untold_table.c.chat_id).where(untold_table.c.told_at.is_not(None))
        people_of = select(outbox.c.chat_id).where(outbox.c.rank > 0, outbox.c.lane == "web:web")
        return lost, set(conn.execute(told).scalars()), Counter(conn.execute(people_of).scalars())

    lost, told, moved = await all_.db.run(look)
    assert len(lost) > 100
    assert {chat for chat, _ in lost} <= told
    assert len(moved) == 15
    calls = [parcel.text for parcel in (*all_.page.sent, *all_.platform.sent) if "không nhắn được cho" in parcel.text]
    assert len(calls) > 3
    assert len(calls) <= 3 * DAYS
    faults = [found for found in await all_.db.run(mishaps.recent) if found.where != "alert"]
    assert faults == []
