"""A database in a file, the real house, and a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import open_house
from bot.authoring.player import CHANNEL, WHOLE
from bot.context import House
from bot.outgoing import Desk
from bot.settings import HERE
from storage.db import Database
from storage.schema import metadata
from tests.engine.kit import FAST, Clock
from tests.handlers.conftest import arrive, arrive_unit_code, conn, newcomer, staff

__all__ = ["arrive", "arrive_unit_code", "clock", "conn", "db", "desk", "house", "newcomer", "staff"]


@pytest.fixture(scope="session")
def house() -> House:
    return open_house(HERE / "guides")


@pytest.fixture(scope="session")
def desk(house: House) -> Desk:
    return Desk(house, {"kenh": FAST, CHANNEL: WHOLE})


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite:///{tmp_path}/engine.db")
    await opened.run(metadata.create_all)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()
