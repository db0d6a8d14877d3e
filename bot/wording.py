"""How a member's state, and what was told of it, is put into words: alike wherever it is shown."""

from __future__ import annotations

from bot.context import Context
from bot.core.dates import VIETNAM, days_ago, local_day
from bot.core.progress import EXEMPT, HAS_ERRORS, Event
from bot.scope import Known
from storage import people


def status(ctx: Context, what: str | None) -> str:
    """ "đã cài", "đi vắng": what an event says, in the fewest words."""
    return ctx.words("report.status", what=what or "").text


def standing(ctx: Context, who: Known) -> str:
    """How far somebody is, and why not further."""
    if who.person.exempt:
        return status(ctx, EXEMPT)
    what = HAS_ERRORS if who.state.has_errors else who.state.milestone
    reached = status(ctx, what) if what else ""
    reason = status(ctx, who.state.reason) if who.state.reason else ""
    return ctx.words("day.standing", reached=reached, reason=reason).text


def told(ctx: Context, event: Event) -> str:
    """Who said it and when; the day it happened where that is another one."""
    teller = people.get(ctx.conn, event.by_person_id) if event.by_person_id else None
    late = local_day(event.happened_at) != local_day(event.told_at)
    return ctx.words(
        "day.told",
        teller=teller.name if teller else "",
        source=event.source,
        said=_day(ctx, event, told=True),
        clock=event.told_at.astimezone(VIETNAM).strftime("%H:%M"),
        happened=_day(ctx, event, told=False) if late else "",
    ).text


def happened(ctx: Context, event: Event) -> str:
    """ "hôm nay", "hôm qua", "ngày 20/11": when it was, whenever it was told."""
    return _day(ctx, event, told=False)


def _day(ctx: Context, event: Event, *, told: bool) -> str:
    moment = event.told_at if told else event.happened_at
    return ctx.words("day.when", ago=days_ago(moment, ctx.now), day=local_day(moment).strftime("%d/%m")).text
