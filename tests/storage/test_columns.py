"""Instants and JSON come back from both databases as they went in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select

from storage import chats, seen
from storage.db import Conn, Database
from storage.schema import audit


async def test_instants_come_back_to_the_microsecond(db: Database, now: datetime) -> None:
    hanoi = now.astimezone(timezone(timedelta(hours=7)))
    chat = await db.run(chats.arrive, "web", "web", "1", hanoi)
    assert (chat.created_at, chat.created_at.tzinfo) == (now, UTC)


async def test_naive_datetimes_are_refused_either_way(db: Database, now: datetime) -> None:
    naive = now.replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        await db.run(seen.first_time, "web", "web", "1", naive)
    with pytest.raises(Exception, match="naive"):
        await db.run(lambda conn: conn.execute(insert(audit).values(at=naive, action="x", subject="y")))


async def test_json_keeps_vietnamese_and_shapes(db: Database, now: datetime) -> None:
    notes = {"tên": "Nguyễn Thị Nở", "bookmarks": {"android": "AND-3"}, "n": [1, None, True]}

    def write(conn: Conn) -> chats.Chat:
        chat = chats.arrive(conn, "web", "web", "1", now)
        chats.leave(conn, chat, at="", trail=(), notes=notes, offered=(), misses=0, last_tap=None, last_tap_at=None)
        return chats.get(conn, chat.id)

    assert (await db.run(write)).notes == notes


async def test_instants_before_1970_are_instants_too(db: Database) -> None:
    old = datetime(1945, 9, 2, tzinfo=UTC)
    await db.run(lambda conn: conn.execute(insert(audit).values(at=old, action="x", subject="y")))
    assert await db.run(lambda conn: conn.execute(select(audit.c.at)).scalar()) == old
