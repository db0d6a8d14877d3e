"""Asks a person nearby to call those whom the bot could not write to: one message a day to each who is asked."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache

from bot.alert import alert
from bot.core.messages import Rank, Reply
from bot.desk import Desk
from bot.ledger import rooms
from bot.outgoing import notify
from bot.reach import best
from bot.recheck import detour
from bot.seats import accounts_of
from storage import due, grants, occurrences, units, untold
from storage.chats import Chat
from storage.db import Conn
from storage.untold import Untold

# Ten minutes gather what belongs together.
WHEN = {"hour": "7-19", "minute": "*/10"}

_ASKED = ("coordinator", "office")
_GOOD_FOR = timedelta(days=2)


def run(conn: Conn, now: datetime, desk: Desk) -> dict[str, int]:
    """Returns how many messages found their account full, and how many people somebody was asked to call."""
    if desk.house.library.commune.reminders.is_quiet(desk.local(now).time()):
        return {"detoured": 0, "told": 0}
    return {"detoured": _detour(conn, now, desk), "told": _tell(conn, now, desk)}


def _detour(conn: Conn, now: datetime, desk: Desk) -> int:
    """What waits for an account that carries only answers goes elsewhere, or is told of."""
    limited = [channel for channel, can in desk.channels.items() if can.monthly_quota is not None]
    accounts = [(channel, account) for channel in limited for account in accounts_of(conn, channel, desk)]
    full = [account for account, left in rooms(conn, accounts, {}, now, desk).items() if left <= 0]
    waiting = [message for account in full for message in due.blocked(conn, account, now)]
    for message in waiting:
        detour(conn, message, "quota", now, desk)
    return len(waiting)


def _tell(conn: Conn, now: datetime, desk: Desk) -> int:
    near = cache(lambda unit: _near(conn, unit, now, desk))
    lists: dict[int, list[Untold]] = defaultdict(list)
    asked: dict[int, Chat | None] = {}
    for row in untold.waiting(conn):
        # Nobody is asked to call themselves.
        chat = next((chat for chat in near(row.unit_id) if chat.person_id != row.person_id), None)
        asked[chat.id if chat else 0] = chat
        lists[chat.id if chat else 0].append(row)
    return sum(_ask(conn, asked[key], rows, now, desk) for key, rows in lists.items())


def _near(conn: Conn, unit_id: int | None, now: datetime, desk: Desk) -> list[Chat]:
    """Where the coordinators of this unit, then the office, can be written to."""
    holders = [holder for role in _ASKED for holder in grants.holders(conn, role, unit_id)]
    return [chat for holder in holders if (chat := best(conn, holder.id, Rank.ANSWER, now, desk))]


def _ask(conn: Conn, chat: Chat | None, rows: list[Untold], now: datetime, desk: Desk) -> int:
    """One message about all of them, once a day; those who come later that day are in tomorrow's."""
    if chat is None:
        alert(conn, "untold", "untold.nobody_to_ask", now, desk, people=_names(conn, rows))
        untold.told(conn, rows, now)
        return len(rows)
    planned = occurrences.plan(
        conn, job="untold", planned_for=desk.day(now), recipient=f"person:{chat.person_id}", now=now
    )
    if planned is None:
        return 0
    said = desk.house.words.say("untold.call", chat.form, people=_names(conn, rows))
    # Like an answer: it stands for many notices, and must not wait for the limit it tells of.
    notice = Reply(said.text, to=chat.id, rank=Rank.ANSWER, good_for=_GOOD_FOR)
    notify(conn, notice, chat, f"untold:{planned.id}", desk, now, planned.id)
    untold.told(conn, rows, now)
    return len(rows)


def _names(conn: Conn, rows: list[Untold]) -> list[dict[str, str]]:
    """Each person once, by name and place, with the reason."""
    found = {row.person_id or -row.chat_id: row for row in rows}
    places = {unit.id: unit.name for unit in units.all_(conn)}
    return [
        {"name": row.name, "unit": places.get(row.unit_id or 0, ""), "reason": row.reason} for row in found.values()
    ]
