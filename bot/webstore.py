"""What the web chat asks the database: is this code good, does this chat exist, what was said since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.channels.web import Cursor, Line
from bot.core.messages import Paper
from storage import chats, history, invites
from storage.db import Conn, Database


class WebStore:
    """The web channel's `Store` on the real database."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock

    async def admit(self, code: str) -> bool:
        return await self._db.run(invites.find, code, self._clock()) is not None

    async def knows(self, chat: str) -> bool:
        return await self._db.run(_knows, chat)

    async def history(self, chat: str, after: Cursor | None, limit: int) -> list[Line]:
        return await self._db.run(_history, chat, after, limit)

    async def paper(self, chat: str, number: int) -> Paper | None:
        return await self._db.run(_paper, chat, number)


def _knows(conn: Conn, chat: str) -> bool:
    return chats.find(conn, "web", "web", chat) is not None


def _history(conn: Conn, chat: str, after: Cursor | None, limit: int) -> list[Line]:
    row = chats.find(conn, "web", "web", chat)
    if row is None:
        return []
    return [
        Line(
            _cursor(line),
            line.text,
            line.sent_at,
            line.choices,
            line.media,
            (line.id, line.paper.name) if line.paper else None,
        )
        for line in history.history(conn, row.id, _place(after), limit)
    ]


def _paper(conn: Conn, chat: str, number: int) -> Paper | None:
    """Only for whom it was: another person may use this phone by now."""
    row = chats.find(conn, "web", "web", chat)
    found = history.paper_of(conn, row.id, number) if row else None
    return found if found and row and found.asked_by == row.person_id else None


def _cursor(line: history.WebLine) -> Cursor:
    return f"{line.sent_at.isoformat()}_{line.id}"


def _place(cursor: Cursor | None) -> tuple[datetime, int] | None:
    """The place a cursor stands for; None for one that nobody gave out."""
    moment, _, number = (cursor or "").rpartition("_")
    try:
        at, row = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return (at, row) if at.tzinfo and 0 <= row < 2**63 else None
