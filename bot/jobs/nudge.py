"""Reminds whoever fell silent in the middle of a lesson: gently, at most once a day and three times in all.

After that a person is asked to call them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.context import Context, Heard
from bot.core.guide import Guide
from bot.core.messages import Kind, Rank, Reply
from bot.desk import Desk
from bot.dispatch import ask_around
from bot.outgoing import notify
from bot.reach import No, can_send, elsewhere
from storage import chats, grants, helps, occurrences, people
from storage.chats import Chat
from storage.db import Conn
from storage.occurrences import Occurrence

WHEN = {"hour": "8-10,14-18", "minute": "5,35"}

_HOURS = ((8, 11), (14, 19))
_SILENT = timedelta(hours=20)
_GIVEN_UP = timedelta(days=30)
_MOST = 3
_BLOCKED = ("off", "window", "quota")


def run(conn: Conn, now: datetime, desk: Desk) -> dict[str, int]:
    """Returns how many were reminded, how many could not be, and how many a person is asked to call."""
    done: Counter[str] = Counter()
    if _ends(now, desk):
        for chat, recipient in _silent(conn, now):
            if guide := _left(chat, desk):
                done[_one(conn, chat, recipient, guide, now, desk)] += 1
    return {what: done[what] for what in ("reminded", "skipped", "person_asked")}


def unwanted(conn: Conn, planned: Occurrence, chat: Chat, now: datetime, desk: Desk) -> str:
    """Why this reminder is not to be said any more, looked at once more just before it goes out."""
    if not _ends(now, desk):
        return "quiet hours"
    if chat.last_in_at > planned.at:
        return "wrote meanwhile"
    guide = _left(chat, desk)
    if guide is None or guide.slug != planned.subject:
        return "the lesson is over, or no reminders are wanted"
    return "a call is open" if _has_call(conn, chat) else ""


def _ends(now: datetime, desk: Desk) -> datetime | None:
    """When the hours for reminders end that it is now in; None outside them."""
    local = desk.local(now)
    end = next((end for start, end in _HOURS if start <= local.hour < end), None)
    if end is None or desk.house.library.commune.reminders.is_quiet(local.time()):
        return None
    return local.replace(hour=end, minute=0, second=0, microsecond=0)


def _silent(conn: Conn, now: datetime) -> Iterator[tuple[Chat, str]]:
    """Each person who agreed and has said nothing on any chat for a while, with the chat they used last."""
    seen: set[str] = set()
    for chat in chats.spoken_since(conn, now - _GIVEN_UP):
        recipient = f"person:{chat.person_id}" if chat.person_id else f"chat:{chat.id}"
        if recipient not in seen and chat.last_in_at <= now - _SILENT:
            yield chat, recipient
        seen.add(recipient)


def _left(chat: Chat, desk: Desk) -> Guide | None:
    """The lesson this person is in the middle of, unless they want no reminders."""
    notes = chat.notes
    slug = notes.get("last")
    is_over = slug not in notes.get("bookmarks", {}) or slug in notes.get("finished", ())
    return None if is_over or notes.get("no_nudges") else desk.house.library.guides.get(str(slug))


def _has_call(conn: Conn, chat: Chat) -> bool:
    by_person = helps.open_of_person(conn, chat.person_id) if chat.person_id else None
    return by_person is not None or helps.open_of_chat(conn, chat.id) is not None


def _one(conn: Conn, chat: Chat, recipient: str, guide: Guide, now: datetime, desk: Desk) -> str:
    """What is done for one of them today."""
    past = occurrences.of_recipient(conn, "nudge", recipient)
    if any(planned.planned_for == desk.day(now) for planned in past) or _has_call(conn, chat):
        return "nothing"
    if chat.person_id and grants.roles(conn, chat.person_id):
        return "nothing"  # staff try lessons out
    own = [one for one in past if one.subject == guide.slug and (one.state != "skipped" or one.reason in _BLOCKED)]
    if len(own) > _MOST:
        return "nothing"
    why = "" if len(own) == _MOST else _blocked(conn, chat, now, desk)
    planned = occurrences.plan(
        conn,
        job="nudge",
        planned_for=desk.day(now),
        recipient=recipient,
        subject=guide.slug,
        skipped=why,
        now=now,
    )
    if planned is None or why:
        return "skipped" if why else "nothing"
    if len(own) == _MOST:
        _ask_a_person(conn, chat, guide, planned, now, desk)
        return "person_asked"
    _remind(conn, chat, guide, planned, len(own) + 1 == _MOST, now, desk)
    return "reminded"


def _blocked(conn: Conn, chat: Chat, now: datetime, desk: Desk) -> str:
    """Why it cannot be brought to them today, on any of their chats."""
    verdict = can_send(conn, chat, Rank.NOTICE, now, desk)
    if not isinstance(verdict, No) or elsewhere(conn, chat, Rank.NOTICE, now, desk):
        return ""
    return verdict.reason


def _remind(conn: Conn, chat: Chat, guide: Guide, planned: Occurrence, last: bool, now: datetime, desk: Desk) -> None:
    ends = _ends(now, desk)
    assert ends is not None
    said = desk.house.words.say("nudge.remind", chat.form, last=last, steps=len(guide.steps), **_where(chat, guide))
    reply = Reply(said.text, said.choices, to=chat.id, rank=Rank.NOTICE, twice_ok=False, good_for=ends - now)
    notify(conn, reply, chat, f"nudge:{planned.id}", desk, now, planned.id)


def _ask_a_person(conn: Conn, chat: Chat, guide: Guide, planned: Occurrence, now: datetime, desk: Desk) -> None:
    """A call for help is opened for them, so that somebody answers for it; they hear of it and may say no."""
    person = people.get(conn, chat.person_id) if chat.person_id else None
    call = helps.open_(
        conn,
        chat_id=chat.id,
        person_id=chat.person_id,
        unit_id=chat.unit_id,
        way="phone",
        lesson=guide.slug,
        step=_step(chat, guide),
        tried=0,
        name_given=person.name if person else "",
        phone_given=(person.phone or "") if person else "",
        now=now,
    )
    days = max(1, (now - chat.last_in_at).days)
    for notice in ask_around(Context(conn, chat, now, desk, Heard(Kind.TEXT)), call):
        to = chats.get(conn, notice.to or 0)
        opening = desk.house.words.say("nudge.for_helper", to.form, days=days).text
        notify(conn, replace(notice, text=f"{opening}\n\n{notice.text}"), to, f"nudge:{planned.id}:{to.id}", desk, now)
    said = desk.house.words.say("nudge.person", chat.form, call=call, **_where(chat, guide))
    reply = Reply(said.text, said.choices, to=chat.id, rank=Rank.NOTICE)
    notify(conn, reply, chat, f"nudge:{planned.id}:0", desk, now)
    occurrences.said(conn, planned.id, "a person was asked")


def _step(chat: Chat, guide: Guide) -> str:
    return guide.nearest(str(chat.notes["bookmarks"][guide.slug])).id


def _where(chat: Chat, guide: Guide) -> dict[str, object]:
    return {"title": guide.title, "place": guide.position(_step(chat, guide))}
