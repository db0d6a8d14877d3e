"""Questions without an answer are counted, never with a name, and forgotten after a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import unanswered
from storage.db import Database


async def test_asked_again_counts_once_more(db: Database, now: datetime) -> None:
    later = now + timedelta(hours=1)
    await db.run(unanswered.note, "Mai có mưa  không", now)
    await db.run(unanswered.note, "giá lợn bao nhiêu", now)
    await db.run(unanswered.note, "mai có mưa không", later)
    found = await db.run(unanswered.often)
    assert [(row.text, row.count) for row in found] == [("mai có mưa không", 2), ("giá lợn bao nhiêu", 1)]
    assert found[0].last_at == later


async def test_nothing_said_is_nothing_kept(db: Database, now: datetime) -> None:
    await db.run(unanswered.note, "  ", now)
    await db.run(unanswered.note, "x" * 500, now)
    [row] = await db.run(unanswered.often)
    assert len(row.text) == unanswered.LONGEST


async def test_the_old_is_forgotten(db: Database, now: datetime) -> None:
    await db.run(unanswered.note, "mai có mưa không", now)
    assert await db.run(unanswered.purge, now) == 0
    assert await db.run(unanswered.purge, now + timedelta(seconds=1)) == 1
    assert await db.run(unanswered.often) == []
