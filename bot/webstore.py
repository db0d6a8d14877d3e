"""What the web chat asks the database: is this code good, does this chat exist, what was said since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from storage.db import Conn, Database

from bot.channels.web import Cursor, Line
from storage import chats, invites


class WebStore:
    """The web channel's `Store` on the real database."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock

    async def admit(self, code: str) -> bool:
        return await self._db.run(invites.look, code.strip().upper(), self._clock())

    async def knows(self, chat: str) -> bool:
        return await self._db.run(_knows, chat)

    async def history(self, chat: str, after: Cursor | None, limit: int) -> list[Line]:
        return await self._db.run(_history, chat, after, limit)


def _knows(conn: Conn, chat: str) -> bool:
    return chats.find(conn, "web", "web", chat) is not None
