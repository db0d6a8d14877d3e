"""The alarm clock and what it wakes: each job is timed rightly, does what it says, and may run twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import select, update

from bot import alarm
from bot.authoring.player import BEGIN
from bot.core.messages import Rank
from bot.desk import Desk
from bot.jobs import housekeeping
from storage import drafts, outbox, people, seen
from storage.db import Conn, Database
from storage.schema import outbox as table
from storage.schema import seen as seen_table
from tests.engine.kit import Clock, queue, until

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize("name", sorted(alarm.known()))
def test_when_a_job_rings_is_valid_and_weekdays_are_names(name: str) -> None:
    when: dict[str, Any] = alarm.known()[name].WHEN
    now = BEGIN.astimezone(ZONE)
    following = CronTrigger(**when, timezone=ZONE).get_next_fire_time(None, now)
    assert following is not None
    assert following - now <= timedelta(days=31)
    assert not any(character.isdigit() for character in str(when.get("day_of_week", "")))


async def test_the_alarm_rings_every_job_and_the_sender_looks_up(
    db: Database, clock: Clock, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    woken: list[bool] = []
    scheduler = alarm.start(db, clock, desk, lambda: woken.append(True))
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(ZONE))
    await until(lambda: len(woken) >= len(alarm.known()))
    assert {record.job for record in caplog.records if record.message == "job.done"} == set(alarm.known())  # type: ignore[attr-defined]
    scheduler.shutdown(wait=False)


def furnish(conn: Conn) -> None:
    """Rows of every kind that housekeeping touches, and beside each one that it must leave alone."""
    month_ago = BEGIN - timedelta(days=31)
    queue(conn, "1", ["old and sent"], now=month_ago)
    queue(conn, "1", ["too late"], worthless_after=BEGIN - timedelta(hours=1))
    queue(conn, "2", ["abandoned", "under way"])
    queue(conn, "2", ["waiting"], worthless_after=BEGIN + timedelta(hours=1))
    states: dict[str, dict[str, Any]] = {
        "old and sent": {"state": "sent"},
        "abandoned": {"state": "sending", "claimed_at": BEGIN - timedelta(hours=1)},
        "under way": {"state": "sending", "claimed_at": BEGIN - timedelta(minutes=1)},
    }
    for words, values in states.items():
        conn.execute(update(table).where(table.c.dedupe.endswith(f":{words}")).values(**values))
    seen.first_time(conn, "kenh", "mot", "old", month_ago)
    seen.first_time(conn, "kenh", "mot", "new", BEGIN)
    for code, expires in (("A", BEGIN), ("B", BEGIN + timedelta(hours=1))):
        person = people.create(conn, code=code, name="Lan", now=month_ago)
        drafts.keep(conn, person.id, {}, month_ago, expires)


def states(conn: Conn) -> dict[str, str]:
    return {row.body["text"]: row.state for row in conn.execute(select(table.c.body, table.c.state))}


async def test_housekeeping_does_what_it_says_and_twice_is_harmless(db: Database, desk: Desk) -> None:
    await db.run(furnish)
    done = {"recovered": 1, "expired": 1, "settled": 0, "purged": 1, "seen": 1, "drafts": 1, "questions": 0}
    assert await db.run(housekeeping.run, BEGIN, desk) == done
    after = await db.run(states)
    assert after == {"too late": "expired", "abandoned": "queued", "under way": "sending", "waiting": "queued"}
    assert set((await db.run(housekeeping.run, BEGIN, desk)).values()) == {0}
    assert await db.run(states) == after
    assert await db.run(lambda conn: conn.execute(select(seen_table.c.message)).scalars().all()) == ["new"]


async def test_what_is_still_to_be_said_is_never_purged(db: Database, desk: Desk) -> None:
    await db.run(partial(queue, now=BEGIN - timedelta(days=60), rank=Rank.BULK), "1", ["waits"])
    await db.run(housekeeping.run, BEGIN, desk)
    assert await db.run(outbox.backlog) == {"queued": 1, "sending": 0}
