"""Progress: what each member has reached, as told. Nothing is changed afterwards; a slip is marked undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, insert, select, true, update

from storage.db import Conn
from storage.people import is_member
from storage.schema import cell, person, progress, unit
from storage.statement import Statement, given

MILESTONES = ("installed", "logged_in", "info_checked")
"""In order; a later one implies the earlier."""


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the table, its columns in order.

    `what`: a milestone or the code of a not-yet reason. `source`: self, helper, coordinator or import.
    """

    id: int
    person_id: int
    what: str
    source: str
    by_person_id: int | None
    happened_at: datetime
    told_at: datetime
    undone_at: datetime | None
    undone_by: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a scope is. `scope` names it; the milestones are counted among those who must install (`due`)."""

    scope: str
    total: int
    exempt: int
    installed: int
    logged_in: int
    info_checked: int

    @property
    def due(self) -> int:
        return self.total - self.exempt

    def share(self, count: int) -> str:
        """ " (62%)", ready to follow the count; nothing where nobody must install."""
        return f" ({100 * count // self.due}%)" if self.due else ""


def record(
    conn: Conn,
    person_id: int,
    what: str,
    *,
    source: str,
    by: int | None,
    happened_at: datetime,
    now: datetime,
) -> None:
    """Write down what was told."""
    _record.run(
        conn, person_id=person_id, what=what, source=source, by_person_id=by, happened_at=happened_at, told_at=now
    )


def of_person(conn: Conn, person_id: int) -> list[Event]:
    """Everything told about this person, also what was undone, in the order it was told."""
    told = select(progress).where(progress.c.person_id == person_id).order_by(progress.c.id)
    return [Event(*row) for row in conn.execute(told)]


def reached(conn: Conn, person_id: int) -> set[str]:
    """The milestones this person has reached, with those they imply."""
    told = [what for (what,) in _standing.all(conn, person=person_id)]
    return set(MILESTONES[: max((_STEPS.get(what, 0) for what in told), default=0)])


def undo(conn: Conn, event_id: int, *, by: int | None, now: datetime) -> bool:
    """Take back what was told by mistake; False when that was done already."""
    slip = update(progress).where(progress.c.id == event_id, progress.c.undone_at.is_(None))
    return conn.execute(slip.values(undone_at=now, undone_by=by)).rowcount == 1


def counts(conn: Conn, *, unit_id: int | None, cell_id: int | None) -> Counts:
    """How far this unit or this chi bộ is; with neither, the whole commune."""
    there: ColumnElement[bool] = true()
    if unit_id is not None:
        there = person.c.unit_id == unit_id
    elif cell_id is not None:
        there = person.c.cell_id == cell_id
    members = select(person.c.exempt, func.count()).where(is_member(), there).group_by(person.c.exempt)
    exempt = {bool(key): count for key, count in conn.execute(members)}
    at_step = _at_step(conn, there)
    far = (sum(at_step.get(step, 0) for step in _STEPS.values() if step >= this) for this in _STEPS.values())
    return Counts(_name(conn, unit_id, cell_id), sum(exempt.values()), exempt.get(True, 0), *far)


def _at_step(conn: Conn, there: ColumnElement[bool]) -> dict[int, int]:
    """How many of those who must install have got exactly that far."""
    told = select(func.max(case(_STEPS, value=progress.c.what, else_=0)).label("step"))
    of_each = (
        told.join(person, person.c.id == progress.c.person_id)
        .where(is_member(), there, ~person.c.exempt, progress.c.undone_at.is_(None))
        .group_by(progress.c.person_id)
        .subquery()
    )
    counted = select(of_each.c.step, func.count()).group_by(of_each.c.step)
    return {row[0]: row[1] for row in conn.execute(counted)}


def _name(conn: Conn, unit_id: int | None, cell_id: int | None) -> str:
    """The name of the scope; of the commune when it is neither unit nor chi bộ."""
    query: Any = select(unit.c.name).where(unit.c.kind == "xa")
    if unit_id is not None:
        query = select(unit.c.name).where(unit.c.id == unit_id)
    elif cell_id is not None:
        query = select(cell.c.name).where(cell.c.id == cell_id)
    return str(conn.execute(query.limit(1)).scalar() or "")


_STEPS = {name: step for step, name in enumerate(MILESTONES, 1)}
_TOLD = ("person_id", "what", "source", "by_person_id", "happened_at", "told_at")
_record = Statement(lambda _: insert(progress).values(given(progress, *_TOLD)))
_standing = Statement(
    lambda _: (
        select(progress.c.what)
        .where(progress.c.person_id == bindparam("person"), progress.c.undone_at.is_(None))
        .distinct()
    )
)
