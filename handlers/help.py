"""Nhờ người giúp: from anywhere, by phone, at home or at the nhà văn hóa; somebody always answers for it."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz, process

from bot import dispatch
from bot.context import Answer, Context
from bot.core.messages import Kind, Reply
from bot.core.routing import Address, Routes
from bot.core.vietnamese import fold
from storage import aliases, chats, helps, people, units
from storage.helps import HelpRequest
from storage.units import Unit

route = Routes("help")

_WAYS = ("phone", "home", "hall")
_SURE, _PERHAPS = 90, 70


@route.screen("ask")
def ask(ctx: Context) -> Reply:
    """How would you like to be helped? Or, while a call is open, how it stands."""
    call = helps.open_of_chat(ctx.conn, ctx.chat.id)
    return _standing(ctx, call) if call else ctx.reply("help.ask")


@route.command("giup")
def help_command(ctx: Context, rest: str) -> Answer:
    return ctx.go("help:ask")


@route.intent("help_human")
def help_typed(ctx: Context) -> Answer:
    return ctx.go("help:ask")


@route.tap("way")
def way(ctx: Context, how: str) -> Answer:
    """The way is chosen; ask only for what is missing to send somebody. A call that is open already stands."""
    if helps.open_of_chat(ctx.conn, ctx.chat.id):
        return ctx.go("help:sent")
    return _next(ctx.noting(call={"way": how if how in _WAYS else "phone"}))


@route.screen("where")
def where(ctx: Context) -> Reply:
    return ctx.reply("help.where")


@route.hears("where")
def where_typed(ctx: Context, text: str) -> Answer | None:
    """A unit's name or code, typed as people type."""
    sure, perhaps = _units_like(ctx, text)
    if sure:
        return _in_unit(ctx, sure.id)
    if perhaps:
        return ctx.ask("help.which_unit", ctx.words("help.units", units=perhaps).choices)
    return ctx.say("help.unit_not_found")


@route.tap("in_unit")
def in_unit(ctx: Context, unit_id: str) -> Answer:
    return _in_unit(ctx, int(unit_id)) if unit_id.isdigit() else ctx.here()


@route.tap("anywhere")
def anywhere(ctx: Context) -> Answer:
    """The person does not know the unit's name: the office will find out."""
    return _next(ctx.noting(call={**_call(ctx), "unit": 0}))


@route.screen("name")
def name(ctx: Context) -> Reply:
    return ctx.reply("help.name")


@route.hears("name")
def name_typed(ctx: Context, text: str) -> Answer | None:
    return _next(ctx.noting(call={**_call(ctx), "name": text[:60]})) if any(map(str.isalpha, text)) else None


@route.screen("phone")
def phone(ctx: Context) -> Reply:
    return ctx.reply("help.phone")


@route.hears("phone")
def phone_typed(ctx: Context, text: str) -> Answer | None:
    """A phone number, typed with spaces or dots or shared as a contact."""
    digits = "".join(filter(str.isdigit, text))
    longest = 15 if ctx.heard.kind is Kind.CONTACT else 11
    if 9 <= len(digits) <= longest:
        return _next(ctx.noting(call={**_call(ctx), "phone": digits}))
    return ctx.say("help.phone_unclear")


@route.tap("no_phone")
def no_phone(ctx: Context) -> Answer:
    """Nothing typed: the helper finds the person through the unit."""
    return _next(ctx.noting(call={**_call(ctx), "phone": ""}))


@route.screen("sent")
def sent(ctx: Context) -> Reply:
    """How the call stands now: looked up each time, so the screen is never out of date."""
    call = helps.open_of_chat(ctx.conn, ctx.chat.id)
    return _standing(ctx, call) if call else ctx.reply("help.none_open")


@route.tap("cancel", always=True)
def cancel(ctx: Context, call_id: str) -> Answer:
    """Not needed any more; whoever had taken it is told."""
    call = helps.get(ctx.conn, int(call_id)) if call_id.isdigit() else None
    if call is None or call.chat_id != ctx.chat.id or call.state not in ("open", "taken"):
        return ctx.turn_to("help:sent")
    helps.cancel(ctx.conn, call.id, ctx.now)
    answer = _to_lesson(ctx, opening=ctx.words("help.cancelled").text)
    return answer.also(*_tell_owner(ctx, call))


