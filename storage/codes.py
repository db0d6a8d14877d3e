"""Codes of people: the letters of their unit, then a number: NP03. Given once, never changed, never given again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Integer, cast, func, select

from bot.core.places import letters_for
from storage import units
from storage.db import Conn
from storage.schema import person, unit

_DIGITS: Final = "0123456789"


def give(conn: Conn, wanted: Mapping[int, int]) -> dict[int, list[str]]:
    """New codes: unit → how many, unit → codes. A unit without letters gets some that are nobody else's."""
    used = _used(conn)
    return {unit_id: _numbered(conn, unit_id, count, used) for unit_id, count in wanted.items()}


def _numbered(conn: Conn, unit_id: int, count: int, used: dict[str, dict[int | None, int]]) -> list[str]:
    found = units.get(conn, unit_id)
    assert found is not None, f"there is no unit {unit_id}"
    letters = found.letters or _letters(conn, unit_id, found.name, used)
    last = max(found.numbered, *used.get(letters, {None: 0}).values())
    units.number(conn, unit_id, letters, last + count)
    used.setdefault(letters, {})[unit_id] = last + count
    return [f"{letters}{number:02d}" for number in range(last + 1, last + count + 1)]


def _letters(conn: Conn, unit_id: int, name: str, used: dict[str, dict[int | None, int]]) -> str:
    """Those its people have already, as after an import into an empty database; else new ones."""
    taken = set(conn.execute(select(unit.c.letters).where(unit.c.letters.is_not(None))).scalars())
    fitting = letters_for(name, ())[:2]
    own = (letters for letters, owners in used.items() if set(owners) == {unit_id} and letters not in taken)
    kept = next((letters for letters in own if letters.startswith(fitting)), None)
    return kept or letters_for(name, taken | set(used))


def _used(conn: Conn) -> dict[str, dict[int | None, int]]:
    """Letters → the units whose people's codes begin so → the highest number."""
    letters = func.rtrim(person.c.code, _DIGITS).label("letters")
    number = func.max(cast(func.substr(person.c.code, func.length(letters) + 1), Integer))
    found: dict[str, dict[int | None, int]] = {}
    digits = func.length(person.c.code) - func.length(letters)
    counted = select(letters, person.c.unit_id, number).where(letters != "", digits.between(1, 6))
    for prefix, unit_id, highest in conn.execute(counted.group_by(letters, person.c.unit_id)):
        found.setdefault(prefix, {})[unit_id] = highest
    return found
