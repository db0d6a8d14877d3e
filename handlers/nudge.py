"""Thôi nhắc, nhắc như cũ: whether somebody silent in the middle of a lesson is reminded of it."""

from __future__ import annotations

from bot.context import Answer, Context
from bot.core.routing import Routes

route = Routes("nudge")


@route.tap("stop", always=True)
@route.intent("stop_nudges")
def stop(ctx: Context) -> Answer:
    """No more reminders, until the person wants them again."""
    return ctx.noting(no_nudges=True).say("nudge.stopped")


@route.tap("allow", always=True)
@route.intent("allow_nudges")
def allow(ctx: Context) -> Answer:
    return ctx.noting(no_nudges=None).say("nudge.allowed")
