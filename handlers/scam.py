"""Nghi bị lừa: the emergency card, at once, from everywhere (domain facts F1 to F5)."""

from __future__ import annotations

from bot.context import Answer, Context
from bot.core.messages import Reply
from bot.core.routing import Routes

route = Routes("scam")

_CARD = "the-khan-cap"


@route.screen("card")
def card(ctx: Context) -> Reply:
    """All of it in one message: somebody in danger must not have to tap through steps."""
    guide = ctx.library.guides[_CARD]
    lines = [ctx.fill(step.until_confirmed if ctx.house.words.missing(step.do) else step.do) for step in guide.steps]
    return ctx.reply("scam.card", lines=lines, last=ctx.fill(guide.end.say))


@route.intent("scam")
def scam(ctx: Context) -> Answer:
    return ctx.go("scam:card")


@route.command("khancap")
def scam_command(ctx: Context, rest: str) -> Answer:
    return ctx.go("scam:card")
