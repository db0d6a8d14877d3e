"""Grants: who may do what, and where. A role is held on a unit, on a chi bộ, or on the whole commune."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, insert, or_, select, update

from storage.db import Conn
from storage.people import Person
from storage.schema import grant, person
from storage.statement import Statement


@dataclass(frozen=True, slots=True)
class Grant:
    """`role`: helper, coordinator, secretary, office, party, leader or admin. No scope: the whole commune."""

    id: int
    role: str
    scope_unit_id: int | None
    scope_cell_id: int | None


def give(
    conn: Conn,
    person_id: int,
    role: str,
    *,
    scope_unit_id: int | None = None,
    scope_cell_id: int | None = None,
    granted_by: int | None = None,
    now: datetime,
) -> Grant:
    values = {"scope_unit_id": scope_unit_id, "scope_cell_id": scope_cell_id, "granted_by": granted_by}
    made = insert(grant).values(person_id=person_id, role=role, at=now, **values).returning(*_GRANT)
    return Grant(*conn.execute(made).one())


def roles(conn: Conn, person_id: int) -> list[Grant]:
    """What this person may do; the narrowest scope first."""
    return [Grant(*row) for row in _roles.all(conn, person=person_id)]


def holders(conn: Conn, role: str, unit_id: int | None) -> list[Person]:
    """Who holds this role for this unit: on itself, on a chi bộ of its people, or on the whole commune.

    Without a unit only the last of these. The narrowest scope first.
    """
    here: ColumnElement[bool] = and_(grant.c.scope_unit_id.is_(None), grant.c.scope_cell_id.is_(None))
    if unit_id is not None:
        cells = select(person.c.cell_id).where(person.c.unit_id == unit_id)
        here = or_(here, grant.c.scope_unit_id == unit_id, grant.c.scope_cell_id.in_(cells))
    held = select(person).join(grant, grant.c.person_id == person.c.id)
    there = (grant.c.role == role, grant.c.revoked_at.is_(None), person.c.left_at.is_(None), here)
    found = held.where(*there).order_by(*_NARROW, person.c.id)
    return list(dict.fromkeys(Person(*row) for row in conn.execute(found)))


def revoke_all(conn: Conn, person_ids: Collection[int], now: datetime) -> None:
    """These people have no role any more."""
    held = grant.c.person_id.in_(person_ids), grant.c.revoked_at.is_(None)
    conn.execute(update(grant).where(*held).values(revoked_at=now))


def without_twins(conn: Conn, now: datetime) -> None:
    """Revoke every grant that an earlier one makes needless: merging two scopes leaves such pairs."""
    earlier = grant.alias()
    alike = (earlier.c[name].is_not_distinct_from(grant.c[name]) for name in _HELD)
    twin = select(1).where(earlier.c.id < grant.c.id, earlier.c.revoked_at.is_(None), *alike).exists()
    conn.execute(update(grant).where(grant.c.revoked_at.is_(None), twin).values(revoked_at=now))


_HELD = ("person_id", "role", "scope_unit_id", "scope_cell_id")
_GRANT = (grant.c.id, grant.c.role, grant.c.scope_unit_id, grant.c.scope_cell_id)
_NARROW = (grant.c.scope_unit_id.is_(None), grant.c.scope_cell_id.is_(None))
_roles = Statement(
    lambda _: (
        select(*_GRANT)
        .where(grant.c.person_id == bindparam("person"), grant.c.revoked_at.is_(None))
        .order_by(*_NARROW, grant.c.id)
    )
)