@route.tap("lesson", always=True)
def lesson(ctx: Context) -> Answer:
    """Back to the step the person was at before calling."""
    return _to_lesson(ctx)


def _next(ctx: Context) -> Answer:
    """The next missing fact, or the call itself. What is known is not asked again."""
    call, person = _call(ctx), ctx.person
    if ctx.chat.unit_id is None and "unit" not in call:
        return ctx.go("help:where")
    if person is None and "name" not in call:
        return ctx.go("help:name")
    if call["way"] == "phone" and "phone" not in call and not (person and person.phone):
        return ctx.go("help:phone")
    return _send(ctx, call)


def _send(ctx: Context, call: dict[str, str | int]) -> Answer:
    """Open the call and ask everybody who can take it."""
    place, tried = _lesson_place(ctx)
    person = ctx.person
    opened = helps.open_(
        ctx.conn,
        chat_id=ctx.chat.id,
        person_id=ctx.chat.person_id,
        unit_id=ctx.chat.unit_id or int(call.get("unit", 0)) or None,
        way=str(call["way"]),
        lesson=place.args[0] if place else "",
        step=place.args[1] if place else "",
        tried=tried,
        name_given=person.name if person else str(call.get("name", "")),
        phone_given=str(call.get("phone", "")) or (person.phone or "" if person else ""),
        now=ctx.now,
    )
    return _drop_questions(ctx.noting(call=None)).go("help:sent").also(*dispatch.ask_around(ctx, opened))


def _drop_questions(ctx: Context) -> Context:
    """As if the person had never left for the questions of a call: Quay lại leads to the lesson."""
    kept = tuple(place for place in (*ctx.chat.trail, ctx.chat.at) if Address.parse(place).handler != "help")
    return ctx.on(replace(ctx.chat, at=kept[-1] if kept else "", trail=kept[:-1]))


def _to_lesson(ctx: Context, opening: str = "") -> Answer:
    return _drop_questions(ctx).here(opening=opening)


def _lesson_place(ctx: Context) -> tuple[Address | None, int]:
    """The step the person is at or came from, and how many other ways were tried on it."""
    places = map(Address.parse, reversed((*ctx.chat.trail, ctx.chat.at)))
    step = next((place for place in places if place.route in ("guide:step", "guide:stuck")), None)
    return step, int(step.args[2]) if step and step.name == "stuck" else 0


def _standing(ctx: Context, call: HelpRequest) -> Reply:
    owner = people.get(ctx.conn, call.owner_person_id) if call.owner_person_id else None
    return ctx.reply("help.sent", call=call, owner=owner.name if owner else "")


def _tell_owner(ctx: Context, call: HelpRequest) -> list[Reply]:
    owners = chats.of_person(ctx.conn, call.owner_person_id)[:1] if call.owner_person_id else []
    return [ctx.tell(chat, "help.owner_cancelled", code=call.code) for chat in owners]


def _call(ctx: Context) -> dict[str, str | int]:
    return dict(ctx.chat.notes.get("call") or {"way": "phone"})


def _in_unit(ctx: Context, unit_id: int) -> Answer:
    """The person's unit is known from now on; with consent it is kept."""
    if ctx.chat.consent == "yes":
        return _next(ctx.stored(chats.set_unit(ctx.conn, ctx.chat.id, unit_id)))
    return _next(ctx.noting(call={**_call(ctx), "unit": unit_id}))


def _units_like(ctx: Context, text: str) -> tuple[Unit | None, list[Unit]]:
    """The unit that is certainly meant, or up to two that may be."""
    every = {unit.id: unit for unit in units.all_(ctx.conn)}
    others = aliases.of_units(ctx.conn)
    named = {id_: fold(" ".join((unit.name, unit.code, *others.get(id_, ())))) for id_, unit in every.items()}
    found = process.extract(fold(text), named, scorer=fuzz.token_set_ratio, limit=3)
    likely = [(every[id_], score) for _, score, id_ in found if score >= _PERHAPS]
    clear = likely and likely[0][1] >= _SURE and (len(likely) == 1 or likely[1][1] < _SURE)
    return (likely[0][0], []) if clear else (None, [unit for unit, _ in likely[:2]])
