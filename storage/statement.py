"""A statement written with SQLAlchemy Core, compiled once a dialect and run on the driver itself.

A turn runs a handful of statements, always the same ones. `Connection.execute` spends more on each than the
database does: 25 µs against 8 µs for the upsert of a chat (SQLite, 23 columns out). The columns' own types still
convert every value, so a statement run this way and one run by `execute` read and write alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ClauseElement,
    Column,
    ColumnElement,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from storage.columns import Instant, Json
from storage.db import Conn

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]
Insert = sqlite.Insert | postgresql.Insert


def insert(dialect: str, table: Table) -> sqlite.Insert:
    """An INSERT that knows `on_conflict_do_...`, spelt alike for both databases."""
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return cast(sqlite.Insert, made)


def given(table: Table, *names: str) -> dict[str, Any]:
    """A parameter for each of these columns, of the same name; for all of them where none is named."""
    return {name: bindparam(name, type_=table.c[name].type) for name in names or table.c.keys()}


def is_(column: Column[str], word: str) -> ColumnElement[bool]:
    """Written out, not a parameter: otherwise SQLite cannot know that an index of only such rows will do."""
    return column == literal_column(f"'{word}'")


def numbers(dialect: str, name: str) -> Select[tuple[int]]:
    """A subquery: the numbers of the list passed as parameter `name`.

    An `IN` with a parameter a number would be another statement for each length.
    """
    given = bindparam(name, type_=Json)
    if dialect == "postgresql":
        listed = func.json_array_elements_text(as_type(given, JSON)).column_valued("value")
        return select(as_type(listed, postgresql.BIGINT))
    return select(func.json_each(given).table_valued("value").c.value)


class Statement:
    """Runs what `build` makes for a dialect ("sqlite" or "postgresql")."""

    def __init__(self, build: Callable[[str], ClauseElement]) -> None:
        self._build = build
        self._ready: dict[str, Ready] = {}

    def all(self, conn: Conn, **values: Any) -> list[Row]:
        """The rows it returns."""
        ready = self.ready(conn.dialect)
        rows: list[Row] = driver(conn).execute(ready.sql, ready.write(values)).fetchall()
        return [ready.read(row) for row in rows] if ready.readers else rows

    def one(self, conn: Conn, **values: Any) -> Row | None:
        """The first row it returns, if any."""
        rows = self.all(conn, **values)
        return rows[0] if rows else None

    def run(self, conn: Conn, **values: Any) -> int:
        """For a statement that returns no rows: how many it touched."""
        ready = self.ready(conn.dialect)
        return cast(int, driver(conn).execute(ready.sql, ready.write(values)).rowcount)

    def many(self, conn: Conn, rows: Iterable[Mapping[str, Any]]) -> int:
        """The same for each of these; how many rows they touched in all."""
        ready = self.ready(conn.dialect)
        cursor = driver(conn).cursor()
        cursor.executemany(ready.sql, [ready.write(row) for row in rows])
        return cast(int, cursor.rowcount)

    def ready(self, dialect: Dialect) -> Ready:
        """The same, compiled for this dialect."""
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = Ready(self._build(dialect.name), dialect)
        return ready


class Ready:
    """One statement for one dialect: its text, and what converts the values going in and coming out."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = cast(Any, statement.compile(dialect=dialect))
        self.sql: str = compiled.string
        self.constants = {name: bind.value for bind, name in compiled.bind_names.items() if not bind.required}
        writers = {name: _writer(bind.type, dialect) for bind, name in compiled.bind_names.items()}
        self.writers: list[tuple[str, Convert]] = [(name, write) for name, write in writers.items() if write]
        columns = getattr(statement, "exported_columns", ())
        readers = [_reader(each.type, dialect) for each in columns]
        self.readers: list[tuple[int, Convert]] = [(place, read) for place, read in enumerate(readers) if read]

    def write(self, values: Mapping[str, Any]) -> dict[str, Any]:
        out = {**self.constants, **values}
        for name, convert in self.writers:
            out[name] = convert(out[name])
        return out

    def read(self, row: Row) -> Row:
        out = list(row)
        for place, convert in self.readers:
            out[place] = convert(out[place])
        return tuple(out)


def _writer(kind: Any, dialect: Dialect) -> Convert | None:
    """What makes of a Python value what the driver takes. Our own two types need nothing of SQLAlchemy around them."""
    found = kind.to_driver if isinstance(kind, Instant | Json) else kind.dialect_impl(dialect).bind_processor(dialect)
    return cast(Convert | None, found)


def _reader(kind: Any, dialect: Dialect) -> Convert | None:
    if isinstance(kind, Instant | Json):
        return kind.from_driver
    return cast(Convert | None, kind.dialect_impl(dialect).result_processor(dialect, None))


def driver(conn: Conn) -> Any:
    """The sqlite3 or psycopg connection underneath; the two have the same methods."""
    return conn.connection.driver_connection
