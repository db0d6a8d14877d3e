"""Mishaps: what went wrong, for the admin. No words of a person are in them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.db import Conn
from storage.schema import mishap
from storage.statement import insert


@dataclass(frozen=True, slots=True)
class Mishap:
    """`ref` is the number the person was told and the log shows. `where`: the place in the conversation."""

    ref: str
    channel: str
    where: str
    error: str
    traceback: str
    at: datetime


def note(
    conn: Conn, *, channel: str, where: str, error: str, traceback: str, now: datetime, ref: str | None = None
) -> bool:
    """Write it down, once for each `ref`; whether it was new."""
    values = {"channel": channel, "where_": where, "error": error, "traceback": traceback, "at": now}
    made = insert(conn.dialect.name, mishap).values(ref=ref or secrets.token_hex(4).upper(), **values)
    once = made.on_conflict_do_nothing(index_elements=[mishap.c.ref])
    return conn.execute(once.returning(mishap.c.id)).first() is not None  # PostgreSQL's driver does not count these


def recent(conn: Conn, limit: int = 20) -> list[Mishap]:
    """The latest ones, the newest first."""
    columns = (mishap.c.ref, mishap.c.channel, mishap.c.where_, mishap.c.error, mishap.c.traceback, mishap.c.at)
    newest = select(*columns).order_by(mishap.c.at.desc(), mishap.c.id.desc()).limit(limit)
    return [Mishap(*row) for row in conn.execute(newest)]
