"""Đúng không ạ?: the member's own word on what a helper reported of them. Silence changes nothing."""

from __future__ import annotations

from bot import claims
from bot.context import Answer, Context
from bot.core.errors import UserError
from bot.core.progress import DENIALS, MILESTONES, STEPS, Event, says_already
from bot.core.routing import Routes
from storage import people, progress

route = Routes("confirm")


@route.tap("yes", always=True)
def yes(ctx: Context, event_id: str) -> Answer:
    """It is so."""
    event = _about_me(ctx, event_id)
    _tell(ctx, event, MILESTONES[STEPS[event.what] - 1])
    return ctx.here(opening=ctx.words("confirm.thanks").text)


@route.tap("no", always=True)
def no(ctx: Context, event_id: str) -> Answer:
    """It is not: the coordinator sees both, and help is offered."""
    event = _about_me(ctx, event_id)
    before = progress.of_person(ctx.conn, event.person_id)
    denial = _tell(ctx, event, DENIALS[STEPS[event.what] - 1])
    person = people.get(ctx.conn, event.person_id)
    notices = claims.about_conflict(ctx, person, before, denial) if person and denial else []
    return ctx.say("confirm.sorry").also(*notices)


def _about_me(ctx: Context, event_id: str) -> Event:
    """The report, if it is about the person in front.

    Raises:
        UserError: it is about somebody else (a shared phone, a made-up key).
    """
    event = progress.get(ctx.conn, int(event_id)) if event_id.isdigit() else None
    if event is None or event.person_id != ctx.chat.person_id or event.what not in STEPS:
        raise UserError("confirm.not_yours")
    return event


def _tell(ctx: Context, event: Event, what: str) -> Event | None:
    """Written down once: the same answer again changes nothing, the other answer takes its place."""
    if says_already(progress.of_person(ctx.conn, event.person_id), "self", what):
        return None
    answered = max(ctx.now, event.happened_at)  # an answer is never older than what it answers
    return progress.record(ctx.conn, event.person_id, what, source="self", by=None, happened_at=answered, now=ctx.now)
