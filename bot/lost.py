"""When a member blocked the bot or left: the chat is unreachable from now on, and a person nearby hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.core.messages import Rank, Reply
from bot.dispatch import LADDER
from bot.outgoing import Desk, notify
from bot.reach import best
from storage import chats, grants, people, units
from storage.chats import Chat
from storage.db import Conn
from storage.people import Person

_GOOD_FOR = timedelta(days=3)


def lose(conn: Conn, chat_id: int, now: datetime, desk: Desk) -> None:
    """Mark the chat unreachable and tell the person's helper, at most once a day."""
    chat = chats.get(conn, chat_id)
    if not chat.reachable:
        return
    chats.lost(conn, chat.id, now)
    person = people.get(conn, chat.person_id) if chat.person_id else None
    nearby = next(_nearby(conn, person, now, desk), None) if person and chat.consent == "yes" else None
    if person and nearby:
        _tell(conn, nearby, person, now, desk)


def _nearby(conn: Conn, person: Person, now: datetime, desk: Desk) -> Iterator[Chat]:
    """Where the unit's helpers, else the levels above, can be written to; nobody if the person still can."""
    if any(chat.reachable for chat in chats.of_person(conn, person.id)):
        return
    for role in LADDER:
        for holder in grants.holders(conn, role, person.unit_id):
            if chat := best(conn, holder.id, Rank.NOTICE, now, desk):
                yield chat


def _tell(conn: Conn, to: Chat, person: Person, now: datetime, desk: Desk) -> None:
    unit = units.get(conn, person.unit_id) if person.unit_id else None
    said = desk.house.words.say("calls.member_lost", to.form, name=person.name, unit=unit.name if unit else "")
    notice = Reply(said.text, to=to.id, rank=Rank.NOTICE, good_for=_GOOD_FOR)
    notify(conn, notice, to, f"lost:{person.id}:{desk.day(now)}", desk, now)
