"""Việc giúp người: a helper takes a call, says when, and closes it; the member hears each turn."""

from __future__ import annotations

from bot import dispatch
from bot.context import Answer, Context
from bot.core.errors import UserError
from bot.core.messages import Reply
from bot.core.routing import Routes
from storage import chats, grants, helps, people
from storage.helps import HelpRequest
from storage.people import Person

route = Routes("calls")

_PROMISES = ("now", "today", "tomorrow")
_SHOWN = 2


@route.screen("list")
def list_(ctx: Context) -> Reply:
    """My open calls first, then those that nobody has taken yet."""
    me = _me(ctx)
    mine, waiting = helps.of_owner(ctx.conn, me.id), helps.waiting(ctx.conn, _my_units(ctx, me))
    calls = [*mine, *waiting]
    lines = [_line(ctx, call) for call in calls]
    return ctx.reply("calls.list", mine=mine[:_SHOWN], waiting=waiting[:_SHOWN], lines=lines)


@route.command("viec")
def list_command(ctx: Context, rest: str) -> Answer:
    return ctx.go("calls:list")


@route.screen("one")
def one(ctx: Context, call_id: str) -> Reply:
    """One call as it stands now, with what can be done about it."""
    me, call = _me(ctx), _call(ctx, call_id)
    values = {"call": call, "unit": dispatch.unit_of(ctx, call), "lesson": dispatch.lesson_of(ctx, call)}
    return ctx.reply(
        "calls.one", mine=call.owner_person_id == me.id, taken_by=_name(ctx, call.owner_person_id), **values
    )


@route.tap("take", always=True)
def take(ctx: Context, call_id: str) -> Answer:
    """The first one gets it; whoever is later is told who was quicker."""
    me, call = _me(ctx), _call(ctx, call_id)
    taken = helps.take(ctx.conn, call.id, me.id, ctx.now)
    if taken is None:
        return ctx.go(f"calls:one:{call.id}", opening=_why_not(ctx, call, me))
    answer = ctx.go(f"calls:when:{call.id}")
    return answer.also(*_tell_member(ctx, taken, "calls.member_taken", me.name))


@route.screen("when")
def when(ctx: Context, call_id: str) -> Reply:
    return ctx.reply("calls.when", call=_call(ctx, call_id))


@route.tap("promise", always=True)
def promise(ctx: Context, call_id: str, day: str) -> Answer:
    """When the helper comes; the member hears it at once, and again when it changes."""
    call = _mine(ctx, call_id)
    if day not in _PROMISES:
        return ctx.here()
    promised = helps.promise(ctx.conn, call.id, day)
    answer = ctx.turn_to(f"calls:one:{call.id}", opening=ctx.words("calls.promised").text)
    return answer.also(*_tell_member(ctx, promised, "calls.member_when", _me(ctx).name))


@route.tap("done", always=True)
def done(ctx: Context, call_id: str) -> Answer:
    """The visit is over; the member's lesson waits at the same step."""
    call = _mine(ctx, call_id)
    helps.done(ctx.conn, call.id, ctx.now)
    answer = ctx.turn_to("calls:list", opening=ctx.words("calls.closed", code=call.code).text)
    return answer.also(*_tell_member(ctx, call, "calls.member_done", _me(ctx).name))


@route.tap("give_back", always=True)
def give_back(ctx: Context, call_id: str) -> Answer:
    """Cannot come after all: the call is open again and the level above is asked."""
    call = _mine(ctx, call_id)
    opened = helps.give_back(ctx.conn, call.id)
    answer = ctx.turn_to("calls:list", opening=ctx.words("calls.given_back").text)
    told = _tell_member(ctx, opened, "calls.member_given_back", _me(ctx).name)
    return answer.also(*told, *dispatch.ask_around(ctx, opened, above=_role(ctx), anew=True))


@route.tap("busy", always=True)
def busy(ctx: Context, call_id: str) -> Answer:
    """Cannot take it: the level above is asked, so that the call never rests with nobody."""
    call = _call(ctx, call_id)
    asked = dispatch.ask_around(ctx, call, above=_role(ctx)) if call.state == "open" else []
    return ctx.say("calls.busy").also(*asked)


def _me(ctx: Context) -> Person:
    """The person in front, who must hold a role that helps.

    Raises:
        UserError: this is somebody else's work.
    """
    person = ctx.person
    if person is None or not _roles(ctx, person):
        raise UserError("calls.not_for_you")
    return person


def _roles(ctx: Context, person: Person) -> list[grants.Grant]:
    return [grant for grant in grants.roles(ctx.conn, person.id) if grant.role in dispatch.LADDER]


def _role(ctx: Context) -> str:
    """The highest rung this person stands on: from there the call climbs."""
    held = {grant.role for grant in _roles(ctx, _me(ctx))}
    return max(held, key=dispatch.LADDER.index)


def _my_units(ctx: Context, me: Person) -> list[int] | None:
    """The units whose calls this person sees; None means all of the commune."""
    scopes = [grant.scope_unit_id for grant in _roles(ctx, me)]
    return None if None in scopes else [unit for unit in scopes if unit is not None]


def _call(ctx: Context, call_id: str) -> HelpRequest:
    """The call, if it is in this person's scope.

    Raises:
        UserError: there is none, or it belongs to another unit.
    """
    call = helps.get(ctx.conn, int(call_id)) if call_id.isdigit() else None
    own = _my_units(ctx, _me(ctx))
    if call is None or not (own is None or call.unit_id in own):
        raise UserError("calls.not_for_you")
    return call


def _mine(ctx: Context, call_id: str) -> HelpRequest:
    call = _call(ctx, call_id)
    if call.owner_person_id != _me(ctx).id or call.state != "taken":
        raise UserError("calls.not_yours")
    return call


def _tell_member(ctx: Context, call: HelpRequest, block: str, helper: str) -> list[Reply]:
    chat = chats.get(ctx.conn, call.chat_id) if call.chat_id else None
    return [ctx.tell(chat, block, call=call, helper=helper)] if chat else []


def _line(ctx: Context, call: HelpRequest) -> str:
    return ctx.words(
        "calls.line", call=call, unit=dispatch.unit_of(ctx, call), lesson=dispatch.lesson_of(ctx, call)
    ).text


def _name(ctx: Context, person_id: int | None) -> str:
    person = people.get(ctx.conn, person_id) if person_id else None
    return person.name if person else ""


def _why_not(ctx: Context, call: HelpRequest, me: Person) -> str:
    now = helps.get(ctx.conn, call.id) or call
    block = "calls.already_yours" if now.owner_person_id == me.id else "calls.too_late"
    return ctx.words(block).text
