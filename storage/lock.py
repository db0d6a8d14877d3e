"""Which bots work on a database: one a SQLite file, any number on PostgreSQL; and whether one is alone there.

One that is alone knows that whatever was being sent before it started is nobody's any more.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from bot.core.errors import CamtayError
from storage.db import postgres_url


class InUse(CamtayError):
    """Đang có một Cầm Tay khác dùng tệp dữ liệu này. Tắt chương trình ấy rồi chạy lại."""


# Any number that nothing else locks; the claim's is another one.
_BOTS = 5072616
_MOMENTS = 10


@contextmanager
def hold(url: str) -> Iterator[bool]:
    """Be known as a bot on this database; yields whether it is the only one. Ends with the process, however it dies.

    Raises:
        InUse: the database is a file, and another process has it.
    """
    parsed = make_url(url)
    path = parsed.database or ""
    if parsed.get_backend_name() == "postgresql":
        with _among_bots(parsed) as alone:
            yield alone
        return
    if path in ("", ":memory:"):
        yield True
        return
    # A file of its own: SQLite's locks on the database would be lost when another handle of it is closed.
    lock = Path(f"{path}.lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        if not _taken(file):
            raise InUse(f"Đang có một Cầm Tay khác dùng tệp {path}. Tắt chương trình ấy rồi chạy lại.")
        yield True


def is_held(url: str) -> bool:
    """Whether a bot works on this database just now."""
    try:
        with hold(url) as alone:
            return not alone
    except InUse:
        return True


@contextmanager
def _among_bots(url: URL) -> Iterator[bool]:
    """Every bot shares a lock of its session; whoever can have it alone for a moment is the only one."""
    engine = create_engine(postgres_url(url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as conn:
        alone = any(_tried(conn) for _ in range(_MOMENTS))
        conn.execute(text(f"SELECT pg_advisory_lock_shared({_BOTS})"))
        if alone:
            conn.execute(text(f"SELECT pg_advisory_unlock({_BOTS})"))
        yield alone


def _tried(conn: Connection) -> bool:
    """The server needs a moment to notice that a bot has died."""
    alone = bool(conn.execute(text(f"SELECT pg_try_advisory_lock({_BOTS})")).scalar())
    if not alone:
        time.sleep(0.05)
    return alone


if sys.platform == "win32":
    import msvcrt

    def _taken(file: IO[str]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _taken(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
