"""SQLite: works that queued up while the disk was busy share one transaction and one fsync.

aiosqlite brings the thread; a batch of works reaches it in a single hop (one hop a statement cost half the speed).
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

import aiosqlite
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from bot.core.errors import CamtayError
from storage.db import Busy, Closed, Conn, Database, Outcome
from storage.schema import metadata

T = TypeVar("T")
Job = Callable[[Conn], Any]
Work = tuple[Job, asyncio.Future[Outcome[Any]]]

_TOGETHER = 128  # works a transaction at most, so that the first one never waits long for the last
_STILL_SECONDS = 0.008  # the longest the loop keeps still for a batch: a slow work must not stop everything else
_PRAGMAS = (
    "busy_timeout = 5000",
    "synchronous = FULL",  # a commit is on the disk before anybody hears of it
    "foreign_keys = ON",
    "cache_size = -16000",
    "temp_store = MEMORY",
)


def connect(path: str, *more: str) -> sqlite3.Connection:
    """A connection with our settings and these PRAGMAs; transactions are begun and ended by hand."""
    if path not in ("", ":memory:"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    raw = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        for pragma in (*_PRAGMAS, *more):
            raw.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error:
        raw.close()
        raise
    return raw


def core(raw: sqlite3.Connection) -> Engine:
    """SQLAlchemy on top of that very connection; it neither begins nor ends transactions."""
    return create_engine(
        "sqlite://",
        creator=lambda: raw,
        poolclass=StaticPool,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        paramstyle="named",
        hide_parameters=True,  # an error goes to the log, and what people wrote must not
    )


class Sqlite(Database):
    """A file, or a database in memory, served by one thread."""

    name: Literal["sqlite"] = "sqlite"

    def __init__(self, line: _Line) -> None:
        self._line = line

    @classmethod
    async def connect(cls, path: str) -> Sqlite:
        try:
            raw = await asyncio.to_thread(connect, path, "journal_mode = WAL")
        except (OSError, sqlite3.Error) as error:
            raise CamtayError(f"the database {path} cannot be opened: {error}") from error
        line = _Line(raw)
        _ = await line  # starts its thread
        database = cls(line)
        if path in ("", ":memory:"):
            await database.run(metadata.create_all)
        return database

    async def _run(self, job: Callable[[Conn], T]) -> Outcome[T]:
        return await self._line.run(job)

    async def close(self) -> None:
        await self._line.close()


class _Line(aiosqlite.Connection):
    """aiosqlite's connection and thread, with works waiting in line beside its own queue.

    While the thread runs the statements of a batch, the loop keeps still: every statement lets go of the
    interpreter, and a thread that must win it back from a busy loop a dozen times a work costs a third of the speed.
    Once only the disk is waited for, or after `_STILL_SECONDS`, the loop goes on.
    """

    def __init__(self, raw: sqlite3.Connection) -> None:
        super().__init__(lambda: raw, iter_chunk_size=64)
        self._core = core(raw).connect()
        self._loop = asyncio.get_running_loop()
        self._works: deque[Work] = deque()
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False
        self._statements_done = threading.Event()

    async def run(self, job: Job) -> Outcome[Any]:
        if self._closing or self._connection is None:
            raise Closed
        future: asyncio.Future[Outcome[Any]] = self._loop.create_future()
        self._works.append((job, future))
        if self._idle.is_set():
            self._idle.clear()
            self._loop.call_soon(self._ring)  # soon: what else this round of the loop brings comes along
        return await future

    async def close(self) -> None:
        """Finish the works handed in; new ones are refused."""
        self._closing = True
        await self._idle.wait()
        await super().close()

    def _ring(self) -> None:
        """Hand what waits to the thread, and keep out of its way for a moment."""
        batch = [self._works.popleft() for _ in range(min(len(self._works), _TOGETHER))]
        self._statements_done.clear()
        self._tx.put_nowait((None, partial(self._serve, batch)))
        self._statements_done.wait(_STILL_SECONDS)

    def _serve(self, batch: Sequence[Work]) -> None:
        """In the thread: one transaction for all of them."""
        try:
            outcomes = self._outcomes([job for job, _ in batch])
        finally:
            self._statements_done.set()
        self._loop.call_soon_threadsafe(self._served, [future for _, future in batch], outcomes)

    def _served(self, futures: Sequence[asyncio.Future[Outcome[Any]]], outcomes: Sequence[Outcome[Any]]) -> None:
        for future, outcome in zip(futures, outcomes, strict=True):
            if not future.done():  # cancelled meanwhile
                future.set_result(outcome)
        if self._works:
            self._loop.call_soon(self._ring)
        else:
            self._idle.set()

    def _outcomes(self, jobs: Sequence[Job]) -> list[Outcome[Any]]:
        """One for each job. Unless the transaction holds to the end, they all fail.

        Nearly always none of them raises, so the first run does without savepoints: two statements a work less,
        each of which hands the interpreter over to the other thread and back.
        """
        try:
            with self._transaction():
                return [(job(self._core), None) for job in jobs]
        except BaseException as error:
            return [(None, _plain(error))] if len(jobs) == 1 else self._one_by_one(jobs)

    def _one_by_one(self, jobs: Sequence[Job]) -> list[Outcome[Any]]:
        """One of them raised and everything was undone: run them again, each in its own savepoint."""
        try:
            with self._transaction():
                return [self._guarded(job) for job in jobs]
        except BaseException as error:
            return [(None, _plain(error))] * len(jobs)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        # IMMEDIATE: with SQLite's default, two processes that read and then write lose updates silently.
        self._conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._statements_done.set()
            self._conn.execute("COMMIT")
        except BaseException:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
            raise

    def _guarded(self, job: Job) -> Outcome[Any]:
        """What becomes of one work among several: when it fails, only what it did is undone."""
        self._conn.execute("SAVEPOINT work")
        try:
            outcome: Outcome[Any] = (job(self._core), None)
        except BaseException as error:
            if not self._conn.in_transaction:  # SQLite undid everything by itself: disk full, out of memory
                raise
            self._conn.execute("ROLLBACK TO work")
            outcome = (None, error)
        self._conn.execute("RELEASE work")
        return outcome


def _plain(error: BaseException) -> BaseException:
    locked = isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return Busy(f"SQLite: {error}") if locked else error
