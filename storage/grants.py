"""Grants: who may do what, and where. A role is held on a unit, on a chi bộ, or on the whole commune."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, case, insert, literal, or_, select, update

from bot.core.ladder import RUNGS
from storage.db import Conn
from storage.people import Person
from storage.schema import grant, person
from storage.statement import Statement, is_


@dataclass(frozen=True, slots=True)
class Grant:
    """`role`: helper, coordinator, secretary, office, party, leader or admin. No scope: the whole commune."""

    id: int
    role: str
    scope_unit_id: int | None
    scope_cell_id: int | None

    @property
    def is_everywhere(self) -> bool:
        return self.scope_unit_id is None and self.scope_cell_id is None


@dataclass(frozen=True, slots=True)
class Held:
    """A grant with who holds it, and since when it no longer counts."""

    id: int
    person_id: int
    role: str
    scope_unit_id: int | None
    scope_cell_id: int | None
    revoked_at: datetime | None


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


def all_with(conn: Conn, role: str) -> list[Person]:
    """Everybody who holds this role anywhere."""
    held = select(person).join(grant, grant.c.person_id == person.c.id)
    found = held.where(grant.c.role == role, grant.c.revoked_at.is_(None)).order_by(person.c.id)
    return list(dict.fromkeys(Person(*row) for row in conn.execute(found)))


def all_held(conn: Conn, roles: Iterable[str]) -> list[Held]:
    """Every grant of these roles in force."""
    found = select(*_HELD).where(grant.c.role.in_(list(roles)), grant.c.revoked_at.is_(None)).order_by(grant.c.id)
    return [Held(*row) for row in conn.execute(found)]


def one(conn: Conn, grant_id: int) -> Held | None:
    """This grant, also when it was revoked."""
    row = conn.execute(select(*_HELD).where(grant.c.id == grant_id)).one_or_none()
    return Held(*row) if row else None


def revoke(conn: Conn, grant_id: int, now: datetime) -> None:
    conn.execute(update(grant).where(grant.c.id == grant_id, grant.c.revoked_at.is_(None)).values(revoked_at=now))


def restore(conn: Conn, grant_id: int) -> None:
    conn.execute(update(grant).where(grant.c.id == grant_id).values(revoked_at=None))


def holders(conn: Conn, role: str, unit_id: int | None) -> list[Person]:
    """Who holds this role for this unit: on itself, on a chi bộ of its people, or on the whole commune.

    Without a unit only the last of these. The narrowest scope first.
    """
    here = _everybody_of(literal(unit_id or 0, BigInteger))
    held = select(person).join(grant, grant.c.person_id == person.c.id)
    there = (grant.c.role == role, grant.c.revoked_at.is_(None), person.c.left_at.is_(None), here)
    found = held.where(*there).order_by(*_NARROW, person.c.id)
    return list(dict.fromkeys(Person(*row) for row in conn.execute(found)))


def ladder(conn: Conn, unit_id: int | None) -> dict[int, int]:
    """Everybody who helps the people of this unit, and the highest rung they stand on."""
    return {person: rung for rung, person in _ladder.all(conn, unit=unit_id or 0)}


def units_of(conn: Conn, person_id: int, of_roles: Collection[str]) -> list[int] | None:
    """The units for which this person holds one of these roles; None: all of the commune."""
    held = [each for each in roles(conn, person_id) if each.role in of_roles]
    if any(each.scope_unit_id is None and each.scope_cell_id is None for each in held):
        return None
    cells = [each.scope_cell_id for each in held if each.scope_cell_id]
    theirs = select(person.c.unit_id).where(person.c.cell_id.in_(cells), person.c.unit_id.is_not(None)).distinct()
    own = [each.scope_unit_id for each in held if each.scope_unit_id]
    return sorted({*own, *(conn.execute(theirs).scalars() if cells else ())})


def revoke_all(conn: Conn, person_ids: Collection[int], now: datetime) -> None:
    """These people have no role any more."""
    held = grant.c.person_id.in_(person_ids), grant.c.revoked_at.is_(None)
    conn.execute(update(grant).where(*held).values(revoked_at=now))


def without_twins(conn: Conn, now: datetime) -> None:
    """Revoke every grant that an earlier one makes needless: merging two scopes leaves such pairs."""
    earlier = grant.alias()
    alike = (earlier.c[name].is_not_distinct_from(grant.c[name]) for name in _ALIKE)
    twin = select(1).where(earlier.c.id < grant.c.id, earlier.c.revoked_at.is_(None), *alike).exists()
    conn.execute(update(grant).where(grant.c.revoked_at.is_(None), twin).values(revoked_at=now))


_ALIKE = ("person_id", "role", "scope_unit_id", "scope_cell_id")
_HELD = (
    grant.c.id,
    grant.c.person_id,
    grant.c.role,
    grant.c.scope_unit_id,
    grant.c.scope_cell_id,
    grant.c.revoked_at,
)
_GRANT = (grant.c.id, grant.c.role, grant.c.scope_unit_id, grant.c.scope_cell_id)
_NARROW = (grant.c.scope_unit_id.is_(None), grant.c.scope_cell_id.is_(None))
# The lowest rung first, so that in a dict the highest one stays.
_RUNG = case({role: rung for rung, role in enumerate(RUNGS)}, value=grant.c.role)


def _everybody_of(unit: ColumnElement[int]) -> ColumnElement[bool]:
    cells = select(person.c.cell_id).where(person.c.unit_id == unit)
    commune = and_(grant.c.scope_unit_id.is_(None), grant.c.scope_cell_id.is_(None))
    return or_(commune, grant.c.scope_unit_id == unit, grant.c.scope_cell_id.in_(cells))


_ladder = Statement(
    lambda _: (
        select(_RUNG, grant.c.person_id)
        .where(
            or_(*(is_(grant.c.role, role) for role in RUNGS)),
            grant.c.revoked_at.is_(None),
            _everybody_of(bindparam("unit", type_=BigInteger)),
        )
        .order_by(_RUNG, grant.c.person_id)
    )
)
_roles = Statement(
    lambda _: (
        select(*_GRANT)
        .where(grant.c.person_id == bindparam("person"), grant.c.revoked_at.is_(None))
        .order_by(*_NARROW, grant.c.id)
    )
)
