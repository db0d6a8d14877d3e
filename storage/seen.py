"""Which messages were taken in already, so that a repeated delivery changes nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete

from storage.db import Conn
from storage.schema import seen
from storage.statement import Statement, given, insert


def first_time(conn: Conn, channel: str, account: str, message: str, now: datetime) -> bool:
    """Note the message; whether it was new."""
    return _note.run(conn, channel=channel, account=account, message=message, at=now) == 1


def purge(conn: Conn, before: datetime) -> int:
    """Forget messages that no platform repeats any more; how many."""
    return _purge.run(conn, before=before)


_note = Statement(lambda dialect: insert(dialect, seen).values(given(seen)).on_conflict_do_nothing())
_purge = Statement(lambda _: delete(seen).where(seen.c.at < bindparam("before", type_=seen.c.at.type)))
