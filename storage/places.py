"""Where a person is in the lessons, whichever phone or channel they use: one row a person, written by the last one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from storage.db import Conn
from storage.schema import place
from storage.statement import Statement, given, insert


def keep(conn: Conn, person_id: int, notes: Mapping[str, Any], now: datetime) -> None:
    _keep.run(conn, person_id=person_id, notes=notes, at=now)


def since(conn: Conn, person_id: int, then: datetime | None) -> dict[str, Any] | None:
    """The place, if it was written after then (None: at any time)."""
    row = _get.one(conn, person=person_id)
    return dict(row[0]) if row and (then is None or row[1] > then) else None


def _keeping(dialect: str) -> Any:
    made = insert(dialect, place).values(given(place, "person_id", "notes", "at"))
    new = {"notes": made.excluded.notes, "at": made.excluded.at}
    return made.on_conflict_do_update(index_elements=[place.c.person_id], set_=new)


_keep = Statement(_keeping)
_get = Statement(lambda _: select(place.c.notes, place.c.at).where(place.c.person_id == bindparam("person")))
