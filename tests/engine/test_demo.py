"""The demo commune: as large as promised, all of it invented, furnished at once and only once."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

from sqlalchemy import func, select

from bot.authoring.player import BEGIN
from bot.demo import furnish
from bot.demo.door import ROLES, DemoDoor, invite_for
from storage import chats, grants, invites, progress, units
from storage.db import Conn, Database
from storage.schema import cell, person
from storage.schema import grant as grant_table
from storage.schema import progress as progress_table
from tests.engine.kit import Clock


def size(conn: Conn) -> dict[str, int]:
    tables = (person, cell, grant_table, progress_table)
    return {table.name: conn.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


async def test_it_is_furnished_quickly_once_and_with_invented_people(db: Database) -> None:
    began = perf_counter()
    await db.run(furnish, BEGIN)
    took = perf_counter() - began
    print(f"furnished in {took:.2f} s")  # noqa: T201  # what the operating guide promises
    assert took < 1.5
    before = await db.run(size)
    await db.run(furnish, BEGIN)
    assert await db.run(size) == before
    assert before["cell"] == 40
    kinds = Counter(unit.kind for unit in await db.run(units.all_))
    assert kinds.pop("xa") == 1
    assert kinds.total() == 30
    roles = await db.run(lambda conn: Counter(conn.execute(select(grant_table.c.role)).scalars()))
    assert (roles["helper"], roles["coordinator"], roles["secretary"]) == (150, 30, 40)
    real = await db.run(lambda conn: conn.execute(select(person.c.id).where(~person.c.invented)).all())
    assert real == []


async def test_its_numbers_are_plausible_and_none_lies_in_the_future(db: Database) -> None:
    await db.run(furnish, BEGIN)
    counts = await db.run(lambda conn: progress.counts(conn, unit_id=None, cell_id=None))
    assert counts.total == 1600
    assert 0.5 < counts.installed / counts.due < 0.8
    assert counts.installed > counts.logged_in > counts.info_checked > 0
    newest = await db.run(lambda conn: conn.execute(select(func.max(progress_table.c.happened_at))).scalar_one())
    assert newest <= BEGIN
    codes = [unit.code for unit in await db.run(units.all_)]
    assert len(set(codes)) == len(codes)
    assert all(code.isascii() and code.isalnum() for code in codes)


async def test_every_door_opens(db: Database, clock: Clock) -> None:
    await db.run(furnish, BEGIN)
    assert await DemoDoor(db, clock).code_for("newcomer") == ""
    for role in [code for code, _, _ in ROLES if code != "newcomer"]:
        invite = await db.run(invites.redeem, await DemoDoor(db, clock).code_for(role), clock())
        assert invite is not None
        held = await db.run(grants.roles, invite.person_id or 0)
        assert role == "member" or role in {grant.role for grant in held}


async def test_two_tabs_of_a_role_are_two_people(db: Database, clock: Clock) -> None:
    await db.run(furnish, BEGIN)
    met = []
    for tab in ("1", "2"):
        code = await db.run(invite_for, "helper", clock())
        invite = await db.run(invites.redeem, code, clock())
        assert invite is not None
        chat = await db.run(chats.arrive, "web", "web", tab, clock())
        await db.run(chats.set_person, chat.id, invite.person_id)
        met.append(invite.person_id)
    assert len(set(met)) == 2
