"""Which thôn, khối phố or office is meant by what somebody typed."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from bot.core.vietnamese import fold
from storage import units
from storage.db import Conn
from storage.units import Unit

_SURE, _PERHAPS = 90, 70


def units_like(conn: Conn, text: str) -> tuple[Unit | None, list[Unit]]:
    """The unit that is certainly meant, or up to two that may be."""
    every = {unit.id: unit for unit in units.all_(conn)}
    named = {id_: fold(f"{unit.name} {unit.code}") for id_, unit in every.items()}
    found = process.extract(fold(text), named, scorer=fuzz.token_set_ratio, limit=3)
    likely = [(every[id_], score) for _, score, id_ in found if score >= _PERHAPS]
    clear = likely and likely[0][1] >= _SURE and (len(likely) == 1 or likely[1][1] < _SURE)
    return (likely[0][0], []) if clear else (None, [unit for unit, _ in likely[:2]])
