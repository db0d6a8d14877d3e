"""Mã mời: a code from the printed sheet, typed or opened as a link, ties the chat to its unit or its person."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Answer, Context
from bot.core.messages import Reply
from bot.core.routing import Routes
from bot.sitting import same_as_elsewhere, sit_down
from storage import chats, grants, invites, people, units
from storage.invites import Invite

route = Routes("join")

_MANY = 5  # wrong codes, until a person is offered


@route.intent("heard_code")
def code(ctx: Context) -> Answer:
    """A code was given. A good one is used up at once; a bad one says what to do."""
    if _wait(ctx) > 0:
        return ctx.go("help:ask", opening=ctx.words("join.too_many", minutes=_wait(ctx)).text)
    meant = invites.find(ctx.conn, ctx.heard.text, ctx.now)
    found = invites.redeem(ctx.conn, meant, ctx.now) if meant else None
    if found is None:
        return _bad(ctx)
    ctx = ctx.noting(wrong=None)
    return _join_person(ctx, found) if found.person_id else _join_unit(ctx, found)


def _bad(ctx: Context) -> Answer:
    """Why not, in kind words; after several wrong ones a person is offered, and guessing gets slow."""
    count = int(ctx.chat.notes.get("wrong", {}).get("count", 0)) + 1
    ctx = ctx.noting(wrong={"count": count, "at": ctx.now.isoformat()})
    if count >= _MANY:
        return ctx.go("help:ask", opening=ctx.words("join.many_wrong").text)
    return ctx.here(opening=ctx.words(f"join.bad_{invites.verdict(ctx.conn, ctx.heard.text, ctx.now)}").text)


def _wait(ctx: Context) -> int:
    """Minutes until this chat may try another code: none at first, then longer and longer, up to an hour."""
    wrong = ctx.chat.notes.get("wrong")
    if not wrong or wrong["count"] < _MANY:
        return 0
    pause = timedelta(minutes=min(60, 5 * 2 ** min(wrong["count"] - _MANY, 4)))
    left = datetime.fromisoformat(wrong["at"]) + pause - ctx.now
    return max(0, -(-int(left.total_seconds()) // 60))


@route.screen("staff")
def staff(ctx: Context) -> Reply:
    """The first message for somebody with a role: what the bot writes down of their work."""
    person = ctx.person
    return ctx.reply("join.staff", commune=ctx.library.commune, name=person.name if person else "")


@route.tap("staff_agreed")
def staff_agreed(ctx: Context) -> Answer:
    version = ctx.library.commune.consent_version
    ctx = ctx.stored(chats.set_consent(ctx.conn, ctx.chat.id, "yes", version, ctx.now))
    return ctx.noting(called=True).go(ctx.home)


def _join_unit(ctx: Context, found: Invite) -> Answer:
    ctx = ctx.stored(chats.set_unit(ctx.conn, ctx.chat.id, found.unit_id)).noting(by_code=True)
    unit = units.get(ctx.conn, found.unit_id) if found.unit_id else None
    return _onwards(ctx, ctx.words("join.unit", unit=unit.name if unit else "").text)


def _join_person(ctx: Context, found: Invite) -> Answer:
    """The chat is this person's from now on; what it remembered of their progress becomes theirs.

    Where somebody else sits here, the phone is shared: each keeps their own place.
    """
    person = people.get(ctx.conn, found.person_id or 0)
    if person is None:
        return _bad(ctx)
    if ctx.chat.person_id not in (None, person.id):
        ctx = sit_down(ctx, person)
        if not _is_new_staff(ctx):
            return ctx.go(ctx.home, opening=ctx.words("join.shared", name=person.name).text)
    ctx = ctx.stored(chats.set_person(ctx.conn, ctx.chat.id, person.id))
    if person.unit_id:
        ctx = ctx.stored(chats.set_unit(ctx.conn, ctx.chat.id, person.unit_id))
    ctx = same_as_elsewhere(_handed_over(ctx), person.id)
    if _is_new_staff(ctx):
        return ctx.stored(chats.set_form(ctx.conn, ctx.chat.id, "dongchi")).turn_to("join:staff")
    return _onwards(ctx, ctx.words("join.person", name=person.name).text)


def _is_new_staff(ctx: Context) -> bool:
    return ctx.chat.consent is None and bool(grants.roles(ctx.conn, ctx.chat.person_id or 0))


def _handed_over(ctx: Context) -> Context:
    """What the chat remembered is now the person's, and forgotten here: it is nobody else's."""
    ctx.take_over(ctx.chat.notes.get("reached", {}))
    return ctx.noting(reached=None)


def _onwards(ctx: Context, opening: str) -> Answer:
    """A newcomer meets the first message; a question about the unit is answered now; others stay."""
    if ctx.chat.consent is None:
        return ctx.turn_to("hello:who")
    if ctx.place.route in ("hello:unit", "help:where"):
        ctx = ctx.noting(asked_unit=True)
        named = ctx.chat.person_id or ctx.chat.consent != "yes" or ctx.chat.notes.get("asked_name")
        return ctx.turn_to(ctx.home if named else "claim:name", opening=opening)
    return ctx.here(opening=opening)
