"""Fixtures that bring a fresh, migrated database: SQLite always, PostgreSQL where CAMTAY_TEST_POSTGRES says one is.

A folder's conftest.py imports them: `from tests.databases import database_url, db, postgres`.
CAMTAY_TEST_POSTGRES is the postgresql:// address of a server where databases may be made;
with CAMTAY_REQUIRE_ALL=1 it must be there.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from storage.db import Database, postgres_url
from storage.migrate import migrate
from storage.schema import metadata

SERVER = os.environ.get("CAMTAY_TEST_POSTGRES", "")
MISSING = "CAMTAY_TEST_POSTGRES is not set"


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A migrated database for all tests, emptied after each: far quicker than making one for each."""
    if not SERVER and os.environ.get("CAMTAY_REQUIRE_ALL") == "1":
        pytest.fail(MISSING)
    if not SERVER:
        pytest.skip(MISSING)
    with made(make_url(SERVER)) as url:
        migrate(url.render_as_string(hide_password=False))
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/test.db"
        migrate(url)
        yield url
    else:
        shared: URL = request.getfixturevalue("postgres")
        yield shared.render_as_string(hide_password=False)
        _empty(shared)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@contextmanager
def made(server: URL) -> Iterator[URL]:
    """A new PostgreSQL database with a name of its own."""
    name = f"camtay_test_{secrets.token_hex(6)}"
    _say(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name)
    finally:
        _say(server, f"DROP DATABASE {name} WITH (FORCE)")


def _empty(url: URL) -> None:
    """Every table without a row, and its ids from 1 again."""
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    _say(url, f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def _say(server: URL, words: str) -> None:
    engine = create_engine(postgres_url(server), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(words))
