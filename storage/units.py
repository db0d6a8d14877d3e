"""Units: thôn, khối phố, offices, and the commune above them.

A unit that was merged into another stays as a row, for what was reported of it, and is found no more by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage import aliases
from storage.db import Conn
from storage.grants import without_twins
from storage.schema import alias, chat, claim, grant, help_request, invite, meeting, person, unit

_OF_A_UNIT = (
    person.c.unit_id,
    chat.c.unit_id,
    grant.c.scope_unit_id,
    invite.c.unit_id,
    help_request.c.unit_id,
    claim.c.unit_id,
    meeting.c.unit_id,
    alias.c.unit_id,
    unit.c.merged_into,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of the table, its columns in order. `kind`: thon, khoi_pho, co_quan or xa.

    The codes of its people are `letters` and a number, the last one given being `numbered`.
    """

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    letters: str | None
    numbered: int
    merged_into: int | None


def create(conn: Conn, *, code: str, name: str, kind: str, parent_id: int | None, letters: str | None = None) -> Unit:
    values = {"code": code, "name": name, "kind": kind, "parent_id": parent_id, "letters": letters}
    return Unit(*conn.execute(insert(unit).values(values).returning(*unit.c)).one())


def get(conn: Conn, unit_id: int) -> Unit | None:
    row = conn.execute(select(unit).where(unit.c.id == unit_id)).one_or_none()
    return Unit(*row) if row else None


def by_code(conn: Conn, code: str) -> Unit | None:
    """The unit with this code, or the one it was merged into."""
    row = conn.execute(select(unit).where(unit.c.code == code)).one_or_none()
    found = Unit(*row) if row else None
    return get(conn, found.merged_into) if found and found.merged_into else found


def all_(conn: Conn) -> list[Unit]:
    """Every unit there is now, in the order they were made: the commune before its parts."""
    return [Unit(*row) for row in conn.execute(select(unit).where(unit.c.merged_into.is_(None)).order_by(unit.c.id))]


def codes(conn: Conn) -> set[str]:
    """Every code that is or was a unit's."""
    return set(conn.execute(select(unit.c.code)).scalars())


def rename(conn: Conn, old: Unit, name: str, kind: str, now: datetime) -> Unit:
    """The unit under its new name; the old one still finds it."""
    if name != old.name:
        aliases.note(conn, old.name, unit_id=old.id, now=now)
    changed = update(unit).where(unit.c.id == old.id).values(name=name, kind=kind).returning(*unit.c)
    return Unit(*conn.execute(changed).one())


def merge(conn: Conn, old: Unit, into: Unit, now: datetime) -> None:
    """People, chats, roles, invitations and calls of `old` go on under `into`; its names and code lead there.

    What was reported of `old` stays its own: it is what was true then.
    """
    aliases.note(conn, old.name, unit_id=old.id, now=now)
    for column in _OF_A_UNIT:
        conn.execute(update(column.table).where(column == old.id).values({column: into.id}))
    without_twins(conn, now)
    below = unit.c.parent_id == old.id
    conn.execute(update(unit).where(below, unit.c.id == into.id).values(parent_id=old.parent_id))
    conn.execute(update(unit).where(below).values(parent_id=into.id))
    conn.execute(update(unit).where(unit.c.id == old.id).values(merged_into=into.id))


def number(conn: Conn, unit_id: int, letters: str, numbered: int) -> None:
    """These letters and the numbers up to this one are given out."""
    conn.execute(update(unit).where(unit.c.id == unit_id).values(letters=letters, numbered=numbered))
