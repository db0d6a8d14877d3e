"""Untold: whom a notice could not be brought to, until a person nearby has been asked to call them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from storage.db import Conn
from storage.schema import chat, person, untold
from storage.statement import Statement, given, insert


@dataclass(frozen=True, slots=True)
class Untold:
    """One chat that nothing could be brought to; `name` is empty where we do not know whose it is."""

    chat_id: int
    day: str
    reason: str
    person_id: int | None
    unit_id: int | None
    name: str


def note(conn: Conn, chat_ids: Collection[int], day: str, reason: str, now: datetime) -> None:
    """These could not be told something on this day; once a day for each chat."""
    if chat_ids:
        _note.many(conn, [{"chat_id": each, "day": day, "reason": reason, "at": now} for each in sorted(chat_ids)])


def waiting(conn: Conn) -> list[Untold]:
    """Those that nobody has been asked to call yet, by unit and name."""
    unit_id = func.coalesce(person.c.unit_id, chat.c.unit_id)
    name = func.coalesce(person.c.name, "")
    found = (
        select(untold.c.chat_id, untold.c.day, untold.c.reason, chat.c.person_id, unit_id, name)
        .join(chat, chat.c.id == untold.c.chat_id)
        .outerjoin(person, person.c.id == chat.c.person_id)
        .where(untold.c.told_at.is_(None))
        .order_by(unit_id, name, untold.c.day, untold.c.chat_id)
    )
    return [Untold(*row) for row in conn.execute(found)]


def told(conn: Conn, rows: Iterable[Untold], now: datetime) -> None:
    """A person was asked to call them."""
    _told.many(conn, [{"chat": row.chat_id, "of": row.day, "told_at": now} for row in rows])


_told = Statement(
    lambda _: (
        update(untold)
        .where(untold.c.chat_id == bindparam("chat"), untold.c.day == bindparam("of"))
        .values(given(untold, "told_at"))
    )
)
_note = Statement(
    lambda dialect: (
        insert(dialect, untold).values(given(untold, "chat_id", "day", "reason", "at")).on_conflict_do_nothing()
    )
)
