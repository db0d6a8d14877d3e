"""`Database.run`: whole or not at all, each work by itself, also when many share a commit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from bot.core.errors import CamtayError
from storage import chats, seen, units
from storage.db import Busy, Closed, Conn, Database
from storage.schema import unit


def make(conn: Conn, code: str) -> str:
    units.create(conn, code=code, name=code, kind="thon", parent_id=None)
    return code


def fail(conn: Conn, code: str) -> None:
    make(conn, code)
    raise RuntimeError(code)


async def codes(db: Database) -> set[str]:
    return {each.code for each in await db.run(units.all_)}


async def test_a_work_returns_what_it_returns(db: Database) -> None:
    assert await db.run(make, "A") == "A"
    assert await db.run(make, code="B") == "B"
    assert await codes(db) == {"A", "B"}


async def test_a_failure_undoes_only_itself_among_many(db: Database) -> None:
    works = [db.run(fail if number % 3 == 0 else make, str(number)) for number in range(60)]
    found = await asyncio.gather(*works, return_exceptions=True)
    assert [str(each) for each in found] == [str(number) for number in range(60)]
    assert all(isinstance(each, RuntimeError) == (number % 3 == 0) for number, each in enumerate(found))
    assert await codes(db) == {str(number) for number in range(60) if number % 3}


async def test_the_databases_own_refusal_undoes_only_itself(db: Database) -> None:
    """PostgreSQL lets nothing more happen after a failed statement; the work's rows before it go as well."""

    def twice(conn: Conn) -> None:
        make(conn, "A")
        make(conn, "A")

    found = await asyncio.gather(db.run(twice), db.run(make, "B"), return_exceptions=True)
    assert isinstance(found[0], IntegrityError)
    assert await codes(db) == {"B"}


async def test_no_update_is_lost_in_a_race(db: Database, now: datetime) -> None:
    def count(conn: Conn) -> None:
        chat = chats.arrive(conn, "web", "web", "1", now)
        chats.leave(
            conn,
            chat,
            at=chat.at,
            trail=(*chat.trail, "x"),
            notes={},
            offered=(),
            misses=chat.misses + 1,
            last_tap=None,
            last_tap_at=None,
        )

    await asyncio.gather(*(db.run(count) for _ in range(80)))
    chat = await db.run(chats.arrive, "web", "web", "1", now)
    assert (chat.misses, len(chat.trail)) == (80, 80)


