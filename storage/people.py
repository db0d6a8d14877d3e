"""People: the Party members, and those who help, coordinate and lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy import insert as insert_into

from storage.db import Conn
from storage.schema import grant, person
from storage.statement import Statement, given


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the table, its columns in order.

    `invented`: somebody of the demo commune. `left_at`: since when no longer on the roster; kept all the same.
    """

    id: int
    code: str
    name: str
    unit_id: int | None
    cell_id: int | None
    kind: str
    exempt: bool
    phone: str | None
    device: str | None
    invented: bool
    created_at: datetime
    left_at: datetime | None


def create(
    conn: Conn,
    *,
    code: str,
    name: str,
    unit_id: int | None = None,
    cell_id: int | None = None,
    kind: str = "official",
    exempt: bool = False,
    phone: str | None = None,
    invented: bool = False,
    now: datetime,
) -> Person:
    """`kind`: official or probationary. `code` must be new."""
    row = _create.one(
        conn,
        code=code,
        name=name,
        unit_id=unit_id,
        cell_id=cell_id,
        kind=kind,
        exempt=exempt,
        phone=phone,
        invented=invented,
        created_at=now,
    )
    assert row is not None
    return Person(*row)


def get(conn: Conn, person_id: int) -> Person | None:
    row = _get.one(conn, person=person_id)
    return Person(*row) if row else None


def by_code(conn: Conn, code: str) -> Person | None:
    row = conn.execute(select(person).where(person.c.code == code)).one_or_none()
    return Person(*row) if row else None


def called(conn: Conn, unit_id: int | None) -> list[Person]:
    """Everybody of this unit, or of the commune: to look for a name among."""
    found = select(person).order_by(person.c.id)
    if unit_id is not None:
        found = found.where(person.c.unit_id == unit_id)
    return [Person(*row) for row in conn.execute(found)]


def next_code(conn: Conn) -> str:
    """A code nobody has yet, for somebody of no unit, counting on from the newest person."""
    newest = conn.execute(select(func.coalesce(func.max(person.c.id), 0))).scalar_one()
    return f"N{newest + 1:04d}"


def members_of(conn: Conn, unit_id: int) -> list[Person]:
    """The members of this unit."""
    found = select(person).where(person.c.unit_id == unit_id, is_member()).order_by(person.c.id)
    return [Person(*row) for row in conn.execute(found)]


def is_member() -> ColumnElement[bool]:
    """A row of `person` that the roll-out is about: on the roster, and in a chi bộ or with no work in it."""
    works = select(1).where(grant.c.person_id == person.c.id, grant.c.revoked_at.is_(None)).exists()
    return person.c.left_at.is_(None) & (person.c.cell_id.is_not(None) | ~works)


_NEW = ("code", "name", "unit_id", "cell_id", "kind", "exempt", "phone", "invented", "created_at")
_create = Statement(lambda _: insert_into(person).values(given(person, *_NEW)).returning(*person.c))
_get = Statement(lambda _: select(person).where(person.c.id == bindparam("person")))
