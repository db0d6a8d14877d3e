"""Other names of units and chi bộ: the old ones, and spellings that people said mean the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select

from storage.db import Conn
from storage.schema import alias


def note(conn: Conn, name: str, *, unit_id: int | None = None, cell_id: int | None = None, now: datetime) -> None:
    """From now on this name means that unit or chi bộ too. Twice is as good as once."""
    values = {"unit_id": unit_id, "cell_id": cell_id, "name": name}
    known = select(1).where(*(alias.c[column].is_not_distinct_from(value) for column, value in values.items()))
    if conn.execute(known).first() is None:
        conn.execute(insert(alias).values(**values, at=now))


def of_units(conn: Conn) -> dict[int, tuple[str, ...]]:
    """The other names of each unit that has any."""
    rows = select(alias.c.unit_id, alias.c.name).where(alias.c.unit_id.is_not(None)).order_by(alias.c.id)
    return _grouped((row[0], row[1]) for row in conn.execute(rows))


def of_cells(conn: Conn) -> dict[int, tuple[str, ...]]:
    """The other names of each chi bộ that has any."""
    rows = select(alias.c.cell_id, alias.c.name).where(alias.c.cell_id.is_not(None)).order_by(alias.c.id)
    return _grouped((row[0], row[1]) for row in conn.execute(rows))


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for owner, name in rows:
        found[owner] = (*found.get(owner, ()), name)
    return found
