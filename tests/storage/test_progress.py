"""Progress: events that are never changed, and the numbers read off them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.core.progress import DENIALS, EXEMPT, HAS_ERRORS, MILESTONES, REASONS, state_of
from storage import cells, exemptions, grants, people, progress, units
from storage.db import Conn, Database
from storage.people import Person


def tell(conn: Conn, who: Person, *told: str, now: datetime) -> None:
    for what in told:
        progress.record(conn, who.id, what, source="self", by=None, happened_at=now, now=now)


async def test_a_later_milestone_implies_the_earlier(db: Database, now: datetime) -> None:
    who = await db.run(people.create, code="DV1", name="Lý", now=now)
    assert await db.run(progress.reached, who.id) == set()
    await db.run(tell, who, "VANG", "logged_in", "VANG", now=now)
    assert await db.run(progress.reached, who.id) == {"installed", "logged_in"}


async def test_nothing_is_changed_a_slip_is_marked(db: Database, now: datetime) -> None:
    who = await db.run(people.create, code="DV1", name="Lý", now=now)
    yesterday = now - timedelta(days=1)
    told: dict[str, Any] = {"source": "helper", "by": who.id, "happened_at": yesterday, "now": now}
    await db.run(progress.record, who.id, "installed", **told)
    await db.run(progress.record, who.id, "info_checked", **told)
    slip = (await db.run(progress.of_person, who.id))[1]
    assert await db.run(progress.undo, slip.id, by=who.id, now=now)
    assert not await db.run(progress.undo, slip.id, by=who.id, now=now)
    assert await db.run(progress.reached, who.id) == {"installed"}
    events = await db.run(progress.of_person, who.id)
    assert [(each.what, each.happened_at, each.undone_at) for each in events] == [
        ("installed", yesterday, None),
        ("info_checked", yesterday, now),
    ]


def roll_out(conn: Conn, now: datetime) -> None:
    """Nà Pán: five members, one exempt, one helper; Bắc Hưng: one member."""
    units.create(conn, code="XA", name="Xã Bắc Sơn", kind="xa", parent_id=None)
    pan = units.create(conn, code="NAPAN", name="Nà Pán", kind="thon", parent_id=1)
    hung = units.create(conn, code="BACHUNG", name="Bắc Hưng", kind="thon", parent_id=1)
    cell = cells.create(conn, code="CB01", name="Chi bộ Nà Pán")
    helper = people.create(conn, code="TN1", name="Nông", unit_id=pan.id, now=now)
    grants.give(conn, helper.id, "helper", scope_unit_id=pan.id, now=now)
    told = [("VANG",), ("installed",), ("installed", "logged_in"), ("info_checked",)]
    for number, what in enumerate(told):
        who = people.create(conn, code=f"DV{number}", name="x", unit_id=pan.id, cell_id=cell.id, now=now)
        tell(conn, who, *what, now=now)
    exempt = people.create(conn, code="DV8", name="x", unit_id=pan.id, exempt=True, now=now)
    tell(conn, exempt, "installed", now=now)
    people.create(conn, code="DV9", name="x", unit_id=hung.id, now=now)


async def test_counts_of_a_unit_a_cell_and_the_commune(db: Database, now: datetime) -> None:
    await db.run(roll_out, now)
    unit = await db.run(progress.counts, unit_id=2, cell_id=None)
    assert unit == progress.Counts("Nà Pán", 5, 1, installed=3, logged_in=2, info_checked=1)
    assert (unit.due, unit.share(unit.installed)) == (4, " (75%)")
    cell = await db.run(progress.counts, unit_id=None, cell_id=1)
    assert cell == progress.Counts("Chi bộ Nà Pán", 4, 0, installed=3, logged_in=2, info_checked=1)
    commune = await db.run(progress.counts, unit_id=None, cell_id=None)
    assert commune == progress.Counts("Xã Bắc Sơn", 6, 1, installed=3, logged_in=2, info_checked=1)


async def test_counts_where_nobody_is(db: Database) -> None:
    nobody = await db.run(progress.counts, unit_id=None, cell_id=None)
    assert (nobody.scope, nobody.due, nobody.share(0)) == ("", 0, "")


def anything(conn: Conn, draw: Random, now: datetime) -> None:
    """A hundred people of whom anything was told by anybody, in any order, and some of it taken back."""
    helpers = [people.create(conn, code=f"TN{n}", name="x", now=now) for n in range(3)]
    for helper in helpers:
        grants.give(conn, helper.id, "helper", now=now)
    for number in range(100):
        who = people.create(conn, code=f"DV{number}", name="x", exempt=draw.random() < 0.1, now=now)
        for _ in range(draw.randrange(6)):
            what = draw.choice((*MILESTONES, HAS_ERRORS, *REASONS, *DENIALS))
            by = draw.choice((*helpers, None))
            told: dict[str, Any] = {"source": "helper" if by else "self", "by": by.id if by else None}
            at = now - timedelta(hours=draw.randrange(4))
            event = progress.record(conn, who.id, what, **told, happened_at=at, now=now)
            if draw.random() < 0.2:
                progress.undo(conn, event.id, by=None, now=now)


async def test_sql_counts_what_core_reads(db: Database, now: datetime) -> None:
    await db.run(anything, Random(339), now)
    counts = await db.run(progress.counts, unit_id=None, cell_id=None)
    everybody = await db.run(progress.members)
    steps = [state_of(events).step for person, events in everybody if not person.exempt]
    assert (counts.total, counts.due) == (len(everybody), len(steps))
    far = [sum(step >= milestone for step in steps) for milestone in (1, 2, 3)]
    assert [counts.installed, counts.logged_in, counts.info_checked] == far
    assert 0 < far[2] < far[1] < far[0] < len(steps)


async def test_members_with_everything_told_of_them(db: Database, now: datetime) -> None:
    await db.run(roll_out, now)
    found = await db.run(progress.members, unit_ids=[2])
    assert [person.code for person, _ in found] == ["DV0", "DV1", "DV2", "DV3", "DV8"]
    assert [len(events) for _, events in found] == [1, 1, 2, 1, 1]
    assert len(await db.run(progress.members, cell_ids=[1])) == 4
    assert len(await db.run(progress.members)) == 6
    assert await db.run(progress.member, 1) is None  # the helper
    assert (await db.run(progress.member, 2)).code == "DV0"  # type: ignore[union-attr]


async def test_what_one_person_told_lately(db: Database, now: datetime) -> None:
    who = await db.run(people.create, code="DV1", name="Lý", now=now)
    told: dict[str, Any] = {"source": "helper", "by": who.id, "happened_at": now}
    for days in (2, 0, 0):
        await db.run(progress.record, who.id, "VANG", **told, now=now - timedelta(days=days))
    await db.run(progress.undo, 3, by=who.id, now=now, why="conflict")
    assert [event.id for event in await db.run(progress.told_by, who.id, now)] == [2]
    assert (await db.run(progress.get, 3)).undone_why == "conflict"  # type: ignore[union-attr]
    assert await db.run(progress.restore, 3)
    assert not await db.run(progress.restore, 3)
    assert [event.id for event in await db.run(progress.told_by, who.id, now)] == [3, 2]


async def test_an_exemption_is_told_and_taken_back(db: Database, now: datetime) -> None:
    who = await db.run(people.create, code="DV1", name="Lý", now=now)
    await db.run(exemptions.grant, who.id, by=who.id, now=now)
    assert (await db.run(people.get, who.id)).exempt  # type: ignore[union-attr]
    await db.run(exemptions.lift, who.id, by=who.id, now=now)
    assert not (await db.run(people.get, who.id)).exempt  # type: ignore[union-attr]
    [event] = await db.run(progress.of_person, who.id)
    assert (event.what, event.undone_why) == (EXEMPT, "exemption")
