"""Trying the bot out: nothing is really sent, and whatever was done can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select, update

from bot.core.messages import Choice
from storage.body import unpack
from storage.db import Conn
from storage.schema import chat, outbox
from storage.statement import Statement, driver, is_

Heard = tuple[str, str, tuple[Choice, ...]]
"""Of one message: the key of its chat, the words, the choices."""


@contextmanager
def rewound(conn: Conn) -> Iterator[None]:
    """Whatever happens inside is undone, also inside another one.

    Not `Connection.begin_nested`: it rolls back to a savepoint without letting go of it, and SQLite looks at every
    open one with each page that it writes. A thousand of them cost a millisecond a statement.
    """
    raw = driver(conn)
    raw.execute("SAVEPOINT tried")
    try:
        yield
    finally:
        raw.execute("ROLLBACK TO SAVEPOINT tried")
        raw.execute("RELEASE SAVEPOINT tried")


def hear(conn: Conn, lane: str, now: datetime) -> list[Heard]:
    """Everything that is due on this lane counts as sent: what was said, by rank, in order."""
    rows = sorted(_due.all(conn, lane=lane, now=now), key=lambda row: row[:2])
    return [(key, *unpack(body)[:2]) for _, _, key, body in rows]


def _hearing(_: str) -> Any:
    now = bindparam("now", type_=outbox.c.not_before.type)
    reachable = select(chat.c.id).where(chat.c.id == outbox.c.chat_id, chat.c.reachable).exists()
    fits = and_(outbox.c.not_before <= now, outbox.c.worthless_after.is_(None) | (outbox.c.worthless_after > now))
    key = select(chat.c.key).where(chat.c.id == outbox.c.chat_id).scalar_subquery()
    due = is_(outbox.c.state, "queued")
    said = update(outbox).where(due, outbox.c.lane == bindparam("lane"), fits, reachable)
    done = said.values(state="sent", attempts=outbox.c.attempts + 1, sent_at=now, platform_id="rehearsed")
    return done.returning(outbox.c.rank, outbox.c.id, key, outbox.c.body)


_due = Statement(_hearing)
