"""Exemptions: a member whom the chi bộ has freed from Party life counts out of the target (domain fact R3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from bot.core.progress import EXEMPT
from storage import progress
from storage.db import Conn
from storage.schema import person


def grant(conn: Conn, person_id: int, *, by: int, now: datetime) -> None:
    """The chi bộ has decided so; its secretary (`by`) writes it down."""
    _set(conn, person_id, exempt=True)
    progress.record(conn, person_id, EXEMPT, source="secretary", by=by, happened_at=now, now=now)


def lift(conn: Conn, person_id: int, *, by: int, now: datetime) -> None:
    """It is over, or was a slip. One that came with the roster has no event to take back."""
    _set(conn, person_id, exempt=False)
    for event in progress.of_person(conn, person_id):
        if event.what == EXEMPT:
            progress.undo(conn, event.id, by=by, now=now, why="exemption")


def _set(conn: Conn, person_id: int, *, exempt: bool) -> None:
    conn.execute(update(person).where(person.c.id == person_id).values(exempt=exempt))
