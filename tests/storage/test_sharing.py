"""Several people on one chat, one person on several, and claims of a name, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import chats, claims, people, places, sharing, units
from storage.chats import Chat
from storage.db import Conn, Database
from storage.people import Person


def two(conn: Conn, now: datetime) -> tuple[Chat, Person, Person]:
    """A chat of Hiền, and An who is new to it."""
    chat = chats.arrive(conn, "web", "web", "k", now)
    hien, an = (people.create(conn, code=code, name=code, now=now) for code in ("HIEN", "AN"))
    chats.set_person(conn, chat.id, hien.id)
    chats.set_form(conn, chat.id, "ba")
    return chats.set_consent(conn, chat.id, "yes", "1", now), hien, an


async def test_each_has_agreed_for_themselves(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> None:
        chat, hien, an = two(conn, now)
        assert sharing.people_of(conn, chat.id) == []
        later = now + timedelta(minutes=1)
        now_an = sharing.become(conn, chat, an, later)
        assert (now_an.person_id, now_an.consent, now_an.form) == (an.id, None, "bac")
        assert sharing.people_of(conn, chat.id) == [hien, an]
        back = sharing.become(conn, now_an, hien, later)
        assert (back.person_id, back.consent, back.form, back.consent_at) == (hien.id, "yes", "ba", now)

    await db.run(work)


async def test_both_can_be_written_to_there(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> None:
        chat, hien, an = two(conn, now)
        sharing.become(conn, chat, an, now)
        assert [found.id for found in chats.of_person(conn, hien.id)] == [chat.id]
        assert [found.id for found in chats.of_person(conn, an.id)] == [chat.id]

    await db.run(work)


async def test_a_place_is_the_last_one_told(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> None:
        _, hien, _ = two(conn, now)
        assert places.since(conn, hien.id, None) is None
        places.keep(conn, hien.id, {"last": "android"}, now)
        places.keep(conn, hien.id, {"last": "iphone"}, now + timedelta(minutes=1))
        assert places.since(conn, hien.id, now) == {"last": "iphone"}
        assert places.since(conn, hien.id, now + timedelta(minutes=1)) is None

    await db.run(work)


async def test_a_claim_is_decided_once(db: Database, now: datetime) -> None:
    def work(conn: Conn) -> None:
        chat, hien, an = two(conn, now)
        home = units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None).id
        first = claims.make(conn, chat.id, home, "Hiên", now)
        again = claims.make(conn, chat.id, home, "Hiền", now)
        assert (again.id, again.name_given) == (first.id, "Hiền")
        decided = claims.decide(conn, first.id, hien.id, an.id, now)
        assert decided is not None
        assert (decided.state, decided.person_id, decided.decided_by) == ("yes", hien.id, an.id)
        assert claims.decide(conn, first.id, None, an.id, now) is None
        claims.reopen(conn, first.id)
        found = claims.get(conn, first.id)
        assert found is not None
        assert (found.state, found.person_id) == ("open", None)

    await db.run(work)
