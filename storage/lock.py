"""One process a SQLite file: two would send the same messages and answer one chat side by side."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from bot.core.errors import CamtayError


class InUse(CamtayError):
    """Another Cầm Tay is already running on this database file. Stop that one first."""


@contextmanager
def hold(url: str) -> Iterator[None]:
    """Keep other processes that ask for it away from this database's file; nothing to do for PostgreSQL.

    Ends with the process, however it dies.

    Raises:
        InUse: somebody holds it already.
    """
    parsed = make_url(url)
    path = parsed.database or ""
    if parsed.get_backend_name() != "sqlite" or path in ("", ":memory:"):
        yield
        return
    # A file of its own: SQLite's locks on the database would be lost when another handle of it is closed.
    lock = Path(f"{path}.lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        if not _taken(file):
            raise InUse(f"Another Cầm Tay is already running on {path}. Stop that one first.")
        yield


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
