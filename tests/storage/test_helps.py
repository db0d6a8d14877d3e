"""Calls for help: one owner at a time, and what is over stays over."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from storage import chats, helps, people, units
from storage.db import Conn, Database
from storage.helps import HelpRequest


def call(conn: Conn, /, now: datetime, **more: Any) -> HelpRequest:
    chat = chats.arrive(conn, "web", "web", "1", now)
    told = {"way": "home", "lesson": "android", "step": "AND-3", "tried": 2, "name_given": "Lý", "phone_given": ""}
    return helps.open_(conn, **{"chat_id": chat.id, "person_id": None, "unit_id": None, **told, **more}, now=now)


async def test_a_call_carries_where_the_person_is_stuck(db: Database, now: datetime) -> None:
    made = await db.run(call, now)
    assert (made.state, made.lesson, made.step, made.tried, made.code) == ("open", "android", "AND-3", 2, "GT-0001")
    assert await db.run(helps.get, made.id) == made == await db.run(helps.open_of_chat, made.chat_id or 0)
    assert await db.run(helps.get, 99) is None


async def test_the_quickest_takes_it(db: Database, now: datetime) -> None:
    made = await db.run(call, now)
    helpers = [await db.run(people.create, code=f"TN{n}", name="x", now=now) for n in range(8)]
    found = await asyncio.gather(*(db.run(helps.take, made.id, who.id, "hoa mận", now) for who in helpers))
    [taken] = [each for each in found if each]
    assert await db.run(helps.of_owner, taken.owner_person_id or 0) == [taken]
    assert await db.run(helps.waiting, None) == []


async def test_promised_given_back_and_taken_again(db: Database, now: datetime) -> None:
    made = await db.run(call, now)
    who = await db.run(people.create, code="TN1", name="x", now=now)
    await db.run(helps.take, made.id, who.id, "hoa mận", now)
    assert (await db.run(helps.promise, made.id, "evening", now, now)).promised == "evening"
    back = await db.run(helps.give_back, made.id, now)
    assert back == made
    assert await db.run(helps.take, made.id, who.id, "hoa mận", now)


async def test_what_is_over_stays_over(db: Database, now: datetime) -> None:
    who = await db.run(people.create, code="TN1", name="x", now=now)
    for end in (helps.done, helps.cancel):
        made = await db.run(call, now)
        over = await db.run(end, made.id, now)
        assert (over.closed_at, await db.run(helps.open_of_chat, made.chat_id or 0)) == (now, None)
        assert await db.run(helps.take, made.id, who.id, "hoa mận", now) is None
        with pytest.raises(LookupError):
            await db.run(helps.give_back, made.id, now)


async def test_waiting_in_some_units(db: Database, now: datetime) -> None:
    pan = await db.run(units.create, code="A", name="A", kind="thon", parent_id=None)
    here, nowhere = await db.run(call, now, unit_id=pan.id), await db.run(call, now)
    assert await db.run(helps.waiting, [pan.id, 99]) == [here]
    assert await db.run(helps.waiting, []) == []
    assert await db.run(helps.waiting, None) == [here, nowhere]
