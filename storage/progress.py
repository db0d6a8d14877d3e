"""Progress: what each member has reached, as told. Nothing is changed afterwards; a slip is marked undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, select, true, update

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
    return set(MILESTONES[: _furthest({what for (what,) in _standing.all(conn, person=person_id)})])


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
    members = select(person.c.id, person.c.exempt).where(is_member(), there)
    exempt = [exempt for _, exempt in conn.execute(members)]
    steps = [_furthest(told) for told in _told(conn, there).values()]
    far = (sum(step > place for step in steps) for place in range(len(MILESTONES)))
    return Counts(_name(conn, unit_id, cell_id), len(exempt), sum(exempt), *far)


def _told(conn: Conn, there: ColumnElement[bool]) -> dict[int, set[str]]:
    """What stands of each member who must install."""
    query = select(progress.c.person_id, progress.c.what).join(person, person.c.id == progress.c.person_id)
    told: dict[int, set[str]] = {}
    for person_id, what in conn.execute(
        query.where(is_member(), there, ~person.c.exempt, progress.c.undone_at.is_(None))
    ):
        told.setdefault(person_id, set()).add(what)
    return told


def _furthest(told: Collection[str]) -> int:
    """How many milestones are reached."""
    return max((place for place, name in enumerate(MILESTONES, 1) if name in told), default=0)


def _name(conn: Conn, unit_id: int | None, cell_id: int | None) -> str:
    """The name of the scope; of the commune when it is neither unit nor chi bộ."""
    query: Any = select(unit.c.name).where(unit.c.kind == "xa")
    if unit_id is not None:
        query = select(unit.c.name).where(unit.c.id == unit_id)
    elif cell_id is not None:
        query = select(cell.c.name).where(cell.c.id == cell_id)
    return str(conn.execute(query.limit(1)).scalar() or "")


_TOLD = ("person_id", "what", "source", "by_person_id", "happened_at", "told_at")
_record = Statement(lambda _: insert(progress).values(given(progress, *_TOLD)))
_standing = Statement(
    lambda _: (
        select(progress.c.what)
        .where(progress.c.person_id == bindparam("person"), progress.c.undone_at.is_(None))
        .distinct()
    )
)
