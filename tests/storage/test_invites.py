"""Invitations: codes that can be read out, used as often as they say."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta

from storage import invites, people, units
from storage.db import Database


async def test_a_code_for_a_unit_lasts(db: Database, now: datetime) -> None:
    unit = await db.run(units.create, code="NAPAN", name="Nà Pán", kind="thon", parent_id=None)
    made = await db.run(invites.create, code="NAPAN", unit_id=unit.id, now=now)
    assert [await db.run(invites.redeem, "NAPAN", now) for _ in range(3)] == [replace(made, used_at=now)] * 3
    assert (made.kind, made.unit_id) == ("unit", unit.id)


async def test_a_made_up_code_can_be_read_out_and_not_guessed(db: Database, now: datetime) -> None:
    codes = [(await db.run(invites.create, uses=1, now=now)).code for _ in range(50)]
    assert len(set(codes)) == 50
    assert all(re.fullmatch("[2-9A-HJKMNP-Z]{8}", code) for code in codes)


async def test_one_use_is_one_use_however_many_try(db: Database, now: datetime) -> None:
    code = (await db.run(invites.create, uses=2, now=now)).code
    found = await asyncio.gather(*(db.run(invites.redeem, code, now) for _ in range(20)))
    assert sum(each is not None for each in found) == 2
    assert await db.run(invites.verdict, code, now) == "used"


async def test_looking_uses_nothing_up(db: Database, now: datetime) -> None:
    code = (await db.run(invites.create, uses=1, now=now)).code
    assert [await db.run(invites.find, code, now) for _ in range(3)] == [code] * 3


async def test_too_late_or_unknown(db: Database, now: datetime) -> None:
    code = (await db.run(invites.create, expires_at=now + timedelta(days=1), now=now)).code
    assert await db.run(invites.redeem, code, now)
    for word, at, why in ((code, now + timedelta(days=1), "expired"), ("NOTHING", now, "unknown")):
        assert await db.run(invites.verdict, word, at) == why
        assert await db.run(invites.redeem, word, at) is None


async def test_a_new_code_of_a_person_takes_the_place_of_the_old_one(db: Database, now: datetime) -> None:
    person = (await db.run(people.create, code="DV1", name="Hoàng Thị Hiền", now=now)).id
    old = await db.run(invites.issue, person, now)
    new = await db.run(invites.issue, person, now + timedelta(minutes=1))
    later = now + timedelta(minutes=2)
    assert await db.run(invites.redeem, old.code, later) is None
    assert await db.run(invites.verdict, old.code, later) == "replaced"
    found = await db.run(invites.of_person, person, later)
    assert found is not None
    assert found.code == new.code
    assert await db.run(invites.issue_missing, [person], later) == 0
    assert await db.run(invites.redeem, new.code, later)
    assert await db.run(invites.issue_missing, [person], later) == 1


async def test_a_code_is_found_however_it_is_typed(db: Database, now: datetime) -> None:
    await db.run(invites.create, code="LOCBINH", now=now)
    await db.run(invites.create, code="K7MH3WXA", uses=1, now=now)
    for typed in ("locbinh", " L O C B I N H ", "l0cb1nh", "Lộc Bình"):
        assert await db.run(invites.find, typed, now) == "LOCBINH"
    for typed in ("k7mh 3wxa", "K7MH-3WXA", "“k7mh.3wxa”"):
        assert await db.run(invites.find, typed, now) == "K7MH3WXA"
    for typed in ("K7MH3WXB", "", "?", "K7MH3WXAK7MH3WXA0"):
        assert await db.run(invites.find, typed, now) is None


async def test_where_two_codes_look_alike_nothing_is_guessed(db: Database, now: datetime) -> None:
    for code in ("AAAA2222", "AAAAZZZZ"):
        await db.run(invites.create, code=code, now=now)
    assert await db.run(invites.find, "AAAA22ZZ", now) is None
    assert await db.run(invites.find, "AAAAZZZZ", now) == "AAAAZZZZ"


async def test_a_unit_has_its_short_name_for_a_code_unless_that_is_taken(db: Database, now: datetime) -> None:
    unit = (await db.run(units.create, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None)).id
    assert (await db.run(invites.for_unit, unit, "NAPAN", now)).code == "NAPAN"
    assert (await db.run(invites.for_unit, unit, "NAPAN", now)).code == "NAPAN"
    other = (await db.run(units.create, code="NAHO", name="Thôn Nà Hó", kind="thon", parent_id=None)).id
    assert (await db.run(invites.for_unit, other, "NAPAN", now)).code != "NAPAN"
