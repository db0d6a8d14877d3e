"""Việc giúp người: a helper takes a call, says when, and closes it; the member hears each turn."""

from __future__ import annotations

from dataclasses import replace

from bot import cards, dispatch
from bot.context import Answer, Context
from bot.core.errors import UserError
from bot.core.ladder import PARTS, RUNGS, parts_left, promise_by
from bot.core.messages import Reply
from bot.core.routing import Routes
from storage import grants, helps
from storage.helps import HelpRequest
from storage.people import Person

route = Routes("calls")

_DAYS = {"now": 0, "today": 0, "tomorrow": 1}
_SHOWN = 2


@route.screen("list")
def list_(ctx: Context) -> Reply:
    """My open calls first, then those that nobody has taken yet."""
    me = _me(ctx)
    mine, waiting = helps.of_owner(ctx.conn, me.id), helps.waiting(ctx.conn, _my_units(ctx, me))
    calls = [*mine, *waiting]
    lines = [ctx.words("calls.line", **cards.facts(ctx.scene, ctx.chat.form, call)).text for call in calls]
    return ctx.reply("calls.list", mine=mine[:_SHOWN], waiting=waiting[:_SHOWN], lines=lines)


@route.command("viec")
def list_command(ctx: Context, rest: str) -> Answer:
    return ctx.go("calls:list")


@route.screen("one")
def one(ctx: Context, call_id: str) -> Reply:
    """One call as it stands now, with what can be done about it."""
    me, call = _me(ctx), _call(ctx, call_id)
    return ctx.reply(
        "calls.one",
        mine=call.owner_person_id == me.id,
        taken_by=cards.name_of(ctx.scene, call.owner_person_id),
        promise=cards.promise(ctx.scene, ctx.chat.form, call),
        **cards.facts(ctx.scene, ctx.chat.form, call),
    )


@route.tap("take", always=True)
def take(ctx: Context, call_id: str) -> Answer:
    """The first one gets it; whoever is later is told who was quicker."""
    me, call = _me(ctx), _call(ctx, call_id)
    taken = dispatch.take(ctx.scene, call, me.id, _rung(ctx, call))
    if taken is None:
        return ctx.go(f"calls:one:{call.id}", opening=_why_not(ctx, call, me))
    who = cards.who(ctx.scene, dispatch.member_form(ctx.scene, call), me.id, call.unit_id)
    told = dispatch.tell_member(ctx.scene, taken, "calls.member_taken", call=taken, who=who, guard=_guard(ctx, taken))
    return ctx.go(f"calls:when:{call.id}").also(*told)


@route.screen("when")
def when(ctx: Context, call_id: str) -> Reply:
    """The day; a part of the day is asked next. A day that is over is not offered."""
    said = ctx.reply("calls.when", call=_mine(ctx, call_id))
    over = f"calls:part:{call_id}:today"
    return said if _parts(ctx, "today") else replace(said, choices=tuple(c for c in said.choices if c.key != over))


@route.screen("part")
def part(ctx: Context, call_id: str, day: str) -> Reply:
    day = day if day in _DAYS else "tomorrow"
    return ctx.reply("calls.part", call=_mine(ctx, call_id), day=day, parts=_parts(ctx, day))


@route.tap("promise", always=True)
def promise(ctx: Context, call_id: str, day: str, part: str = "") -> Answer:
    """When the helper comes; the member hears it at once, and again when it changes."""
    call = _mine(ctx, call_id)
    if day not in _DAYS or (day != "now" and part not in _parts(ctx, day)):
        return ctx.turn_to(f"calls:when:{call.id}")
    local = ctx.scene.local(ctx.now)
    by = promise_by(part, _DAYS[day], local)
    is_change = bool(call.promised)
    promised = helps.promise(ctx.conn, call.id, part or "now", by, ctx.now)
    dispatch.advance(ctx.scene, call.id)
    answer = _past_the_question(ctx).turn_to(f"calls:one:{call.id}", opening=ctx.words("calls.promised").text)
    told = {"promise": cards.promise(ctx.scene, ctx.chat.form, promised), "guard": _guard(ctx, promised)}
    helper = _me(ctx).name
    return answer.also(
        *dispatch.tell_member(
            ctx.scene, promised, "calls.member_when", call=promised, helper=helper, is_change=is_change, **told
        )
    )


@route.tap("done", always=True)
def done(ctx: Context, call_id: str) -> Answer:
    """The visit is over; the member's lesson waits at the same step."""
    call = _mine(ctx, call_id)
    helps.done(ctx.conn, call.id, ctx.now)
    answer = ctx.turn_to("calls:list", opening=ctx.words("calls.closed", code=call.code).text)
    return answer.also(*dispatch.tell_member(ctx.scene, call, "calls.member_done", call=call, helper=_me(ctx).name))


@route.tap("give_back", always=True)
def give_back(ctx: Context, call_id: str) -> Answer:
    """Cannot come after all: the call is open again and the next one is asked at once."""
    call = _mine(ctx, call_id)
    asked = dispatch.give_back(ctx.scene, call)
    answer = ctx.turn_to("calls:list", opening=ctx.words("calls.given_back").text)
    told = dispatch.tell_member(ctx.scene, call, "calls.member_given_back", helper=_me(ctx).name)
    return answer.also(*told, *asked)


@route.tap("busy", always=True)
def busy(ctx: Context, call_id: str) -> Answer:
    """Cannot take it: the next one is asked at once. Said too late, or twice, it only gets thanks."""
    me, call = _me(ctx), _call(ctx, call_id)
    if call.owner_person_id == me.id and call.state == "taken":
        return ctx.go(f"calls:one:{call.id}", opening=ctx.words("calls.already_yours").text)
    return ctx.say("calls.busy").also(*dispatch.decline(ctx.scene, call, me.id))


def _me(ctx: Context) -> Person:
    """The person in front, who must hold a role that helps.

    Raises:
        UserError: this is somebody else's work.
    """
    person = ctx.person
    if person is None or not any(grant.role in RUNGS for grant in grants.roles(ctx.conn, person.id)):
        raise UserError("calls.not_for_you")
    return person


def _rung(ctx: Context, call: HelpRequest) -> int:
    return cards.rung_of(ctx.scene, _me(ctx).id, call.unit_id) or 0


def _my_units(ctx: Context, me: Person) -> list[int] | None:
    """The units whose calls this person sees; None means all of the commune."""
    return grants.units_of(ctx.conn, me.id, RUNGS)


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


def _parts(ctx: Context, day: str) -> list[str]:
    """Which parts of that day can be promised."""
    return list(PARTS) if day == "tomorrow" else parts_left(ctx.scene.local(ctx.now))


def _past_the_question(ctx: Context) -> Context:
    """The question of the day is answered: Quay lại does not lead to it."""
    kept = tuple(at for at in ctx.chat.trail if not at.startswith(("calls:when:", "calls:part:")))
    return ctx.on(replace(ctx.chat, trail=kept))


def _guard(ctx: Context, call: HelpRequest) -> str:
    """How the member knows the visitor, in the member's form of address."""
    form = dispatch.member_form(ctx.scene, call)
    return ctx.house.words.say("help.guard", form, call=call).text


def _why_not(ctx: Context, call: HelpRequest, me: Person) -> str:
    now = helps.get(ctx.conn, call.id) or call
    block = "calls.already_yours" if now.owner_person_id == me.id else "calls.too_late"
    return ctx.words(block).text
