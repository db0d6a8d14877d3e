"""What jobs meant to say: each once, and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.core.messages import Rank
from storage import chats, occurrences, outbox
from storage.db import Conn, Database
from storage.occurrences import Occurrence
from storage.outbox import Draft
from storage.schema import outbox as table


def plan(conn: Conn, now: datetime, day: str = "2026-11-24", recipient: str = "person:1") -> Occurrence | None:
    return occurrences.plan(conn, job="nudge", planned_for=day, recipient=recipient, subject="android", now=now)


async def test_the_same_is_planned_once_however_often_a_job_runs(db: Database, now: datetime) -> None:
    first = await db.run(plan, now)
    assert first is not None
    assert await db.run(plan, now) is None
    assert await db.run(plan, now, "2026-11-25") is not None
    assert await db.run(plan, now, recipient="chat:1") is not None
    own = await db.run(occurrences.of_recipient, "nudge", "person:1")
    assert [one.planned_for for one in own] == ["2026-11-24", "2026-11-25"]
    assert await db.run(occurrences.get, first.id) == first


async def test_what_is_skipped_says_why(db: Database, now: datetime) -> None:
    def skipped(conn: Conn) -> Occurrence | None:
        return occurrences.plan(conn, job="nudge", planned_for="x", recipient="chat:1", skipped="quota", now=now)

    made = await db.run(skipped)
    assert made is not None
    assert (made.state, made.reason) == ("skipped", "quota")


@pytest.mark.parametrize(
    ("rows", "state", "reason"),
    [
        (["queued"], "planned", ""),
        (["sending"], "planned", ""),
        (["sent"], "sent", ""),
        (["unknown"], "sent", ""),
        (["sent", "expired"], "sent", ""),
        (["expired"], "skipped", "why"),
        (["failed", "queued"], "planned", ""),
    ],
)
async def test_the_outbox_tells_what_became_of_it(
    db: Database, now: datetime, rows: list[str], state: str, reason: str
) -> None:
    def work(conn: Conn) -> int:
        planned = plan(conn, now)
        assert planned is not None
        chat = chats.arrive(conn, "kenh", "mot", "1", now)
        for place, each in enumerate(rows):
            draft = Draft(chat.id, f"n:{place}", Rank.NOTICE, "x", occurrence=planned.id)
            outbox.add(conn, [draft], now)
            over = {"error": "why"} if each in ("expired", "failed") else {}
            conn.execute(update(table).where(table.c.dedupe == f"n:{place}").values(state=each, **over))
        return planned.id

    made = await db.run(work)
    assert await db.run(occurrences.settle) == (state != "planned")
    found = await db.run(occurrences.get, made)
    assert found is not None
    assert (found.state, found.reason) == (state, reason)
    assert await db.run(occurrences.settle) == 0


async def test_rows_of_no_occurrence_are_left_alone(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> None:
        chat = chats.arrive(conn, "kenh", "mot", "1", now)
        outbox.add(conn, [Draft(chat.id, "x:0", Rank.NOTICE, "x", worthless_after=now + timedelta(hours=1))], now)

    await db.run(work)
    assert await db.run(occurrences.settle) == 0
