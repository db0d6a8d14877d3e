"""Invitations: codes that can be read out, used as often as they say."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta

from storage import invites, units
from storage.db import Database


async def test_a_code_for_a_unit_lasts(db: Database, now: datetime) -> None:
    unit = await db.run(units.create, code="NAPAN", name="Nà Pán", kind="thon", parent_id=None)
    made = await db.run(invites.create, code="NAPAN", unit_id=unit.id, now=now)
    assert [await db.run(invites.redeem, "NAPAN", now) for _ in range(3)] == [made] * 3
    assert (made.kind, made.unit_id) == ("unit", unit.id)


async def test_a_made_up_code_can_be_read_out_and_not_guessed(db: Database, now: datetime) -> None:
    codes = [(await db.run(invites.create, uses=1, now=now)).code for _ in range(50)]
    assert len(set(codes)) == 50
    assert all(re.fullmatch("[2-9A-HJKMNP-Z]{8}", code) for code in codes)


async def test_one_use_is_one_use_however_many_try(db: Database, now: datetime) -> None:
    code = (await db.run(invites.create, uses=2, now=now)).code
    found = await asyncio.gather(*(db.run(invites.redeem, code, now) for _ in range(20)))
    assert sum(each is not None for each in found) == 2
    assert not await db.run(invites.look, code, now)


async def test_looking_uses_nothing_up(db: Database, now: datetime) -> None:
    code = (await db.run(invites.create, uses=1, now=now)).code
    assert [await db.run(invites.look, code, now) for _ in range(3)] == [True] * 3


async def test_too_late_or_unknown(db: Database, now: datetime) -> None:
    code = (await db.run(invites.create, expires_at=now + timedelta(days=1), now=now)).code
    assert await db.run(invites.redeem, code, now)
    for word, at in ((code, now + timedelta(days=1)), ("NOTHING", now)):
        assert not await db.run(invites.look, word, at)
        assert await db.run(invites.redeem, word, at) is None
