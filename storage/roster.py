"""The roster as a whole: everybody at once, and changes to many people in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.core.places import Place
from bot.core.roster import Known
from storage import aliases, cells, grants, units
from storage.db import Conn
from storage.people import is_member
from storage.schema import cell, person, unit
from storage.statement import Statement, given

_NEW = ("code", "name", "unit_id", "cell_id", "kind", "exempt", "phone", "created_at")
_CHANGED = ("name", "unit_id", "cell_id", "kind", "exempt", "phone", "left_at")


def everybody(conn: Conn) -> list[Known]:
    """All people, also those who left and those who only help."""
    return [Known(*row) for row in _everybody.all(conn)]


def members(conn: Conn) -> list[tuple[Known, str, str]]:
    """Who is on the roster, with the names of unit and chi bộ, in the order of an office's list."""
    return [(Known(*row[:-2]), row[-2] or "", row[-1] or "") for row in _members.all(conn)]


def known_units(conn: Conn) -> list[Place]:
    """The thôn, khối phố and offices with all their names; not the commune itself."""
    others = aliases.of_units(conn)
    found = (each for each in units.all_(conn) if each.kind != "xa")
    return [Place(each.id, each.code, each.name, each.kind, others.get(each.id, ())) for each in found]


def known_cells(conn: Conn) -> list[Place]:
    others = aliases.of_cells(conn)
    return [Place(each.id, each.code, each.name, "", others.get(each.id, ())) for each in cells.all_(conn)]


def add(conn: Conn, rows: Iterable[Mapping[str, Any]]) -> None:
    """New people: a mapping each, with every column of a new person."""
    _add.many(conn, rows)


def change(conn: Conn, rows: Iterable[Mapping[str, Any]]) -> None:
    """What is true of these people from now on: a mapping each, with `person` and every column that can change."""
    _change.many(conn, rows)


def leave(conn: Conn, person_ids: Collection[int], now: datetime) -> None:
    """These people are no longer on the roster. They and all that was told of them stay; their roles end."""
    ids = sorted(person_ids)
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        conn.execute(update(person).where(person.c.id.in_(some), person.c.left_at.is_(None)).values(left_at=now))
        grants.revoke_all(conn, some, now)


_KNOWN = (
    person.c.id,
    person.c.code,
    person.c.name,
    person.c.unit_id,
    person.c.cell_id,
    person.c.kind,
    person.c.exempt,
    person.c.phone,
    person.c.left_at.is_not(None).label("left"),
    is_member().label("counted"),
)
_everybody = Statement(lambda _: select(*_KNOWN).order_by(person.c.id))
_members = Statement(
    lambda _: (
        select(*_KNOWN, unit.c.name.label("unit"), cell.c.name.label("cell"))
        .outerjoin(unit, unit.c.id == person.c.unit_id)
        .outerjoin(cell, cell.c.id == person.c.cell_id)
        .where(is_member())
        .order_by(unit.c.id.is_(None), unit.c.id, cell.c.id.is_(None), cell.c.id, person.c.id)
    )
)
_add = Statement(lambda _: insert(person).values(given(person, *_NEW)))
_change = Statement(lambda _: update(person).where(person.c.id == bindparam("person")).values(given(person, *_CHANGED)))
