"""Meetings: kept over days, one open at a time for a room and a lesson."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage import cells, meetings, people
from storage.db import Database


async def test_a_meeting_over_days(db: Database, now: datetime) -> None:
    cell = await db.run(cells.create, code="CB1", name="Chi bộ")
    leader = await db.run(people.create, code="BT1", name="Bế", now=now)
    place: dict[str, Any] = {"unit_id": None, "cell_id": cell.id, "lesson": "android"}
    made = await db.run(meetings.open_, **place, step="AND-1", led_by=leader.id, now=now)
    assert await db.run(meetings.open_of, **place) == made
    assert await db.run(meetings.open_of, unit_id=None, cell_id=cell.id, lesson="iphone") is None
    await db.run(meetings.move, made.id, step="AND-2", behind={"7": "AND-1"}, now=now)
    found = await db.run(meetings.get, made.id)
    assert found is not None
    assert (found.step, found.behind, found.state) == ("AND-2", {"7": "AND-1"}, "open")
    await db.run(meetings.close, made.id, now)
    assert await db.run(meetings.open_of, **place) is None
