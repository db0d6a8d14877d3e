"""What each account carried in a month: added up, however it is written down."""

from __future__ import annotations

from storage import quota
from storage.db import Database

MOT, HAI = ("kenh", "mot"), ("kenh", "hai")


async def test_counts_add_up_by_account_and_month(db: Database) -> None:
    await db.run(quota.add, "2026-11", {MOT: (3, 1), HAI: (0, 2)})
    await db.run(quota.add, "2026-11", {MOT: (4, 0)})
    await db.run(quota.add, "2026-12", {MOT: (1, 1)})
    assert await db.run(quota.used, "2026-11") == {MOT: 7, HAI: 0}
    assert await db.run(quota.received, "2026-11") == {MOT: 1, HAI: 2}
    assert await db.run(quota.used, "2026-12") == {MOT: 1}
    assert await db.run(quota.used, "2027-01") == {}
