"""Units, chi bộ, people, and who holds which role where."""

from __future__ import annotations

from datetime import datetime

import pytest

from storage import cells, grants, people, units
from storage.db import Conn, Database
from storage.people import Person


class Commune:
    """Two thôn with one chi bộ each: a member, a helper and a secretary in the first, one of the office above."""

    def __init__(self, conn: Conn, now: datetime) -> None:
        self.xa = units.create(conn, code="XA", name="Xã Bắc Sơn", kind="xa", parent_id=None)
        self.pan = units.create(conn, code="NAPAN", name="Nà Pán", kind="thon", parent_id=self.xa.id)
        self.hung = units.create(conn, code="BACHUNG", name="Bắc Hưng", kind="thon", parent_id=self.xa.id)
        self.cell = cells.create(conn, code="CB01", name="Chi bộ Nà Pán")
        self.member = people.create(
            conn, code="DV1", name="Lý", unit_id=self.pan.id, cell_id=self.cell.id, phone="0912345678", now=now
        )
        self.helper = people.create(conn, code="TN1", name="Nông", unit_id=self.pan.id, now=now)
        self.secretary = people.create(conn, code="BT1", name="Hoàng", now=now)
        self.official = people.create(conn, code="VH1", name="Dương", now=now)
        grants.give(conn, self.helper.id, "helper", scope_unit_id=self.pan.id, now=now)
        grants.give(conn, self.secretary.id, "secretary", scope_cell_id=self.cell.id, now=now)
        grants.give(conn, self.official.id, "office", now=now)
        grants.give(conn, self.official.id, "helper", now=now)


@pytest.fixture
async def commune(db: Database, now: datetime) -> Commune:
    return await db.run(Commune, now)


async def test_what_was_made_is_found(db: Database, commune: Commune) -> None:
    assert await db.run(units.get, commune.pan.id) == await db.run(units.by_code, "NAPAN") == commune.pan
    assert await db.run(cells.get, commune.cell.id) == commune.cell
    assert await db.run(people.get, commune.member.id) == commune.member
    assert await db.run(units.all_) == [commune.xa, commune.pan, commune.hung]


async def test_what_is_not_there_is_none(db: Database) -> None:
    found = [await db.run(get, 99) for get in (units.get, cells.get, people.get)]
    assert [*found, await db.run(units.by_code, "X")] == [None] * 4


async def test_a_new_code_is_free(db: Database, commune: Commune, now: datetime) -> None:
    first = await db.run(people.next_code)
    await db.run(people.create, code=first, name="Mới", now=now)
    assert await db.run(people.next_code) != first


async def test_members_are_those_without_work_or_in_a_cell(db: Database, commune: Commune, now: datetime) -> None:
    both = await db.run(people.create, code="DV2", name="Vi", unit_id=commune.pan.id, cell_id=commune.cell.id, now=now)
    await db.run(grants.give, both.id, "helper", scope_unit_id=commune.pan.id, now=now)
    newcomer = await db.run(people.create, code="DV3", name="Ma", unit_id=commune.pan.id, now=now)
    found = await db.run(people.members_of, commune.pan.id)
    assert found == [commune.member, both, newcomer]


async def test_roles_with_the_narrowest_scope_first(db: Database, commune: Commune, now: datetime) -> None:
    await db.run(grants.give, commune.official.id, "coordinator", scope_unit_id=commune.hung.id, now=now)
    found = await db.run(grants.roles, commune.official.id)
    assert [(grant.role, grant.scope_unit_id) for grant in found] == [
        ("coordinator", commune.hung.id),
        ("office", None),
        ("helper", None),
    ]
    assert await db.run(grants.roles, commune.member.id) == []


async def test_holders_for_a_unit_include_those_of_the_commune(db: Database, commune: Commune) -> None:
    async def holders(role: str, unit_id: int | None) -> list[Person]:
        return await db.run(grants.holders, role, unit_id)

    assert await holders("helper", commune.pan.id) == [commune.helper, commune.official]
    assert await holders("helper", commune.hung.id) == [commune.official]
    assert await holders("helper", None) == [commune.official]
    assert await holders("leader", commune.pan.id) == []


async def test_a_secretary_holds_for_the_unit_of_the_cells_people(db: Database, commune: Commune) -> None:
    assert await db.run(grants.holders, "secretary", commune.pan.id) == [commune.secretary]
    assert await db.run(grants.holders, "secretary", commune.hung.id) == []
    assert await db.run(grants.holders, "secretary", None) == []
