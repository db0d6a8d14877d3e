"""The roster between a workbook and the database: what is known, what a workbook would change, and doing it.

It is done in steps, each a transaction of its own. What a step did is found done when the same workbook is imported
again, so an import that was cut off is finished by repeating it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from bot.core.names import spelling
from bot.core.places import Place
from bot.core.roster import Known
from bot.core.roster_match import Register
from bot.core.roster_plan import Change, Entry, Plan
from storage import aliases, audit, cells, codes, roster, units
from storage.db import Conn

T = TypeVar("T")

BATCH: Final = 1000  # people a transaction


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction of an import: how many people it is about, and what it does."""

    people: int
    run: Callable[[Conn], None]


def register(conn: Conn) -> Register:
    """All that the database knows."""
    return Register(
        roster.everybody(conn),
        roster.known_units(conn),
        roster.known_cells(conn),
        units.codes(conn),
        cells.codes(conn),
    )


def steps(plan: Plan, now: datetime, *, by: int | None = None, leaving: bool = False) -> Iterator[Step]:
    """What carries out this plan, in order. `leaving`: mark those missing in the workbook as having left."""
    yield Step(0, partial(_places, plan, now))
    adds = sorted(plan.adds, key=lambda entry: (not entry.line.code, _code(entry.unit)))
    for some in _batches(adds):
        yield Step(len(some), partial(_add, some, now))
    for changes in _batches(plan.changes):
        yield Step(len(changes), partial(_change, changes))
    if leaving and plan.gone:
        yield Step(len(plan.gone), partial(_leave, plan.gone, now))
    told = f"new:{len(plan.adds)} changed:{len(plan.changes)} left:{len(plan.gone) if leaving else 0}"
    yield Step(0, partial(_note, "roster.import", told, by, now))


def exported(conn: Conn, now: datetime, *, by: int | None = None) -> list[tuple[Known, str, str]]:
    """The roster for somebody who takes it out of the house; that they did is written down."""
    found = roster.members(conn)
    _note("roster.export", f"people:{len(found)}", by, now, conn)
    return found


def _note(action: str, subject: str, by: int | None, now: datetime, conn: Conn) -> None:
    """`by` None: at the machine itself (cli)."""
    where = "" if by else "cli "
    audit.note(conn, actor=by, action=action, subject=f"{where}{subject}", now=now)


def _places(plan: Plan, now: datetime, conn: Conn) -> None:
    top = next((unit for unit in units.all_(conn) if unit.kind == "xa"), None)
    for place in plan.units:
        if units.by_code(conn, place.code) is None:
            units.create(conn, code=place.code, name=place.name, kind=place.kind, parent_id=top.id if top else None)
    for place in plan.cells:
        if cells.by_code(conn, place.code) is None:
            cells.create(conn, code=place.code, name=place.name)
    ids = _ids(conn)
    for name, place in plan.unit_aliases.items():
        aliases.note(conn, name, unit_id=ids.unit(place), now=now)
    for name, place in plan.cell_aliases.items():
        aliases.note(conn, name, cell_id=ids.cell(place), now=now)


def _leave(gone: Sequence[Known], now: datetime, conn: Conn) -> None:
    roster.leave(conn, [known.id for known in gone], now)


def _add(entries: Sequence[Entry], now: datetime, conn: Conn) -> None:
    ids = _ids(conn)
    known = [entry for entry in entries if entry.line.code]
    _insert(conn, known, [str(entry.line.code) for entry in known], ids, now)
    fresh = [entry for entry in entries if not entry.line.code]
    wanted = Counter(ids.unit(entry.unit) or 0 for entry in fresh)
    given = {unit_id: iter(made) for unit_id, made in codes.give(conn, wanted).items()}
    _insert(conn, fresh, [next(given[ids.unit(entry.unit) or 0]) for entry in fresh], ids, now)


def _insert(conn: Conn, entries: Sequence[Entry], made: Sequence[str], ids: _Ids, now: datetime) -> None:
    rows = [
        {
            "code": code,
            "name": entry.line.name,
            "unit_id": ids.unit(entry.unit),
            "cell_id": ids.cell(entry.cell),
            "kind": entry.line.kind or "official",
            "exempt": bool(entry.line.exempt),
            "phone": entry.line.phone,
            "created_at": now,
        }
        for entry, code in zip(entries, made, strict=True)
    ]
    roster.add(conn, rows)


def _change(changes: Sequence[Change], conn: Conn) -> None:
    ids = _ids(conn)
    roster.change(conn, [_changed(change.known, change.entry, ids) for change in changes])


def _changed(known: Known, entry: Entry, ids: _Ids) -> Mapping[str, Any]:
    """Every column as it is from now on; what the workbook does not tell stays."""
    line = entry.line
    return {
        "person": known.id,
        "name": line.name if spelling(line.name) != spelling(known.name) else known.name,
        "unit_id": ids.unit(entry.unit) or known.unit_id,
        "cell_id": ids.cell(entry.cell) or known.cell_id,
        "kind": line.kind or known.kind,
        "exempt": known.exempt if line.exempt is None else line.exempt,
        "phone": line.phone or known.phone,
        "left_at": None,
    }


@dataclass(frozen=True, slots=True)
class _Ids:
    """The rows of places by their codes: a place of a plan may not have been made yet when it was planned."""

    units: Mapping[str, int]
    cells: Mapping[str, int]

    def unit(self, place: Place | None) -> int | None:
        return self.units[place.code] if place else None

    def cell(self, place: Place | None) -> int | None:
        return self.cells[place.code] if place else None


def _ids(conn: Conn) -> _Ids:
    return _Ids(
        {unit.code: unit.id for unit in units.all_(conn)},
        {cell.code: cell.id for cell in cells.all_(conn)},
    )


def _code(place: Place | None) -> str:
    return place.code if place else ""


def _batches(found: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(found), BATCH):
        yield found[start : start + BATCH]