async def test_a_cancelled_caller_harms_nobody(db: Database) -> None:
    tasks = [asyncio.create_task(db.run(make, str(number))) for number in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert found[1::2] == [str(number) for number in range(1, 20, 2)]
    assert await codes(db) >= set(map(str, found[1::2]))


async def test_even_stop_iteration_reaches_the_caller(db: Database) -> None:
    """A future refuses that one: passed on as it is, the caller would wait for ever."""
    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(db.run(lambda _: next(iter(()))), 2)


async def test_closing_finishes_what_was_handed_in(database_url: str) -> None:
    db = await Database.open(database_url)
    tasks = [asyncio.create_task(db.run(make, str(number))) for number in range(10)]
    await asyncio.sleep(0)
    await db.close()
    assert len(await asyncio.gather(*tasks)) == 10
    with pytest.raises(Closed):
        await db.run(make, "late")


async def test_a_database_in_memory_has_its_tables() -> None:
    db = await Database.open("sqlite://")
    await db.run(make, "A")
    assert await codes(db) == {"A"}
    await db.close()


async def test_a_file_that_is_no_database_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("hello, I am a text and not a database at all" * 9)
    for path in (tmp_path, tmp_path / "x.db", tmp_path / "x.db" / "y.db"):
        with pytest.raises(CamtayError, match="cannot be opened"):
            await Database.open(f"sqlite:///{path}")


async def test_other_databases_are_refused_in_plain_words() -> None:
    with pytest.raises(CamtayError, match="mysql is not supported"):
        await Database.open("mysql://x/y")


@pytest.fixture
async def lite(tmp_path: Path) -> AsyncIterator[Database]:
    db = await Database.open("sqlite://")
    yield db
    await db.close()


async def together(db: Database, *works: Callable[[Conn], object]) -> tuple[list[Any], list[str]]:
    """What becomes of works that all wait while the thread is busy, and what SQLite was told meanwhile."""
    busy, enough, told = threading.Event(), threading.Event(), list[str]()

    def wait(conn: Conn) -> None:
        raw: Any = conn.connection.driver_connection
        raw.set_trace_callback(told.append)
        busy.set()
        enough.wait(2)

    first = asyncio.ensure_future(db.run(wait))
    await asyncio.to_thread(busy.wait, 2)
    rest = asyncio.gather(*(db.run(work) for work in works), return_exceptions=True)
    await asyncio.sleep(0)
    enough.set()
    await first
    return await rest, told


async def test_works_that_wait_share_one_commit(lite: Database) -> None:
    names = [str(number) for number in range(20)]
    found, told = await together(lite, *(partial(make, code=name) for name in names))
    assert found == names
    assert told.count("BEGIN IMMEDIATE") == 1


async def test_a_slow_work_does_not_stop_the_loop(lite: Database) -> None:
    """The loop keeps still only for a moment: this work ends because the loop says so, and others wait in line."""
    enough = threading.Event()
    slow = asyncio.ensure_future(lite.run(lambda _: enough.wait(2)))
    behind = asyncio.ensure_future(lite.run(make, "A"))
    await asyncio.sleep(0.02)
    later = asyncio.ensure_future(lite.run(make, "B"))
    await asyncio.sleep(0.02)
    enough.set()
    assert list(await asyncio.gather(slow, behind, later)) == [True, "A", "B"]


async def test_when_the_commit_fails_nobody_is_told_otherwise(lite: Database) -> None:
    def orphan(conn: Conn) -> None:
        conn.execute(text("PRAGMA defer_foreign_keys = ON"))
        conn.execute(insert(unit).values(code="X", name="X", kind="thon", parent_id=99))

    found, _ = await together(lite, partial(make, code="A"), orphan)
    assert all("FOREIGN KEY" in str(each) for each in found)
    assert await codes(lite) == set()
    await lite.run(make, "B")
    assert await codes(lite) == {"B"}


async def test_when_sqlite_undoes_everything_by_itself_everybody_fails(lite: Database) -> None:
    """As it does when the disk is full."""

    def disk_full(conn: Conn) -> None:
        conn.exec_driver_sql("ROLLBACK")
        raise OSError("disk full")

    found, _ = await together(lite, partial(make, code="A"), disk_full, partial(make, code="B"))
    assert [str(each) for each in found] == ["disk full"] * 3
    assert await codes(lite) == set()


async def test_a_locked_file_is_busy_not_broken(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    first, second = await Database.open(url), await Database.open(url)
    await second.run(lambda conn: conn.exec_driver_sql("PRAGMA busy_timeout = 1"))
    release = threading.Event()
    holding = asyncio.ensure_future(first.run(lambda _: release.wait(2)))
    await asyncio.sleep(0.01)
    with pytest.raises(Busy, match="locked"):
        await second.run(lambda conn: conn.execute(select(1)))
    release.set()
    await holding
    await second.run(lambda conn: conn.execute(select(1)))
    await first.close()
    await second.close()


async def test_a_lost_connection_is_busy_and_the_next_work_gets_a_new_one(db: Database, now: datetime) -> None:
    if db.name != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    end = text("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(Busy):
        await db.run(lambda conn: conn.execute(end))

    def cut(conn: Conn) -> bool:
        other = conn.engine.connect()
        pid = conn.execute(text("SELECT pg_backend_pid()")).scalar()
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        other.close()
        return seen.first_time(conn, "telegram", "bacson", "1", now)

    with pytest.raises(Busy):
        await db.run(cut)
    assert await db.run(seen.first_time, "telegram", "bacson", "1", now)


async def test_a_server_that_is_not_there_is_busy() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(Busy, match="PostgreSQL"):
        await Database.open("postgresql://nobody@127.0.0.1:1/none")
