"""The roster in the database: codes that last, units and chi bộ that merge, people who leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from storage import aliases, cells, chats, codes, grants, helps, invites, people, progress, roster, units
from storage.db import Conn, Database


class Commune:
    """Two thôn to merge: people, roles, an invitation, a chat and a call in the first."""

    def __init__(self, conn: Conn, now: datetime) -> None:
        self.xa = units.create(conn, code="XA", name="Xã Bắc Sơn", kind="xa", parent_id=None)
        self.pan = units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=self.xa.id)
        self.ho = units.create(conn, code="NAHO", name="Thôn Nà Hó", kind="thon", parent_id=self.xa.id)
        self.cell = cells.create(conn, code="CB01", name="Chi bộ Nà Pán")
        self.other = cells.create(conn, code="CB02", name="Chi bộ Nà Hó")
        self.member = people.create(conn, code="DV1", name="Lý", unit_id=self.pan.id, cell_id=self.cell.id, now=now)
        self.helper = people.create(conn, code="TN1", name="Nông", unit_id=self.pan.id, now=now)
        grants.give(conn, self.helper.id, "helper", scope_unit_id=self.pan.id, now=now)
        grants.give(conn, self.helper.id, "helper", scope_unit_id=self.ho.id, now=now)
        grants.give(conn, self.member.id, "secretary", scope_cell_id=self.cell.id, now=now)
        invites.create(conn, code="NAPAN", unit_id=self.pan.id, now=now)
        self.chat = chats.arrive(conn, "web", "web", "1", now)
        chats.set_unit(conn, self.chat.id, self.pan.id)
        told: dict[str, Any] = {
            "way": "home",
            "lesson": "",
            "step": "",
            "tried": 0,
            "name_given": "",
            "phone_given": "",
        }
        helps.open_(conn, chat_id=self.chat.id, person_id=None, unit_id=self.pan.id, **told, now=now)
        progress.record(conn, self.member.id, "installed", source="self", by=None, happened_at=now, now=now)


@pytest.fixture
async def commune(db: Database, now: datetime) -> Commune:
    return await db.run(Commune, now)


async def test_codes_count_on_and_are_never_given_twice(db: Database, commune: Commune, now: datetime) -> None:
    assert await db.run(codes.give, {commune.pan.id: 2, commune.ho.id: 1}) == {
        commune.pan.id: ["NP01", "NP02"],
        commune.ho.id: ["NH01"],
    }
    assert await db.run(codes.give, {commune.pan.id: 1}) == {commune.pan.id: ["NP03"]}
    await db.run(people.create, code="NP120", name="Vi", unit_id=commune.pan.id, now=now)
    assert await db.run(codes.give, {commune.pan.id: 1}) == {commune.pan.id: ["NP121"]}


async def test_letters_that_others_have_are_not_used(db: Database, commune: Commune, now: datetime) -> None:
    await db.run(people.create, code="NP07", name="Vi", unit_id=commune.ho.id, now=now)
    given = await db.run(codes.give, {commune.pan.id: 1})
    assert given == {commune.pan.id: ["NPA01"]}
    assert await db.run(codes.give, {commune.ho.id: 1}) == {commune.ho.id: ["NH01"]}


async def test_letters_its_people_have_already_are_kept(db: Database, commune: Commune, now: datetime) -> None:
    await db.run(people.create, code="NPQ07", name="Vi", unit_id=commune.pan.id, now=now)
    assert await db.run(codes.give, {commune.pan.id: 1}) == {commune.pan.id: ["NPQ08"]}


async def test_a_renamed_unit_is_found_by_both_names(db: Database, commune: Commune, now: datetime) -> None:
    renamed = await db.run(units.rename, commune.pan, "Thôn Pán Hó", "thon", now)
    assert (renamed.name, renamed.code) == ("Thôn Pán Hó", "NAPAN")
    await db.run(units.rename, renamed, "Thôn Pán Hó", "khoi_pho", now)
    (found,) = [place for place in await db.run(roster.known_units) if place.id == commune.pan.id]
    assert (found.name, found.kind, found.others) == ("Thôn Pán Hó", "khoi_pho", ("Thôn Nà Pán",))
    cell = await db.run(cells.rename, commune.cell, "Chi bộ Pán Hó", now)
    assert (cell.name, await db.run(aliases.of_cells)) == ("Chi bộ Pán Hó", {cell.id: ("Chi bộ Nà Pán",)})


async def test_what_belonged_to_a_merged_unit_goes_on(db: Database, commune: Commune, now: datetime) -> None:
    pan, ho = commune.pan, commune.ho
    await db.run(units.merge, pan, ho, now)
    assert [unit.id for unit in await db.run(units.all_)] == [commune.xa.id, ho.id]
    found = await db.run(units.by_code, "NAPAN")
    assert found == await db.run(units.get, ho.id)
    assert [person.id for person in await db.run(people.members_of, ho.id)] == [commune.member.id]
    assert (await db.run(progress.counts, unit_id=ho.id, cell_id=None)).installed == 1
    assert [grant.scope_unit_id for grant in await db.run(grants.roles, commune.helper.id)] == [ho.id]
    redeemed = await db.run(invites.redeem, "NAPAN", now)
    assert redeemed is not None
    assert redeemed.unit_id == ho.id
    assert (await db.run(chats.get, commune.chat.id)).unit_id == ho.id
    assert len(await db.run(helps.waiting, [ho.id])) == 1
    assert (await db.run(aliases.of_units)) == {ho.id: ("Thôn Nà Pán",)}
    assert await db.run(units.codes) == {"XA", "NAPAN", "NAHO"}


async def test_merges_follow_each_other(db: Database, commune: Commune, now: datetime) -> None:
    new = await db.run(units.create, code="MOI1", name="Thôn Mới", kind="thon", parent_id=commune.pan.id)
    await db.run(units.merge, commune.pan, commune.ho, now)
    await db.run(units.merge, commune.ho, new, now)
    found = await db.run(units.by_code, "NAPAN")
    assert found is not None
    assert (found.id, found.parent_id) == (new.id, commune.xa.id)


async def test_merged_chi_bo(db: Database, commune: Commune, now: datetime) -> None:
    await db.run(cells.merge, commune.cell, commune.other, now)
    assert [cell.id for cell in await db.run(cells.all_)] == [commune.other.id]
    assert await db.run(cells.by_code, "CB01") == commune.other
    assert (await db.run(progress.counts, unit_id=None, cell_id=commune.other.id)).total == 1
    assert [grant.scope_cell_id for grant in await db.run(grants.roles, commune.member.id)] == [commune.other.id]
    assert await db.run(cells.codes) == {"CB01", "CB02"}


async def test_who_left_is_kept_and_counted_no_more(db: Database, commune: Commune, now: datetime) -> None:
    await db.run(roster.leave, [commune.member.id], now)
    gone = await db.run(people.get, commune.member.id)
    assert gone is not None
    assert gone.left_at == now
    assert await db.run(people.members_of, commune.pan.id) == []
    assert await db.run(roster.members) == []
    assert await db.run(grants.roles, commune.member.id) == []
    assert await db.run(progress.of_person, commune.member.id)
    assert [known.left for known in await db.run(roster.everybody) if known.id == commune.member.id] == [True]


async def test_somebody_who_left_helps_nobody(db: Database, commune: Commune, now: datetime) -> None:
    await db.run(roster.leave, [commune.helper.id], now)
    assert await db.run(grants.holders, "helper", commune.pan.id) == []
