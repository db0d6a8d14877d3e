"""Every test of this folder that asks for `db` runs on each database there is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from storage import chats
from storage.chats import Chat
from storage.db import Database
from tests.databases import database_url, db, postgres

__all__ = ["database_url", "db", "postgres"]


NOW = datetime(2026, 11, 24, 7, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def arrive(db: Database, now: datetime) -> Callable[[str], Awaitable[Chat]]:
    """A message comes in from the chat of this name."""

    async def arrive(key: str) -> Chat:
        return await db.run(chats.arrive, "telegram", "bacson", key, now)

    return arrive
