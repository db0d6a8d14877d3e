"""Alarms to people: what the commune has to do something about, told to its IT person, else to the office."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.messages import Rank, Reply
from bot.desk import Desk
from bot.outgoing import notify
from bot.reach import best
from storage import grants, mishaps
from storage.chats import Chat
from storage.db import Conn

_TOLD_FIRST = ("admin", "office")
_GOOD_FOR = timedelta(days=7)


def alert(
    conn: Conn, code: str, block: str, now: datetime, desk: Desk, /, *, period: str = "", **values: object
) -> int:
    """Tell it, once for each `code` and day (or `period`), and write it down for `camtay doctor`.

    Returns how many people hear of it. It goes out like an answer: an alarm about a limit must not wait for that limit.
    """
    said = desk.house.words.say(block, "dongchi", **values).text
    ref = f"{code}:{period or desk.day(now)}"
    if not mishaps.note(conn, ref=ref, channel="", where="alert", error=said, traceback="", now=now):
        return 0
    people = _people(conn, now, desk)
    for chat in people:
        words = desk.house.words.say(block, chat.form, **values)
        notice = Reply(words.text, words.choices, to=chat.id, rank=Rank.ANSWER, good_for=_GOOD_FOR)
        notify(conn, notice, chat, f"alert:{ref}:{chat.id}", desk, now)
    return len(people)


def _people(conn: Conn, now: datetime, desk: Desk) -> list[Chat]:
    """Everybody of the first of the two roles that somebody can be reached in."""
    for role in _TOLD_FIRST:
        holders = grants.holders(conn, role, None)
        if found := [chat for person in holders if (chat := best(conn, person.id, Rank.ANSWER, now, desk))]:
            return found
    return []
