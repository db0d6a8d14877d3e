"""Who was asked about a call for help, until when, and what they said. One question to one person a round."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, select, update

from storage.columns import Instant
from storage.db import Conn
from storage.schema import help_ask as ask
from storage.statement import Statement, insert, numbers


@dataclass(frozen=True, slots=True)
class HelpAsk:
    """A row of the table, its columns in order. `answer`: taken, declined, lapsed or withdrawn; empty: none yet."""

    id: int
    call_id: int
    person_id: int
    rung: int
    round: int
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answer: str


def add(conn: Conn, call_id: int, person_id: int, *, rung: int, round_: int, now: datetime, due: datetime) -> bool:
    """Write down that this person is asked; False when they were in this round already.

    A question that was withdrawn before its answer was none.
    """
    values = {"call_id": call_id, "person_id": person_id, "rung": rung, "round": round_}
    made = insert(conn.dialect.name, ask).values(**values, asked_at=now, due_at=due)
    anew = {"asked_at": now, "due_at": due, "answered_at": None, "answer": ""}
    again = made.on_conflict_do_update(index_elements=_ONCE, set_=anew, where=ask.c.answer == "withdrawn")
    return conn.execute(again.returning(ask.c.id)).one_or_none() is not None


def took(conn: Conn, call_id: int, person_id: int, *, rung: int, round_: int, now: datetime) -> None:
    """This person takes it, asked or not; nobody else has to answer any more."""
    values = {"call_id": call_id, "person_id": person_id, "rung": rung, "round": round_}
    answer = {"answered_at": now, "answer": "taken"}
    made = insert(conn.dialect.name, ask).values(**values, **answer, asked_at=now, due_at=now)
    conn.execute(made.on_conflict_do_update(index_elements=_ONCE, set_=answer))
    withdraw(conn, call_id, now)


def answer(conn: Conn, call_id: int, person_id: int, said: str, now: datetime) -> bool:
    """What this person said to the question that is open; False when none is."""
    theirs = (ask.c.call_id == call_id, ask.c.person_id == person_id, ask.c.answer == "")
    return conn.execute(update(ask).where(*theirs).values(answer=said, answered_at=now)).rowcount > 0


def undo(conn: Conn, call_id: int, person_id: int, round_: int, said: str, now: datetime) -> None:
    """Whoever took it in this round does not have it any more: they gave it back, or did not come."""
    theirs = (ask.c.call_id == call_id, ask.c.person_id == person_id, ask.c.round == round_)
    conn.execute(update(ask).where(*theirs).values(answer=said, answered_at=now))


def withdraw(conn: Conn, call_id: int, now: datetime) -> list[int]:
    """Nobody has to answer any more; who had been asked."""
    waiting = update(ask).where(ask.c.call_id == call_id, ask.c.answer == "")
    gone = waiting.values(answer="withdrawn", answered_at=now).returning(ask.c.person_id)
    return list(conn.execute(gone).scalars())


def of_call(conn: Conn, call_id: int) -> list[HelpAsk]:
    """Everybody who was asked, in order."""
    return [HelpAsk(*row) for row in _of_call.all(conn, call=call_id)]


def lately(conn: Conn, person_ids: Collection[int], since: datetime) -> list[tuple[int, str, datetime]]:
    """What these people were asked since then, in order: who, the answer, when they were asked."""
    return [(row[0], row[1], row[2]) for row in _lately.all(conn, people=list(person_ids), since=since)]


_ONCE = [ask.c.call_id, ask.c.round, ask.c.person_id]
_of_call = Statement(
    lambda _: select(ask).where(ask.c.call_id == bindparam("call", type_=BigInteger)).order_by(ask.c.id)
)
_lately = Statement(
    lambda dialect: (
        select(ask.c.person_id, ask.c.answer, ask.c.asked_at)
        .where(ask.c.person_id.in_(numbers(dialect, "people")), ask.c.asked_at >= bindparam("since", type_=Instant))
        .order_by(ask.c.asked_at, ask.c.id)
    )
)
