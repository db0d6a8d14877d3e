"""Occurrences: what a job meant to say to somebody at some time, and what became of it.

A row is `planned`, then `sent` or `skipped` with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, select, update

from storage.db import Conn
from storage.schema import occurrence, outbox
from storage.statement import insert


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A row of the table, its columns in order."""

    id: int
    job: str
    planned_for: str
    recipient: str
    subject: str
    state: str
    reason: str
    at: datetime


def plan(
    conn: Conn, *, job: str, planned_for: str, recipient: str, now: datetime, subject: str = "", skipped: str = ""
) -> Occurrence | None:
    """Take this occurrence on, or write down why it is skipped; None when somebody did so already."""
    made = insert(conn.dialect.name, occurrence).values(
        job=job,
        planned_for=planned_for,
        recipient=recipient,
        subject=subject,
        state="skipped" if skipped else "planned",
        reason=skipped,
        at=now,
    )
    row = conn.execute(made.on_conflict_do_nothing().returning(*occurrence.c)).one_or_none()
    return Occurrence(*row) if row else None


def get(conn: Conn, occurrence_id: int) -> Occurrence | None:
    row = conn.execute(select(occurrence).where(occurrence.c.id == occurrence_id)).one_or_none()
    return Occurrence(*row) if row else None


def of_recipient(conn: Conn, job: str, recipient: str) -> list[Occurrence]:
    """Everything this job ever planned for this recipient, the oldest first."""
    own = select(occurrence).where(occurrence.c.recipient == recipient, occurrence.c.job == job)
    return [Occurrence(*row) for row in conn.execute(own.order_by(occurrence.c.id))]


def skip(conn: Conn, occurrence_id: int, reason: str) -> None:
    """It is not said after all."""
    mine = update(occurrence).where(occurrence.c.id == occurrence_id, occurrence.c.state == "planned")
    conn.execute(mine.values(state="skipped", reason=reason))


def said(conn: Conn, occurrence_id: int, reason: str) -> None:
    """It was done in another way than by one message."""
    conn.execute(update(occurrence).where(occurrence.c.id == occurrence_id).values(state="sent", reason=reason))


def settle(conn: Conn) -> int:
    """Write down what became of the messages of planned occurrences; how many are over."""
    states = _states().subquery()
    sent = select(states.c.id).where(states.c.sent > 0)
    over = select(states.c.id, states.c.error).where(states.c.sent == 0, states.c.waiting == 0)
    done = conn.execute(update(occurrence).where(occurrence.c.id.in_(sent)).values(state="sent")).rowcount
    for row, error in conn.execute(over).all():
        skip(conn, row, error or "too late")
        done += 1
    return done


def _states() -> Select[tuple[int, int, int, str]]:
    """Of each planned occurrence: how many of its messages arrived or may have, and how many still wait."""
    arrived = case((outbox.c.state.in_(("sent", "unknown")), 1), else_=0)
    waiting = case((outbox.c.state.in_(("queued", "sending")), 1), else_=0)
    return (
        select(
            occurrence.c.id,
            func.sum(arrived).label("sent"),
            func.sum(waiting).label("waiting"),
            func.max(outbox.c.error).label("error"),
        )
        .join(outbox, outbox.c.occurrence_id == occurrence.c.id)
        .where(occurrence.c.state == "planned")
        .group_by(occurrence.c.id)
    )
