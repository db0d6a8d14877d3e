"""Updates that could not be answered, however often they came; where the admin looks. Their words are not kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.db import Conn
from storage.schema import setaside
from storage.statement import insert


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row of the table, its columns in order. `tries`: how often it was tried."""

    channel: str
    account: str
    message: str
    kind: str
    tries: int
    error: str
    at: datetime


def tried(conn: Conn, channel: str, account: str, message: str, kind: str, error: str, now: datetime) -> int:
    """One more try of this update failed; how many did so far."""
    made = insert(conn.dialect.name, setaside).values(
        channel=channel, account=account, message=message, kind=kind, tries=1, error=error, at=now
    )
    again = {"tries": setaside.c.tries + 1, "error": made.excluded.error, "at": made.excluded.at}
    counted = made.on_conflict_do_update(index_elements=list(setaside.primary_key), set_=again)
    return int(conn.execute(counted.returning(setaside.c.tries)).scalar_one())


def recent(conn: Conn, limit: int = 20) -> list[SetAside]:
    """The latest ones, the newest first."""
    newest = select(setaside).order_by(setaside.c.at.desc()).limit(limit)
    return [SetAside(*row) for row in conn.execute(newest)]
