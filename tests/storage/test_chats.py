"""A chat: made once, locked while it is answered, left where the person is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.messages import Choice
from storage import chats, people, schema
from storage.chats import Chat
from storage.db import Database

Arrive = Callable[[str], Awaitable[Chat]]


def test_the_dataclass_is_the_row() -> None:
    """Rows are read by place."""
    renamed = {"prev_in_at": "away_since"}
    assert [renamed.get(name, name) for name in dict(schema.chat.c)] == [field.name for field in fields(Chat)]


async def test_a_chat_is_made_once(db: Database, arrive: Arrive) -> None:
    found = await asyncio.gather(*(arrive("1") for _ in range(20)), arrive("2"))
    assert len({chat.id for chat in found}) == 2
    assert (found[0].form, found[0].consent, found[0].at, found[0].reachable) == ("bac", None, "", True)


async def test_who_comes_back_was_away_since_the_last_message(db: Database, now: datetime) -> None:
    moments = [now, now + timedelta(days=3), now + timedelta(days=4)]
    seen = [(await db.run(chats.arrive, "web", "web", "1", at)).away_since for at in moments]
    assert seen == [None, *moments[:2]]


async def test_the_place_is_kept(db: Database, arrive: Arrive, now: datetime) -> None:
    left: dict[str, Any] = {
        "at": "guide:step:android:AND-3",
        "trail": ("menu:main",),
        "notes": {"last": "android"},
        "misses": 1,
    }
    offered = (Choice("nav:back", "Quay lại"), Choice("help:ask", "Nhờ người giúp"))
    chat = await arrive("1")
    await db.run(chats.leave, chat, **left, offered=offered, last_tap="nav:back", last_tap_at=now)
    found = await arrive("1")
    assert {name: getattr(found, name) for name in left} == left
    assert (found.offered, found.last_tap, found.last_tap_at) == (offered, "nav:back", now)


async def test_a_notice_changes_only_what_is_offered(db: Database, arrive: Arrive) -> None:
    chat = await arrive("1")
    await db.run(chats.offer, chat, [Choice("help:take:1", "Nhận ngay")])
    found = await db.run(chats.get, chat.id)
    assert (found.offered, found.last_in_at) == ((Choice("help:take:1", "Nhận ngay"),), chat.last_in_at)


async def test_setters_return_the_new_chat(db: Database, arrive: Arrive, now: datetime) -> None:
    chat = await arrive("1")
    person = await db.run(people.create, code="DV1", name="Lý", now=now)
    await db.run(chats.set_form, chat.id, "co")
    await db.run(chats.set_device, chat.id, "android")
    await db.run(chats.set_person, chat.id, person.id)
    found = await db.run(chats.set_consent, chat.id, "yes", "2026-11", now)
    assert (found.form, found.device, found.person_id) == ("co", "android", person.id)
    assert (found.consent, found.consent_version, found.consent_at) == ("yes", "2026-11", now)
    assert found == await db.run(chats.find, "telegram", "bacson", "1")


async def test_a_chat_that_is_not_there(db: Database) -> None:
    assert await db.run(chats.find, "web", "web", "nobody") is None
    with pytest.raises(LookupError):
        await db.run(chats.get, 99)
    with pytest.raises(LookupError):
        await db.run(chats.set_form, 99, "co")


async def test_a_lost_chat_is_reachable_again_once_it_writes(db: Database, arrive: Arrive, now: datetime) -> None:
    chat = await arrive("1")
    lost = await db.run(chats.lost, chat.id, now)
    assert (lost.reachable, lost.lost_at) == (False, now)
    again = await arrive("1")
    assert (again.reachable, again.lost_at) == (True, None)


async def test_a_persons_chats_best_first(db: Database, now: datetime) -> None:
    person = await db.run(people.create, code="DV1", name="Lý", now=now)
    for hours, key in enumerate(["old", "lost", "new"]):
        chat = await db.run(chats.arrive, "web", "web", key, now + timedelta(hours=hours))
        await db.run(chats.set_person, chat.id, person.id)
        if key == "lost":
            await db.run(chats.lost, chat.id, now)
    assert [chat.key for chat in await db.run(chats.of_person, person.id)] == ["new", "old", "lost"]
