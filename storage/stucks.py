"""Steps at which people find no way on, and the clusters this makes: several members of one unit at one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from storage.db import Conn
from storage.schema import stuck_cluster as cluster
from storage.schema import stuck_mark as mark
from storage.statement import Statement, given, insert


@dataclass(frozen=True, slots=True)
class Cluster:
    """So many people of this unit are stuck at this step."""

    unit_id: int
    lesson: str
    step: str
    people: int


def note(
    conn: Conn, unit_id: int, lesson: str, step: str, *, chat_id: int, person_id: int | None, now: datetime
) -> None:
    """This chat did not get on at this step; said again, only the time is new."""
    about = {"unit_id": unit_id, "lesson": lesson, "step": step}
    _note.run(conn, **about, chat_id=chat_id, person_id=person_id, at=now)


def clusters(conn: Conn, least: int, since: datetime) -> list[Cluster]:
    """Where at least so many people were stuck since then, and nobody was told of it since then."""
    people = func.count(func.distinct(func.coalesce(mark.c.person_id, -mark.c.chat_id)))
    step = (mark.c.unit_id, mark.c.lesson, mark.c.step)
    told = select(1).where(
        cluster.c.unit_id == mark.c.unit_id,
        cluster.c.lesson == mark.c.lesson,
        cluster.c.step == mark.c.step,
        cluster.c.at >= since,
    )
    crowded = select(*step, people).where(mark.c.at >= since, ~told.exists())
    rows = conn.execute(crowded.group_by(*step).having(people >= least).order_by(*step))
    return [Cluster(*row) for row in rows]


def tell(conn: Conn, found: Cluster, day: str, now: datetime) -> bool:
    """Write down that this is being told; False when somebody else was quicker."""
    where = {"unit_id": found.unit_id, "lesson": found.lesson, "step": found.step, "day": day}
    made = insert(conn.dialect.name, cluster).values(**where, people=found.people, at=now)
    return conn.execute(made.on_conflict_do_nothing().returning(cluster.c.day)).one_or_none() is not None


def purge(conn: Conn, before: datetime) -> int:
    """Forget who was stuck before then; how many marks."""
    return conn.execute(delete(mark).where(mark.c.at < before)).rowcount


_note = Statement(
    lambda dialect: (
        insert(dialect, mark)
        .values(given(mark))
        .on_conflict_do_update(
            index_elements=[mark.c.unit_id, mark.c.lesson, mark.c.step, mark.c.chat_id],
            set_={"at": given(mark, "at")["at"]},
        )
    )
)
