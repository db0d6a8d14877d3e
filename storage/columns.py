"""The columns of tables, and the two kinds both databases hold alike: an instant, and a small piece of JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment: an aware datetime in Python, microseconds since 1970 in the table.

    SQLite has no type for it and hands back naive datetimes; a number sorts and compares the same everywhere.
    Writing a naive datetime raises ValueError.
    """

    impl = BigInteger
    cache_ok = True

    @staticmethod
    def to_driver(value: datetime | None) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime says no moment: {value!r}")
        return (value - _EPOCH) // _MICROSECOND

    @staticmethod
    def from_driver(value: int | None) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return self.to_driver(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return self.from_driver(value)


class Json(TypeDecorator[Any]):
    """Lists, dicts, strings and numbers, kept as JSON text: the drivers' own JSON types differ."""

    impl = Text
    cache_ok = True

    @staticmethod
    def to_driver(value: Any) -> str:
        return _write(value)

    @staticmethod
    def from_driver(value: str | None) -> Any:
        if value == "[]":  # most lists of a chat most of the time
            return []
        return None if value is None else _read(value)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return _write(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return self.from_driver(value)


# SQLite counts rows by itself only where the key is called INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def id_() -> Column[int]:
    return Column("id", Id, primary_key=True)


def ref(name: str, target: str, *, null: bool = True, **more: Any) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=null, **more)


def text_(name: str, *, null: bool = False, default: str | None = None, **more: Any) -> Column[str]:
    return Column(name, String, nullable=null, server_default=default, **more)


def at(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Instant, nullable=null)


_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_read = json.JSONDecoder().decode
