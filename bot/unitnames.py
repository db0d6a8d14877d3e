"""Which thôn, office or chi bộ is meant by what somebody typed."""

from __future__ import annotations

from typing import TypeVar

from rapidfuzz import fuzz, process

from bot.core.vietnamese import fold
from storage import cells, units
from storage.cells import Cell
from storage.db import Conn
from storage.units import Unit

_SURE, _PERHAPS = 90, 70


Named = TypeVar("Named", Unit, Cell)


def units_like(conn: Conn, text: str) -> tuple[Unit | None, list[Unit]]:
    """The unit that is certainly meant, or up to two that may be."""
    return _like(units.all_(conn), text)


def cells_like(conn: Conn, text: str) -> tuple[Cell | None, list[Cell]]:
    """The same for a chi bộ."""
    return _like(cells.all_(conn), text)


def _like(places: list[Named], text: str) -> tuple[Named | None, list[Named]]:
    every = {each.id: each for each in places}
    named = {id_: fold(f"{each.name} {each.code}") for id_, each in every.items()}
    found = process.extract(fold(text), named, scorer=fuzz.token_set_ratio, limit=3)
    likely = [(every[id_], score) for _, score, id_ in found if score >= _PERHAPS]
    clear = likely and likely[0][1] >= _SURE and (len(likely) == 1 or likely[1][1] < _SURE)
    return (likely[0][0], []) if clear else (None, [each for each, _ in likely[:2]])
