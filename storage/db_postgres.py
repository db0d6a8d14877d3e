"""PostgreSQL: psycopg through SQLAlchemy's pool, one worker thread a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TypeVar

from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import DBAPIError

from bot.core.errors import CamtayError
from storage.db import Busy, Closed, Conn, Database, Outcome, postgres_url

try:
    import psycopg
except ModuleNotFoundError as missing:
    raise CamtayError("DATABASE_URL is PostgreSQL: install the packages of requirements-postgres.lock") from missing

T = TypeVar("T")


class Postgres(Database):
    """A pool of connections; each work has one to itself while it runs (READ COMMITTED)."""

    name: Literal["postgresql"] = "postgresql"

    def __init__(self, url: URL, threads: int) -> None:
        self._engine = create_engine(postgres_url(url), pool_size=threads, max_overflow=0, hide_parameters=True)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="postgres")
        self._closed = False

    @classmethod
    async def connect(cls, url: URL, threads: int) -> Postgres:
        database = cls(url, threads)
        try:
            await database.run(lambda conn: conn.execute(text("SELECT 1")))
        except BaseException:
            await database.close()
            raise
        return database

    async def _run(self, job: Callable[[Conn], T]) -> Outcome[T]:
        if self._closed:
            raise Closed
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._work, job)

    async def close(self) -> None:
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _work(self, job: Callable[[Conn], T]) -> Outcome[T]:
        try:
            with self._engine.begin() as conn:
                return job(conn), None
        except BaseException as error:
            return None, _plain(error)


def _plain(error: BaseException) -> BaseException:
    """Busy for what passes by itself: lost connections, deadlocks, a server that starts or stops.

    A connection lost during COMMIT is among them, so a work must bear being run again after it was kept.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    passing = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return Busy(f"PostgreSQL: {cause}".strip()) if passing else error
