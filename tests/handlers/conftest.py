"""A furnished thôn in memory, and people who talk with the real engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.app import open_house
from bot.authoring.player import BEGIN, Player, desk_of, enter, furnish
from bot.settings import HERE
from bot.turn import Desk
from storage import grants, invites, people, units
from storage.db import Conn
from storage.db_sqlite import connect, core
from storage.schema import metadata
from tests.handlers.day_kit import Place
from tests.handlers.day_kit import furnish as furnish_place

Arrive = Callable[..., Player]


@pytest.fixture(scope="session")
def desk() -> Desk:
    return desk_of(open_house(HERE / "guides"))


@pytest.fixture
def conn() -> Iterator[Conn]:
    raw = connect("")
    engine = core(raw)
    with engine.connect() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()
    raw.close()


@pytest.fixture
def staff(conn: Conn) -> dict[str, int]:
    """One person of each role, by role."""
    admin = people.create(conn, code="ADMIN", name="Phùng Văn Đức", now=BEGIN)
    grants.give(conn, admin.id, "admin", now=BEGIN)
    return {**furnish(conn), "admin": admin.id}


@pytest.fixture
def newcomer(conn: Conn, desk: Desk, staff: dict[str, int]) -> Player:
    return Player(conn, desk, key="newcomer")


@pytest.fixture
def arrive(conn: Conn, desk: Desk, staff: dict[str, int]) -> Arrive:
    """Somebody known comes in: `arrive("helper")`."""

    def come(role: str, form: str = "bac") -> Player:
        player = Player(conn, desk, key=role)
        enter(player, staff[role], form)
        player.say("/menu")
        return player

    return come


@pytest.fixture
def arrive_unit_code(conn: Conn, staff: dict[str, int]) -> str:
    """A code in force for the thôn."""
    home = units.by_code(conn, "NAPAN")
    assert home is not None
    return invites.create(conn, code="NAPAN", unit_id=home.id, now=BEGIN).code


@pytest.fixture
def place(conn: Conn, desk: Desk) -> Place:
    """Two units with members and staff, for the helper's day."""
    return furnish_place(conn, desk)
