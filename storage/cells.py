"""Chi bộ. One that was merged into another stays as a row and is found no more by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage import aliases
from storage.db import Conn
from storage.grants import without_twins
from storage.schema import alias, cell, grant, meeting, person

_OF_A_CELL = (person.c.cell_id, grant.c.scope_cell_id, alias.c.cell_id, meeting.c.cell_id, cell.c.merged_into)


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of the table, its columns in order."""

    id: int
    code: str
    name: str
    merged_into: int | None


def create(conn: Conn, *, code: str, name: str) -> Cell:
    made = insert(cell).values(code=code, name=name).returning(*cell.c)
    return Cell(*conn.execute(made).one())


def get(conn: Conn, cell_id: int) -> Cell | None:
    row = conn.execute(select(cell).where(cell.c.id == cell_id)).one_or_none()
    return Cell(*row) if row else None


def by_code(conn: Conn, code: str) -> Cell | None:
    """The chi bộ with this code, or the one it was merged into."""
    row = conn.execute(select(cell).where(cell.c.code == code)).one_or_none()
    found = Cell(*row) if row else None
    return get(conn, found.merged_into) if found and found.merged_into else found


def all_(conn: Conn) -> list[Cell]:
    """Every chi bộ there is now, in the order they were made."""
    return [Cell(*row) for row in conn.execute(select(cell).where(cell.c.merged_into.is_(None)).order_by(cell.c.id))]


def codes(conn: Conn) -> set[str]:
    """Every code that is or was a chi bộ's."""
    return set(conn.execute(select(cell.c.code)).scalars())


def rename(conn: Conn, old: Cell, name: str, now: datetime) -> Cell:
    """The chi bộ under its new name; the old one still finds it."""
    if name != old.name:
        aliases.note(conn, old.name, cell_id=old.id, now=now)
    changed = update(cell).where(cell.c.id == old.id).values(name=name).returning(*cell.c)
    return Cell(*conn.execute(changed).one())


def merge(conn: Conn, old: Cell, into: Cell, now: datetime) -> None:
    """People and roles of `old` go on under `into`; its names and code lead there."""
    aliases.note(conn, old.name, cell_id=old.id, now=now)
    for column in _OF_A_CELL:
        conn.execute(update(column.table).where(column == old.id).values({column: into.id}))
    without_twins(conn, now)
    conn.execute(update(cell).where(cell.c.id == old.id).values(merged_into=into.id))
