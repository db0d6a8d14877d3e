"""Rosters handed in over the web and not confirmed yet: one a person, for a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from storage.db import Conn
from storage.schema import roster_draft as table


def keep(conn: Conn, person_id: int, body: Mapping[str, Any], now: datetime, until: datetime) -> None:
    """In place of the one this person handed in before."""
    drop(conn, person_id)
    conn.execute(insert(table).values(person_id=person_id, body=body, created_at=now, expires_at=until))


def of(conn: Conn, person_id: int, now: datetime) -> dict[str, Any] | None:
    """What this person handed in, unless that was too long ago."""
    found = select(table.c.body).where(table.c.person_id == person_id, table.c.expires_at > now)
    body: dict[str, Any] | None = conn.execute(found).scalar_one_or_none()
    return body


def drop(conn: Conn, person_id: int) -> None:
    conn.execute(delete(table).where(table.c.person_id == person_id))


def purge(conn: Conn, now: datetime) -> int:
    """Forget those that nobody confirmed in time; how many there were."""
    return conn.execute(delete(table).where(table.c.expires_at <= now)).rowcount
