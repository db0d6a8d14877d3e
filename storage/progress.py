"""Progress: what each member has reached, as told. Nothing is changed afterwards; a slip is marked undone.

What the events of one person mean is said once, in `bot.core.progress`; the counts here follow its tables.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, case, func, insert, or_, select, true, update
from sqlalchemy import cast as as_type

from bot.core.progress import DENIES, MILESTONES, STEPS, Event, state_of
from storage.db import Conn
from storage.people import Person, is_member
from storage.schema import cell, person, progress, unit
from storage.statement import Statement, given, numbers

__all__ = [
    "MILESTONES",
    "Counts",
    "Event",
    "counts",
    "get",
    "member",
    "members",
    "of_person",
    "reached",
    "record",
    "restore",
    "told_by",
    "undo",
]


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
) -> Event:
    """Write down what was told."""
    row = _record.one(
        conn, person_id=person_id, what=what, source=source, by_person_id=by, happened_at=happened_at, told_at=now
    )
    assert row is not None
    return Event(*row)


def get(conn: Conn, event_id: int) -> Event | None:
    row = _get.one(conn, event=event_id)
    return Event(*row) if row else None


def of_person(conn: Conn, person_id: int) -> list[Event]:
    """Everything told about this person, also what was undone, in the order it was told."""
    return [Event(*row) for row in _of_person.all(conn, person=person_id)]


def told_by(conn: Conn, person_id: int, since: datetime) -> list[Event]:
    """What this person has reported since then and not taken back, the newest first."""
    mine = progress.c.by_person_id == person_id, progress.c.told_at >= since, progress.c.undone_at.is_(None)
    return [Event(*row) for row in conn.execute(select(progress).where(*mine).order_by(progress.c.id.desc()))]


def members(
    conn: Conn, *, unit_ids: Collection[int] | None = None, cell_ids: Collection[int] | None = None
) -> list[tuple[Person, list[Event]]]:
    """The members of these units or these chi bộ (with neither: all), each with everything told about them."""
    among = {"units": list(unit_ids or ()), "cells": list(cell_ids or ())}
    everywhere = unit_ids is None and cell_ids is None
    people = _everybody.all(conn) if everywhere else _people.all(conn, **among)
    found: dict[int, tuple[Person, list[Event]]] = {row[0]: (Person(*row), []) for row in people}
    for row in _everything.all(conn) if everywhere else _told.all(conn, **among):
        event = Event(*row)
        found[event.person_id][1].append(event)
    return list(found.values())


def member(conn: Conn, person_id: int) -> Person | None:
    """The person with this id, if the roll-out is about them."""
    row = _member.one(conn, person=person_id)
    return Person(*row) if row else None


def reached(conn: Conn, person_id: int) -> set[str]:
    """The milestones this person has reached, with those they imply."""
    return set(state_of(of_person(conn, person_id)).reached)


def undo(conn: Conn, event_id: int, *, by: int | None, now: datetime, why: str = "slip") -> bool:
    """Take back what was told by mistake; False when that was done already."""
    slip = update(progress).where(progress.c.id == event_id, progress.c.undone_at.is_(None))
    return conn.execute(slip.values(undone_at=now, undone_by=by, undone_why=why)).rowcount == 1


def restore(conn: Conn, event_id: int) -> bool:
    """Let what was taken back count again; False when it counts already."""
    back = update(progress).where(progress.c.id == event_id, progress.c.undone_at.is_not(None))
    return conn.execute(back.values(undone_at=None, undone_by=None, undone_why=None)).rowcount == 1


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
    far = (sum(at_step.get(step, 0) for step in at_step if step >= this) for this in range(1, len(MILESTONES) + 1))
    return Counts(_name(conn, unit_id, cell_id), sum(exempt.values()), exempt.get(True, 0), *far)


def _at_step(conn: Conn, there: ColumnElement[bool]) -> dict[int, int]:
    """How many of those who must install have got exactly that far."""
    of_each = (
        select(func.max(_holds_for()).label("step"))
        .join(person, person.c.id == progress.c.person_id)
        .where(is_member(), there, ~person.c.exempt, progress.c.undone_at.is_(None), progress.c.what.in_(STEPS))
        .group_by(progress.c.person_id)
        .subquery()
    )
    counted = select(of_each.c.step, func.count()).group_by(of_each.c.step)
    return {row[0]: row[1] for row in conn.execute(counted)}


def _holds_for() -> ColumnElement[int]:
    """The step an event stands for; less where the same teller later denied it (`bot.core.progress`)."""
    denial = progress.alias("denial")
    newer = or_(
        denial.c.happened_at > progress.c.happened_at,
        (denial.c.happened_at == progress.c.happened_at) & (denial.c.id > progress.c.id),
    )
    same = _teller(denial.c) == _teller(progress.c)
    denied: Select[Any] = select(func.min(case(dict(DENIES), value=denial.c.what))).where(
        denial.c.person_id == progress.c.person_id, denial.c.undone_at.is_(None), denial.c.what.in_(DENIES), newer, same
    )
    left = func.coalesce(denied.scalar_subquery() - 1, len(MILESTONES))
    step = case(dict(STEPS), value=progress.c.what)
    return case((left < step, left), else_=step)


def _teller(columns: Any) -> ColumnElement[str]:
    return func.coalesce(as_type(columns.by_person_id, String), columns.source)


def _name(conn: Conn, unit_id: int | None, cell_id: int | None) -> str:
    """The name of the scope; of the commune when it is neither unit nor chi bộ."""
    query: Any = select(unit.c.name).where(unit.c.kind == "xa")
    if unit_id is not None:
        query = select(unit.c.name).where(unit.c.id == unit_id)
    elif cell_id is not None:
        query = select(cell.c.name).where(cell.c.id == cell_id)
    return str(conn.execute(query.limit(1)).scalar() or "")


_TOLD = ("person_id", "what", "source", "by_person_id", "happened_at", "told_at")
_record = Statement(lambda _: insert(progress).values(given(progress, *_TOLD)).returning(*progress.c))
_get = Statement(lambda _: select(progress).where(progress.c.id == bindparam("event")))
_of_person = Statement(
    lambda _: select(progress).where(progress.c.person_id == bindparam("person")).order_by(progress.c.id)
)
_member = Statement(lambda _: select(person).where(person.c.id == bindparam("person"), is_member()))


def _among(dialect: str) -> ColumnElement[bool]:
    return or_(person.c.unit_id.in_(numbers(dialect, "units")), person.c.cell_id.in_(numbers(dialect, "cells")))


def _told_of(there: ColumnElement[bool]) -> Select[Any]:
    """The events of members there, in the order they were told."""
    about = select(progress).join(person, person.c.id == progress.c.person_id)
    return about.where(is_member(), there).order_by(progress.c.id)


_people = Statement(lambda dialect: select(person).where(is_member(), _among(dialect)).order_by(person.c.id))
_everybody = Statement(lambda _: select(person).where(is_member()).order_by(person.c.id))
_told = Statement(lambda dialect: _told_of(_among(dialect)))
_everything = Statement(lambda _: _told_of(true()))
