"""Dữ liệu của tôi: what is kept about the person in front, and taking the consent back."""

from __future__ import annotations

from datetime import timedelta

from bot.context import HOME, Answer, Context
from bot.core import codes
from bot.core.messages import Reply
from bot.core.routing import Routes
from storage import cells, chats, invites, progress, units

route = Routes("me")

_ANOTHER_LASTS = timedelta(days=1)


@route.screen("show")
def show(ctx: Context) -> Reply:
    """Everything held, in plain words."""
    person = ctx.person
    unit_id = person.unit_id if person else ctx.chat.unit_id
    unit = units.get(ctx.conn, unit_id) if unit_id else None
    cell = cells.get(ctx.conn, person.cell_id) if person and person.cell_id else None
    steps = progress.reached(ctx.conn, person.id) if person else set(ctx.chat.notes.get("reached", {}))
    return ctx.reply(
        "me.show",
        person=person,
        unit=unit,
        cell=cell,
        device=ctx.chat.device,
        steps=steps,
        consent=ctx.chat.consent,
    )


@route.command("dulieu")
def show_command(ctx: Context, rest: str) -> Answer:
    return ctx.go("me:show")


@route.intent("my_data")
def show_typed(ctx: Context) -> Answer:
    return ctx.go("me:show")


@route.tap("another")
def another(ctx: Context) -> Answer:
    """A code for a second phone or channel of the same person; the lessons go on there."""
    if ctx.chat.person_id is None:
        return ctx.here()
    made = invites.issue(ctx.conn, ctx.chat.person_id, ctx.now, _ANOTHER_LASTS)
    return ctx.say("me.another", code=codes.spaced(made.code))


@route.screen("withdraw")
def withdraw(ctx: Context) -> Reply:
    """Asks once, because it matters."""
    return ctx.reply("me.withdraw")


@route.intent("withdraw_consent", "delete_data")
def withdraw_typed(ctx: Context) -> Answer:
    return ctx.go("me:withdraw")


@route.tap("withdrawn")
def withdrawn(ctx: Context) -> Answer:
    """From now on nothing more is recorded, and what the chat remembered of the person is forgotten."""
    version = ctx.library.commune.consent_version
    ctx = ctx.stored(chats.set_consent(ctx.conn, ctx.chat.id, "no", version, ctx.now))
    return ctx.noting(reached=None, call=None).go(HOME, opening=ctx.words("me.withdrawn").text)


@route.intent("text_size")
def text_size(ctx: Context) -> Answer:
    """Letters too small: where to make them larger."""
    return ctx.here(opening=ctx.words("me.text_size").text)
