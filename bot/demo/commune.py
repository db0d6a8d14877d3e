"""Furnishes an empty database: 30 units, 40 chi bộ, 1,600 members, 150 helpers, three weeks of history."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from bot.core.places import code_for
from bot.demo import names
from storage import cells, grants, people, progress, units
from storage.cells import Cell
from storage.db import Conn
from storage.people import Person
from storage.units import Unit

MEMBERS, CELLS, HELPERS_A_UNIT, DAYS = 1600, 40, 5, 21
_SEED = 339
_DISAGREED_EVERY = 400
# How far the roll-out is, three weeks in: of those who must install (domain fact 3.2: 50–80 % at first).
_SHARES = (("installed", 0.62), ("logged_in", 0.48), ("info_checked", 0.27))
_REASONS = ("KHONG_SMARTPHONE", "CAO_TUOI_SUC_YEU", "VANG", "LOI_TAI_KHOAN", "MAY_KHONG_PHU_HOP", "LOI_MANG")


def furnish(conn: Conn, now: datetime) -> None:
    """Fill the database once; a second call finds it furnished."""
    if units.all_(conn):
        return
    draw = Random(_SEED)
    homes = _units(conn)
    branches = _cells(conn, homes)
    members = [_member(conn, draw, number, homes, branches, now) for number in range(MEMBERS)]
    helpers = {
        home.id: [_staff(conn, draw, home, f"TN{home.id:02d}{n}", now) for n in range(HELPERS_A_UNIT)] for home in homes
    }
    _appoint(conn, draw, homes, branches, helpers, now)
    for member in members:
        _history(conn, draw, member, helpers, now)


def _units(conn: Conn) -> list[Unit]:
    commune = units.create(conn, code="XA", name="Xã Bắc Sơn (dùng thử)", kind="xa", parent_id=None)
    named = (
        [("thon", f"Thôn {name}") for name in names.THON]
        + [("khoi_pho", f"Khối phố {name}") for name in names.KHOI_PHO]
        + [("co_quan", name) for name in names.OFFICES]
    )
    return [
        units.create(conn, code=code_for(name, ()), name=name, kind=kind, parent_id=commune.id) for kind, name in named
    ]


def _cells(conn: Conn, homes: list[Unit]) -> list[Cell]:
    """One chi bộ a unit; the ten largest thôn have a second one."""
    first = [cells.create(conn, code=f"CB{n:02d}", name=f"Chi bộ {home.name}") for n, home in enumerate(homes, 1)]
    extra = [
        cells.create(conn, code=f"CB{n:02d}", name=f"Chi bộ {home.name} 2")
        for n, home in enumerate(homes[: CELLS - len(homes)], len(homes) + 1)
    ]
    return first + extra


def _member(conn: Conn, draw: Random, number: int, homes: list[Unit], branches: list[Cell], now: datetime) -> Person:
    place = number % len(branches)
    home = homes[place % len(homes)]
    return people.create(
        conn,
        code=f"DV{number + 1:04d}",
        name=names.person(draw),
        unit_id=home.id,
        cell_id=branches[place].id,
        kind="probationary" if draw.random() < 0.04 else "official",
        exempt=draw.random() < 0.06,
        invented=True,
        now=now,
    )


def _staff(conn: Conn, draw: Random, home: Unit, code: str, now: datetime) -> Person:
    helper = people.create(conn, code=code, name=names.person(draw), unit_id=home.id, invented=True, now=now)
    grants.give(conn, helper.id, "helper", scope_unit_id=home.id, now=now)
    return helper


def _appoint(
    conn: Conn,
    draw: Random,
    homes: list[Unit],
    branches: list[Cell],
    helpers: dict[int, list[Person]],
    now: datetime,
) -> None:
    """The first helper of a unit is its head (domain fact T2); one secretary a chi bộ; the offices of the commune."""
    for home in homes:
        grants.give(conn, helpers[home.id][0].id, "coordinator", scope_unit_id=home.id, now=now)
    for number, branch in enumerate(branches):
        secretary = people.create(conn, code=f"BT{number + 1:02d}", name=names.person(draw), invented=True, now=now)
        grants.give(conn, secretary.id, "secretary", scope_cell_id=branch.id, now=now)
    for role in ("office", "party", "leader"):
        official = people.create(conn, code=role.upper(), name=names.person(draw), invented=True, now=now)
        grants.give(conn, official.id, role, now=now)


def _history(conn: Conn, draw: Random, member: Person, helpers: dict[int, list[Person]], now: datetime) -> None:
    """What became of one member in three weeks, reported by themselves or by a helper."""
    if member.exempt or member.unit_id is None:
        return
    luck = draw.random()
    reached = [what for what, share in _SHARES if luck < share]
    happened = now - timedelta(days=draw.uniform(1, DAYS))
    told = reached or ([draw.choice(_REASONS)] if luck > 0.8 else [])
    for what in told:
        helper = draw.choice(helpers[member.unit_id]) if draw.random() < 0.6 else None
        source = "helper" if helper else "self"
        progress.record(
            conn,
            member.id,
            what,
            source=source,
            by=helper.id if helper else None,
            happened_at=happened,
            now=happened,
        )
        happened = min(now, happened + timedelta(hours=draw.uniform(1, 60)))
    if reached and member.id % _DISAGREED_EVERY == 1:
        _disagree(conn, member, helpers[member.unit_id][-1], now)


def _disagree(conn: Conn, member: Person, helper: Person, now: datetime) -> None:
    """Somebody tells the contrary, so that the coordinator of the demo has something to decide."""
    what = "KHONG_SMARTPHONE"
    progress.record(conn, member.id, what, source="helper", by=helper.id, happened_at=now, now=now)
