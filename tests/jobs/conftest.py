"""Every test of this folder that asks for `db` runs on each database there is."""

from __future__ import annotations

import pytest

from bot.app import open_house
from bot.authoring.player import desk_of
from bot.desk import Desk
from bot.settings import HERE
from tests.databases import database_url, db, postgres

__all__ = ["database_url", "db", "desk", "postgres"]


@pytest.fixture(scope="session")
def desk() -> Desk:
    return desk_of(open_house(HERE / "guides"))
