"""Chi bộ."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from storage.db import Conn
from storage.schema import cell


@dataclass(frozen=True, slots=True)
class Cell:
    id: int
    code: str
    name: str


def create(conn: Conn, *, code: str, name: str) -> Cell:
    made = insert(cell).values(code=code, name=name).returning(*cell.c)
    return Cell(*conn.execute(made).one())


def all_(conn: Conn) -> list[Cell]:
    return [Cell(*row) for row in conn.execute(select(cell.c.id, cell.c.code, cell.c.name).order_by(cell.c.id))]


def by_code(conn: Conn, code: str) -> Cell | None:
    row = conn.execute(select(cell.c.id, cell.c.code, cell.c.name).where(cell.c.code == code)).one_or_none()
    return Cell(*row) if row else None


def get(conn: Conn, cell_id: int) -> Cell | None:
    row = conn.execute(select(cell).where(cell.c.id == cell_id)).one_or_none()
    return Cell(*row) if row else None
