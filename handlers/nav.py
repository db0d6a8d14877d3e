"""Quay lại, nhắc lại, để sau: moving about, the same from everywhere."""

from __future__ import annotations

from bot.context import HOME, Answer, Context
from bot.core.routing import Routes

route = Routes("nav")


@route.tap("back", always=True)
@route.intent("back")
def back(ctx: Context) -> Answer:
    """Exactly one step back, as often as one likes."""
    if not ctx.chat.trail and ctx.chat.at in ("", HOME):
        return ctx.here(opening=ctx.words("nav.at_start").text)
    return ctx.back()


@route.command("quaylai")
def back_command(ctx: Context, rest: str) -> Answer:
    return back(ctx)


@route.tap("here", always=True)
@route.intent("repeat")
def here(ctx: Context) -> Answer:
    return ctx.here()


@route.tap("later")
@route.intent("later")
def later(ctx: Context) -> Answer:
    """Stop for now; nothing expires, so there is nothing to save."""
    return ctx.say("nav.later")


@route.tap("meant", always=True)
def meant(ctx: Context, intent: str) -> Answer:
    """What the person meant, out of the two readings the bot was unsure between."""
    handler = ctx.house.book.intents.get(intent)
    answer: Answer = handler(ctx) if handler else ctx.follow(f"questions:about:{intent}")
    return answer
