"""One phone, several people: who uses a chat, and how each of them wants to be spoken to there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from storage import chats
from storage.chats import Chat
from storage.db import Conn
from storage.people import Person
from storage.schema import chat as chat_table
from storage.schema import chat_person, person
from storage.statement import insert

FIRST_FORM = "bac"
_AGREED = (chat_person.c.form, chat_person.c.consent, chat_person.c.consent_version, chat_person.c.consent_at)


def people_of(conn: Conn, chat_id: int) -> list[Person]:
    """Everybody who uses this chat, in the order they came; empty where nobody shares it."""
    here = select(person).join(chat_person, chat_person.c.person_id == person.c.id)
    rows = conn.execute(here.where(chat_person.c.chat_id == chat_id).order_by(chat_person.c.added_at, person.c.id))
    return [Person(*row) for row in rows]


def become(conn: Conn, chat: Chat, person: Person, now: datetime) -> Chat:
    """From now on this person sits here. What the one before had agreed to is kept for when they come back."""
    _remember(conn, chat, now)
    known = select(*_AGREED).where(chat_person.c.chat_id == chat.id, chat_person.c.person_id == person.id)
    row = conn.execute(known).mappings().one_or_none()
    agreed = dict(row) if row else {"form": FIRST_FORM, "consent": None, "consent_version": None, "consent_at": None}
    changed = update(chat_table).where(chat_table.c.id == chat.id)
    conn.execute(changed.values(person_id=person.id, unit_id=person.unit_id, **agreed))
    became = chats.get(conn, chat.id)
    _remember(conn, became, now)
    return became


def _remember(conn: Conn, chat: Chat, now: datetime) -> None:
    if chat.person_id is None:
        return
    agreed = {column.name: getattr(chat, column.name) for column in _AGREED}
    made = insert(conn.dialect.name, chat_person).values(
        chat_id=chat.id, person_id=chat.person_id, added_at=now, **agreed
    )
    keys = [chat_person.c.chat_id, chat_person.c.person_id]
    conn.execute(made.on_conflict_do_update(index_elements=keys, set_=agreed))
