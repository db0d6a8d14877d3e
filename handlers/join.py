"""Mã mời: a code from the printed sheet, typed or opened as a link, ties the chat to its unit or its person."""

from __future__ import annotations

from datetime import datetime

from bot.context import Answer, Context
from bot.core.messages import Reply
from bot.core.routing import Routes
from storage import chats, grants, invites, people, units
from storage.invites import Invite

route = Routes("join")


@route.intent("heard_code")
def code(ctx: Context) -> Answer:
    """A code was given. A good one is used up at once; a bad one says what to do."""
    found = invites.redeem(ctx.conn, ctx.heard.text.strip().upper(), ctx.now)
    if found is None:
        return ctx.here(opening=ctx.words("join.bad_code").text)
    return _join_person(ctx, found) if found.person_id else _join_unit(ctx, found)


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
    ctx = ctx.stored(chats.set_unit(ctx.conn, ctx.chat.id, found.unit_id))
    unit = units.get(ctx.conn, found.unit_id) if found.unit_id else None
    return _onwards(ctx, ctx.words("join.unit", unit=unit.name if unit else "").text)


def _join_person(ctx: Context, found: Invite) -> Answer:
    """The chat is this person's from now on; what it remembered of their progress becomes theirs."""
    ctx = ctx.stored(chats.set_person(ctx.conn, ctx.chat.id, found.person_id))
    person = people.get(ctx.conn, found.person_id or 0)
    if person and person.unit_id:
        ctx = ctx.stored(chats.set_unit(ctx.conn, ctx.chat.id, person.unit_id))
    ctx = _handed_over(ctx)
    if grants.roles(ctx.conn, found.person_id or 0) and ctx.chat.consent is None:
        return ctx.stored(chats.set_form(ctx.conn, ctx.chat.id, "dongchi")).turn_to("join:staff")
    return _onwards(ctx, ctx.words("join.person", name=person.name if person else "").text)


def _handed_over(ctx: Context) -> Context:
    """What the chat remembered is now the person's, and forgotten here: it is nobody else's."""
    for what, at in ctx.chat.notes.get("reached", {}).items():
        ctx.reach(what, datetime.fromisoformat(at))
    return ctx.noting(reached=None)


def _onwards(ctx: Context, opening: str) -> Answer:
    """A newcomer meets the first message; a question about the unit is answered now; others stay."""
    if ctx.chat.consent is None:
        return ctx.turn_to("hello:who")
    if ctx.place.route in ("hello:unit", "help:where"):
        return ctx.noting(asked_unit=True).turn_to(ctx.home, opening=opening)
    return ctx.here(opening=opening)
