"""Migrations: they make the schema, once, also when two processes start together."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from storage import migrate
from storage.db import Busy, Conn, Database, postgres_url
from storage.migrate import TooNew
from storage.schema import metadata
from tests.databases import SERVER, made


async def test_the_migrated_database_is_the_schema(db: Database) -> None:
    def differences(conn: Conn) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(conn, opts={"compare_type": True}), metadata))

    assert await db.run(differences) == []


async def test_on_sqlite_to_the_letter(tmp_path: Path) -> None:
    """Also what Alembic does not compare: partial indexes, tables without row ids, defaults."""
    migrate.migrate(f"sqlite:///{tmp_path}/x.db")
    migrated = await Database.open(f"sqlite:///{tmp_path}/x.db")
    created = await Database.open("sqlite://")
    assert await migrated.run(_words) == await created.run(_words)
    await migrated.close()
    await created.close()


def _words(conn: Conn) -> set[str]:
    rows = conn.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"))
    return {" ".join(sorted(words.replace(",", " ").split())) for (words,) in rows}


def test_the_newest_revision_is_the_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.newest()]


async def test_a_second_time_changes_nothing(database_url: str) -> None:
    migrate.migrate(database_url)
    db = await Database.open(database_url)
    assert await db.run(migrate.revision) == migrate.newest()
    await db.run(lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    await db.close()
    with pytest.raises(TooNew, match="newer"):
        migrate.migrate(database_url)


def test_alembic_is_not_even_imported_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/x.db"
    migrate.migrate(url)
    program = f"import sys; from storage.migrate import migrate; migrate({url!r}); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_that_start_together(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if kind == "sqlite":
        _race(f"sqlite:///{tmp_path}/x.db")
    else:
        request.getfixturevalue("postgres")
        with made(make_url(SERVER)) as url:
            _race(url.render_as_string(hide_password=False))


def _race(url: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            migrate.migrate(url)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_migration_that_fails_leaves_nothing_behind(postgres: URL) -> None:
    with made(make_url(SERVER)) as url:
        engine = create_engine(postgres_url(url), poolclass=NullPool)
        with engine.begin() as conn:
            conn.execute(text("CREATE TABLE audit (x integer)"))  # in the way of the last table
        with pytest.raises(Exception, match="audit"):
            migrate.migrate(url.render_as_string(hide_password=False))
        with engine.begin() as conn:
            assert conn.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar() == 1


def test_a_server_that_is_not_there_is_busy() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(Busy):
        migrate.migrate("postgresql://nobody@127.0.0.1:1/none")
