"""Questions the bot had no answer to, for those who write answers. Secrets are out already; nobody's name is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.db import Conn
from storage.schema import question
from storage.statement import Statement, given, insert

LONGEST = 160  # characters kept of a question


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What was asked, how often, when last."""

    text: str
    count: int
    last_at: datetime


def note(conn: Conn, text: str, now: datetime) -> None:
    """Count a question once more; capitals and spaces make no difference."""
    words = " ".join(text.lower().split())[:LONGEST]
    if words:
        _note.run(conn, text=words, count=1, last_at=now)


def often(conn: Conn, limit: int = 50) -> list[Unanswered]:
    """Those asked most, then those asked last."""
    columns = (question.c.text, question.c.count, question.c.last_at)
    rows = select(*columns).order_by(question.c.count.desc(), question.c.last_at.desc()).limit(limit)
    return [Unanswered(*row) for row in conn.execute(rows)]


def purge(conn: Conn, before: datetime) -> int:
    """Forget what nobody has asked since; how many."""
    return _purge.run(conn, before=before)


_note = Statement(
    lambda dialect: (new := insert(dialect, question).values(given(question))).on_conflict_do_update(
        index_elements=[question.c.text],
        set_={"count": question.c.count + 1, "last_at": new.excluded.last_at},
    )
)
_last = question.c.last_at
_purge = Statement(lambda _: delete(question).where(_last < bindparam("before", type_=_last.type)))
