"""Which thôn, office or chi bộ is meant by what somebody typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from rapidfuzz import fuzz, process

from bot.core.vietnamese import fold
from storage import aliases, cells, units
from storage.cells import Cell
from storage.db import Conn
from storage.units import Unit

_SURE, _PERHAPS = 90, 70


Named = TypeVar("Named", bound=Unit | Cell)


def units_like(conn: Conn, text: str) -> tuple[Unit | None, list[Unit]]:
    """The unit that is certainly meant, or up to two that may be; a name it had before finds it as well."""
    return _like(units.all_(conn), text, aliases.of_units(conn))


def cells_like(conn: Conn, text: str) -> tuple[Cell | None, list[Cell]]:
    """The same for a chi bộ."""
    return _like(cells.all_(conn), text, aliases.of_cells(conn))


def _like(places: list[Named], text: str, others: Mapping[int, Collection[str]]) -> tuple[Named | None, list[Named]]:
    every: dict[int, Named] = {each.id: each for each in places}
    named = {each.id: fold(" ".join((each.name, each.code, *others.get(each.id, ())))) for each in places}
    found = process.extract(fold(text), named, scorer=fuzz.token_set_ratio, limit=3)
    likely = [(every[id_], score) for _, score, id_ in found if score >= _PERHAPS]
    clear = likely and likely[0][1] >= _SURE and (len(likely) == 1 or likely[1][1] < _SURE)
    return (likely[0][0], []) if clear else (None, [each for each, _ in likely[:2]])
