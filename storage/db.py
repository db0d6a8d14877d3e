"""`Database.run`, the one way in: a plain function of a connection, run whole, in one transaction, off the loop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Concatenate, Literal, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, make_url

from bot.core.errors import CamtayError

Conn = Connection
P = ParamSpec("P")
T = TypeVar("T")

Outcome = tuple[T, None] | tuple[None, BaseException]
"""What became of a work. Not a future's own exception: a future refuses StopIteration, and would wait for ever."""


class Busy(CamtayError):
    """The database cannot do this right now (locked, restarting, unreachable); the same work may be tried again."""


class Closed(CamtayError):
    """The database was closed already: Cầm Tay is stopping."""


class Database(ABC):
    """One open database. Works run one after the other on SQLite, several at once on PostgreSQL."""

    name: Literal["sqlite", "postgresql"]

    @classmethod
    async def open(cls, url: str, *, threads: int = 4) -> Database:
        """Open `sqlite:////path/to.db`, `sqlite://` (in memory, with fresh tables) or `postgresql://...`.

        `threads` is how many works PostgreSQL runs at once. The tables must be there: see `storage.migrate`.

        Raises:
            CamtayError: another kind of database, or one that does not answer.
        """
        parsed = make_url(url)
        match parsed.get_backend_name():
            case "sqlite":
                from storage.db_sqlite import Sqlite

                return await Sqlite.connect(parsed.database or "")
            case "postgresql":
                # Late: psycopg is an extra that most communes never install.
                from storage.db_postgres import Postgres

                return await Postgres.connect(parsed, threads)
            case other:
                raise CamtayError(f"DATABASE_URL: {other} is not supported; use sqlite or postgresql")

    async def run(self, work: Callable[Concatenate[Conn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work(conn, ...)` returns, once that is on the disk; what it raises, once all it did is undone.

        A caller that is cancelled stops waiting; the work itself may still happen. A work may be begun anew after
        all it did was undone, so it must change nothing but the database.

        Raises:
            Busy: nothing is known to be kept; try again.
            Closed: after `close`.
        """
        value, error = await self._run(lambda conn: work(conn, *args, **kwargs))
        if error is not None:
            raise error
        return value  # type: ignore[return-value]  # T where there is no error

    @abstractmethod
    async def close(self) -> None:
        """Finish the works handed in, then let go of the database."""

    @abstractmethod
    async def _run(self, job: Callable[[Conn], T]) -> Outcome[T]: ...


def postgres_url(url: URL) -> URL:
    """The same address, through psycopg 3."""
    return url.set(drivername="postgresql+psycopg")
