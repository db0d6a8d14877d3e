"""Bring a database to the newest tables, from inside the program: `migrate(url)` at every start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from bot.core.errors import CamtayError
from storage import db_sqlite
from storage.db import Busy, postgres_url

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 5072617


class TooNew(CamtayError):
    """A newer Cầm Tay made this database. Start that version again, or restore an older backup."""


def newest() -> str:
    """The revision this program brings a database to: migrations are called 0001_..., 0002_..."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(url: str) -> None:
    """Whole or not at all; of two processes that start together one does it. Quick when there is nothing to do.

    Raises:
        TooNew: the database is ahead of this program.
        Busy: PostgreSQL does not answer.
    """
    parsed = make_url(url)
    alone = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgres(parsed)
    with alone as conn:
        now, target = revision(conn), newest()
        if now and now > target:
            raise TooNew
        if now != target:
            _upgrade(conn, target)


def revision(conn: Connection) -> str | None:
    """The migration this database is at; None for one without tables."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(conn: Connection, target: str) -> None:
    # Late: importing Alembic takes longer than everything else here, and is needed once a version.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = conn
    command.upgrade(config, target)


@contextmanager
def _sqlite(url: URL) -> Iterator[Connection]:
    """A connection in one transaction that nobody else writes beside; rolled back where it is not finished."""
    with closing(db_sqlite.connect(url.database or "")) as raw, db_sqlite.core(raw).connect() as conn:
        raw.execute("BEGIN IMMEDIATE")
        yield conn
        raw.execute("COMMIT")


@contextmanager
def _postgres(url: URL) -> Iterator[Connection]:
    """The same; the lock belongs to the transaction and ends with it."""
    engine = create_engine(postgres_url(url), poolclass=NullPool)
    try:
        with engine.begin() as conn:
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield conn
    except OperationalError as error:
        raise Busy(f"PostgreSQL: {error.orig}".strip()) from error
