"""The audit: who read, changed or exported what. Ids only, never the content."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from storage.db import Conn
from storage.schema import audit


def note(conn: Conn, *, actor: int | None, action: str, subject: str, now: datetime) -> None:
    """`actor` is a person's id; None: the admin at the machine. `subject`: `person:17`, `report:2026-11`."""
    conn.execute(insert(audit).values(at=now, actor_person_id=actor, action=action, subject=subject))
