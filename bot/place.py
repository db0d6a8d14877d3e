"""A person's place in the lessons goes with them from phone to phone, and not to whoever shares one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from storage import chats, places
from storage.chats import Chat
from storage.db import Conn

_LESSONS = ("bookmarks", "finished", "last")

# Somebody in the middle of a conversation here is not reading along elsewhere.
_AWAY = timedelta(minutes=2)


def lessons_of(notes: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a chat's notes that belongs to the person."""
    return {name: notes[name] for name in _LESSONS if name in notes}


def catch_up(conn: Conn, chat: Chat, now: datetime) -> Chat:
    """Where the person went on with a lesson elsewhere meanwhile, this chat knows it from now on."""
    if chat.person_id is None or (chat.away_since and now - chat.away_since < _AWAY):
        return chat
    found = places.since(conn, chat.person_id, chat.away_since)
    if found is None or found == lessons_of(chat.notes):
        return chat
    return chats.set_notes(conn, chat.id, moved(chat.notes, found))


def moved(notes: Mapping[str, Any], lessons: Mapping[str, Any]) -> dict[str, Any]:
    """These notes with the place of that person."""
    return {**{name: value for name, value in notes.items() if name not in _LESSONS}, **lessons}


def keep(conn: Conn, chat: Chat, notes: Mapping[str, Any] | None, now: datetime) -> None:
    """After a turn: write down where the person is now, if they agreed to that and it changed."""
    if chat.person_id is None or chat.consent != "yes" or notes is None:
        return
    if notes.get("who", chat.person_id) != chat.person_id:  # somebody else sat down in this turn
        return
    lessons = lessons_of(notes)
    if lessons != lessons_of(chat.notes):
        places.keep(conn, chat.person_id, lessons, now)
