"""Units: thôn, khối phố, offices, and the commune above them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from storage.db import Conn
from storage.schema import unit


@dataclass(frozen=True, slots=True)
class Unit:
    """`kind`: thon, khoi_pho, co_quan or xa."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None


def create(conn: Conn, *, code: str, name: str, kind: str, parent_id: int | None) -> Unit:
    made = insert(unit).values(code=code, name=name, kind=kind, parent_id=parent_id).returning(*unit.c)
    return Unit(*conn.execute(made).one())


def get(conn: Conn, unit_id: int) -> Unit | None:
    row = conn.execute(select(unit).where(unit.c.id == unit_id)).one_or_none()
    return Unit(*row) if row else None


def by_code(conn: Conn, code: str) -> Unit | None:
    row = conn.execute(select(unit).where(unit.c.code == code)).one_or_none()
    return Unit(*row) if row else None


def all_(conn: Conn) -> list[Unit]:
    """Every unit, in the order they were made: the commune before its parts."""
    return [Unit(*row) for row in conn.execute(select(unit).order_by(unit.c.id))]
