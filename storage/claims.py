"""Claims of a name: somebody with the unit's code says who they are, and its coordinator says whether that is so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from storage.db import Conn
from storage.schema import claim


@dataclass(frozen=True, slots=True)
class Claim:
    """A row of the table, its columns in order. `state`: open, yes or no."""

    id: int
    chat_id: int
    unit_id: int
    name_given: str
    state: str
    person_id: int | None
    decided_by: int | None
    created_at: datetime
    decided_at: datetime | None


def make(conn: Conn, chat_id: int, unit_id: int, name: str, now: datetime) -> Claim:
    """One open claim a chat: a new name takes the place of the one said before."""
    again = update(claim).where(claim.c.chat_id == chat_id, claim.c.state == "open")
    row = conn.execute(again.values(name_given=name, unit_id=unit_id).returning(*claim.c)).first()
    if row is None:
        made = insert(claim).values(chat_id=chat_id, unit_id=unit_id, name_given=name, created_at=now)
        row = conn.execute(made.returning(*claim.c)).one()
    return Claim(*row)


def get(conn: Conn, claim_id: int) -> Claim | None:
    row = conn.execute(select(claim).where(claim.c.id == claim_id)).one_or_none()
    return Claim(*row) if row else None


def decide(conn: Conn, claim_id: int, person_id: int | None, by: int, now: datetime) -> Claim | None:
    """Yes with a person, no without one; None when somebody else was quicker."""
    values = {"state": "yes" if person_id else "no", "person_id": person_id, "decided_by": by, "decided_at": now}
    row = conn.execute(
        update(claim).where(claim.c.id == claim_id, claim.c.state == "open").values(**values).returning(*claim.c)
    ).first()
    return Claim(*row) if row else None


def reopen(conn: Conn, claim_id: int) -> None:
    nothing = {"state": "open", "person_id": None, "decided_by": None, "decided_at": None}
    conn.execute(update(claim).where(claim.c.id == claim_id).values(**nothing))
