"""Miễn sinh hoạt: only the secretary of the member's chi bộ writes down what the chi bộ has decided (R3, R4)."""

from __future__ import annotations

from bot import scope
from bot.context import Answer, Context
from bot.core.errors import UserError
from bot.core.messages import Reply
from bot.core.routing import Routes
from bot.scope import Known, Scope
from storage import audit, exemptions

route = Routes("exempt")


@route.screen("ask")
def ask(ctx: Context, person_id: str) -> Reply:
    """Asked once, because the member then counts out of the target."""
    _, who = _mine(ctx, person_id)
    return ctx.reply("exempt.ask", name=who.name, id=who.id, exempt=who.person.exempt)


@route.tap("grant")
def grant(ctx: Context, person_id: str) -> Answer:
    mine, who = _mine(ctx, person_id)
    if not who.person.exempt:
        exemptions.grant(ctx.conn, who.id, by=mine.me.id, now=ctx.now)
        audit.note(ctx.conn, actor=mine.me.id, action="exempt.granted", subject=f"person:{who.id}", now=ctx.now)
    return ctx.turn_to(f"exempt:done:{who.id}")


@route.tap("lift")
def lift(ctx: Context, person_id: str) -> Answer:
    mine, who = _mine(ctx, person_id)
    if who.person.exempt:
        exemptions.lift(ctx.conn, who.id, by=mine.me.id, now=ctx.now)
        audit.note(ctx.conn, actor=mine.me.id, action="exempt.lifted", subject=f"person:{who.id}", now=ctx.now)
    return ctx.turn_to(f"exempt:done:{who.id}")


@route.screen("done")
def done(ctx: Context, person_id: str) -> Reply:
    """How it stands now, with the way to take it back."""
    _, who = _mine(ctx, person_id)
    return ctx.reply("exempt.done", name=who.name, id=who.id, exempt=who.person.exempt)


def _mine(ctx: Context, person_id: str) -> tuple[Scope, Known]:
    """A member of the secretary's own chi bộ.

    Raises:
        UserError: somebody else's work: the chi bộ decides, and its secretary writes it down.
    """
    mine, who = scope.member(ctx, person_id)
    if not mine.is_secretary_of(who.person):
        raise UserError("exempt.not_yours")
    return mine, who
