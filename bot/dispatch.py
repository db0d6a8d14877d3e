"""Who is asked when somebody calls for help: the unit's helpers, else the level above, else an alarm."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from bot.context import Context
from bot.core.messages import Rank, Reply
from bot.reach import best
from storage import grants, mishaps, units
from storage.chats import Chat
from storage.helps import HelpRequest

LADDER = ("helper", "coordinator", "office")


def ask_around(ctx: Context, call: HelpRequest, *, above: str | None = None, anew: bool = False) -> list[Reply]:
    """A notice to each reachable holder of the first rung (above the role `above`) that has somebody.

    Everybody is asked at most once a call, unless `anew`: whoever had it gave it back. Where every account is so
    near its limit that only answers go out, a call for help counts as one. With nobody left to ask, the admin's
    list says so.
    """
    rungs = LADDER[LADDER.index(above) + 1 :] if above else LADDER
    for rank, role in product((Rank.NOTICE, Rank.ANSWER), rungs):
        asked = [chat for chat in _reachable(ctx, role, call.unit_id, rank) if chat.id != call.chat_id]
        notices = [_notice(ctx, chat, call, once="" if anew else f"call:{call.id}") for chat in asked]
        if notices:
            return [replace(notice, rank=rank) for notice in notices]
    _alarm(ctx, call)
    return []


def _alarm(ctx: Context, call: HelpRequest) -> None:
    fault = f"{call.code}: nobody to ask"
    mishaps.note(
        ctx.conn, ref=call.code, channel=ctx.chat.channel, where="help", error=fault, traceback="", now=ctx.now
    )


def lesson_of(ctx: Context, call: HelpRequest) -> str:
    """Where the person is stuck, in words: the lesson's title and the step's number."""
    guide = ctx.library.guides.get(call.lesson)
    if guide is None:
        return ""
    return ctx.words("calls.lesson", title=guide.title, place=guide.position(guide.nearest(call.step).id)).text


def unit_of(ctx: Context, call: HelpRequest) -> str:
    unit = units.get(ctx.conn, call.unit_id) if call.unit_id else None
    return unit.name if unit else ""


def _reachable(ctx: Context, role: str, unit_id: int | None, rank: Rank) -> list[Chat]:
    """One chat a person: of those they can be written to on, the one they used last."""
    holders = grants.holders(ctx.conn, role, unit_id)
    return [chat for person in holders if (chat := best(ctx.conn, person.id, rank, ctx.now, ctx.desk))]


def _notice(ctx: Context, chat: Chat, call: HelpRequest, once: str) -> Reply:
    unit, lesson = unit_of(ctx, call), lesson_of(ctx, call)
    return ctx.tell(chat, "calls.asked", once=once, call=call, unit=unit, lesson=lesson)
