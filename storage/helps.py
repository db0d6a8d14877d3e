"""Calls for help: who needs whom, where they are stuck, who takes it and when they come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select, update

from storage.db import Conn
from storage.schema import help_request as call


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A row of the table, its columns in order.

    `way`: phone, home or hall. `state`: open, taken, done or cancelled. `promised`: now, today or tomorrow.
    """

    id: int
    chat_id: int | None
    person_id: int | None
    unit_id: int | None
    way: str
    lesson: str
    step: str
    tried: int
    name_given: str
    phone_given: str
    state: str
    owner_person_id: int | None
    promised: str | None
    created_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None

    @property
    def code(self) -> str:
        """What people call it by, aloud and on paper."""
        return f"GT-{self.id:04d}"


def open_(
    conn: Conn,
    *,
    chat_id: int | None,
    person_id: int | None,
    unit_id: int | None,
    way: str,
    lesson: str,
    step: str,
    tried: int,
    name_given: str,
    phone_given: str,
    now: datetime,
) -> HelpRequest:
    about = {"chat_id": chat_id, "person_id": person_id, "unit_id": unit_id, "way": way}
    stuck = {"lesson": lesson, "step": step, "tried": tried}
    given = {"name_given": name_given, "phone_given": phone_given, "created_at": now}
    made = insert(call).values(**about, **stuck, **given).returning(*call.c)
    return HelpRequest(*conn.execute(made).one())


def get(conn: Conn, call_id: int) -> HelpRequest | None:
    found = _found(conn, select(call).where(call.c.id == call_id))
    return found[0] if found else None


def open_of_chat(conn: Conn, chat_id: int) -> HelpRequest | None:
    """The chat's newest call that is still open or taken."""
    found = _found(conn, select(call).where(call.c.chat_id == chat_id, _ALIVE).order_by(call.c.id.desc()).limit(1))
    return found[0] if found else None


def taken(conn: Conn, unit_ids: Collection[int] | None) -> list[HelpRequest]:
    """Calls of these units (None: of all) that somebody has taken and not closed, the oldest first."""
    ours = call.c.unit_id.in_(unit_ids) if unit_ids is not None else call.c.id.is_not(None)
    return _found(conn, select(call).where(call.c.state == "taken", ours).order_by(call.c.id))


def waiting(conn: Conn, unit_ids: Collection[int] | None) -> list[HelpRequest]:
    """Calls of these units (None: of all) that nobody has taken, the oldest first."""
    ours = call.c.unit_id.in_(unit_ids) if unit_ids is not None else call.c.id.is_not(None)
    return _found(conn, select(call).where(call.c.state == "open", ours).order_by(call.c.id))


def of_owner(conn: Conn, person_id: int) -> list[HelpRequest]:
    """Calls this person took and has not closed, the oldest first."""
    mine = call.c.owner_person_id == person_id
    return _found(conn, select(call).where(call.c.state == "taken", mine).order_by(call.c.id))


def take(conn: Conn, call_id: int, person_id: int, now: datetime) -> HelpRequest | None:
    """Make it this person's; None when somebody else was quicker, or it is over."""
    return _change(conn, call_id, call.c.state == "open", state="taken", owner_person_id=person_id, taken_at=now)


def promise(conn: Conn, call_id: int, day: str) -> HelpRequest:
    """When the owner comes."""
    return _must(_change(conn, call_id, _ALIVE, promised=day))


def give_back(conn: Conn, call_id: int) -> HelpRequest:
    """The owner cannot come after all: open again for everybody."""
    return _must(_change(conn, call_id, _ALIVE, state="open", owner_person_id=None, promised=None, taken_at=None))


def done(conn: Conn, call_id: int, now: datetime) -> HelpRequest:
    return _must(_change(conn, call_id, _ALIVE, state="done", closed_at=now))


def cancel(conn: Conn, call_id: int, now: datetime) -> HelpRequest:
    return _must(_change(conn, call_id, _ALIVE, state="cancelled", closed_at=now))


def _found(conn: Conn, query: Select[Any]) -> list[HelpRequest]:
    return [HelpRequest(*row) for row in conn.execute(query)]


def _change(conn: Conn, call_id: int, if_: ColumnElement[bool], **values: Any) -> HelpRequest | None:
    changed = update(call).where(call.c.id == call_id, if_).values(**values).returning(*call.c)
    row = conn.execute(changed).one_or_none()
    return HelpRequest(*row) if row else None


def _must(changed: HelpRequest | None) -> HelpRequest:
    if changed is None:
        raise LookupError("there is no such call, or it is over")
    return changed


_ALIVE = call.c.state.in_(("open", "taken"))
