"""Meetings: a lesson that a whole room does together, kept for as long as it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.db import Conn
from storage.schema import meeting


@dataclass(frozen=True, slots=True)
class Meeting:
    """A row of the table, its columns in order.

    `behind`: person id (as text) → the step that person was left behind at. `state`: open or done.
    """

    id: int
    unit_id: int | None
    cell_id: int | None
    lesson: str
    step: str
    behind: Mapping[str, str]
    state: str
    led_by: int
    created_at: datetime
    changed_at: datetime


def open_(
    conn: Conn, *, unit_id: int | None, cell_id: int | None, lesson: str, step: str, led_by: int, now: datetime
) -> Meeting:
    about = {"unit_id": unit_id, "cell_id": cell_id, "lesson": lesson, "step": step, "led_by": led_by}
    made = insert(meeting).values(**about, behind={}, created_at=now, changed_at=now).returning(*meeting.c)
    return Meeting(*conn.execute(made).one())


def get(conn: Conn, meeting_id: int) -> Meeting | None:
    row = conn.execute(select(meeting).where(meeting.c.id == meeting_id)).one_or_none()
    return Meeting(*row) if row else None


def open_of(conn: Conn, *, unit_id: int | None, cell_id: int | None, lesson: str) -> Meeting | None:
    """The meeting of this unit or chi bộ about this lesson that is not over, if there is one."""
    ours = meeting.c.unit_id == unit_id if unit_id is not None else meeting.c.cell_id == cell_id
    alive = select(meeting).where(meeting.c.state == "open", meeting.c.lesson == lesson, ours)
    row = conn.execute(alive.order_by(meeting.c.id.desc()).limit(1)).one_or_none()
    return Meeting(*row) if row else None


def move(conn: Conn, meeting_id: int, *, step: str, behind: Mapping[str, str], now: datetime) -> None:
    """Where the room is, and who was left behind where."""
    _change(conn, meeting_id, step=step, behind=dict(behind), changed_at=now)


def close(conn: Conn, meeting_id: int, now: datetime) -> None:
    _change(conn, meeting_id, state="done", changed_at=now)


def _change(conn: Conn, meeting_id: int, **values: Any) -> None:
    conn.execute(update(meeting).where(meeting.c.id == meeting_id).values(**values))
