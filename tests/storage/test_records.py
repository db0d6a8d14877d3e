"""What the house writes down about itself: messages seen, mishaps, updates set aside, the audit."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import select

from storage import audit, mishaps, schema, seen, setaside
from storage.db import Database

MESSAGE = ("telegram", "bacson", "77")


async def test_a_message_is_new_once(db: Database, now: datetime) -> None:
    found = await asyncio.gather(*(db.run(seen.first_time, *MESSAGE, now) for _ in range(20)))
    assert found.count(True) == 1
    assert await db.run(seen.first_time, "telegram", "other", "77", now)


async def test_old_messages_are_forgotten(db: Database, now: datetime) -> None:
    await db.run(seen.first_time, *MESSAGE, now)
    assert await db.run(seen.purge, now) == 0
    assert await db.run(seen.purge, now + timedelta(seconds=1)) == 1


async def test_a_mishap_says_whether_it_was_new(db: Database, now: datetime) -> None:
    """An alarm goes out on the first of them only, and on both databases."""
    told = {"channel": "", "where": "alert", "error": "", "traceback": ""}
    assert [await db.run(mishaps.note, **told, now=now, ref=ref) for ref in "AAB"] == [True, False, True]


async def test_mishaps_newest_first_each_once(db: Database, now: datetime) -> None:
    told = {"channel": "telegram", "where": "guide:step", "error": "KeyError", "traceback": "..."}
    for seconds, ref in enumerate(["A", "B", "A", None]):
        await db.run(mishaps.note, **told, now=now + timedelta(seconds=seconds), ref=ref)
    found = await db.run(mishaps.recent)
    assert [each.ref for each in found][1:] == ["B", "A"]
    assert (found[0].where, len(found[0].ref)) == ("guide:step", 8)
    assert len(await db.run(mishaps.recent, 2)) == 2


async def test_tries_are_counted(db: Database, now: datetime) -> None:
    words = ("text", "KeyError", now)
    assert [await db.run(setaside.tried, *MESSAGE, *words) for _ in range(3)] == [1, 2, 3]
    assert await db.run(setaside.tried, "telegram", "bacson", "78", *words) == 1
    first = (await db.run(setaside.recent))[-1]
    assert (first.kind, first.error, first.at) == words


async def test_the_audit_keeps_who_did_what(db: Database, now: datetime) -> None:
    await db.run(audit.note, actor=None, action="roster.export", subject="unit:3", now=now)
    rows = await db.run(lambda conn: [tuple(row) for row in conn.execute(select(schema.audit))])
    assert rows == [(1, now, None, "roster.export", "unit:3")]
