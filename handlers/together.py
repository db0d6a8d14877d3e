"""Làm cùng: a helper walks a member through a lesson on the helper's own phone, and ticks for them.

Everything stands in the address, so the helper's own lessons keep their places. Quay lại is one step back.
"""

from __future__ import annotations

from dataclasses import replace

from bot import claims, scope, steps, wording
from bot.context import Answer, Context
from bot.core.errors import UserError
from bot.core.guide import Guide, Option, Step
from bot.core.messages import Choice, Reply
from bot.core.routing import Address, Routes
from bot.scope import Known
from storage import chats

route = Routes("together")

_KEPT = 6  # so many members' places are remembered
_LESSON_OF = {"installed": ("android", "iphone"), "logged_in": ("dang-nhap",), "info_checked": ("kiem-tra",)}


@route.tap("begin")
def begin(ctx: Context, person_id: str) -> Answer:
    """With this member; somebody else in the middle of a lesson is asked about first."""
    _, who = scope.member(ctx, person_id, scope.REPORTS)
    current = ctx.chat.notes.get("with")
    if current and current != who.id and scope.may_see(ctx, current):
        return ctx.go(f"together:switch:{who.id}")
    return _open(ctx, who)


@route.screen("switch")
def switch(ctx: Context, person_id: str) -> Reply:
    """You are in the middle of it with somebody else: go on with them, or change?"""
    _, other = scope.member(ctx, person_id, scope.REPORTS)
    if not scope.may_see(ctx, ctx.chat.notes.get("with", "")):
        return lessons(ctx, person_id)  # nobody is in the middle of anything: an old button, or a role lost meanwhile
    _, now = scope.member(ctx, str(ctx.chat.notes["with"]), scope.REPORTS)
    return ctx.reply("together.switch", now=now.name, now_id=now.id, other=other.name, other_id=other.id)


@route.tap("instead")
def instead(ctx: Context, person_id: str) -> Answer:
    """With this one from now on. The other's place is kept."""
    _, who = scope.member(ctx, person_id, scope.REPORTS)
    return _open(ctx.noting(**{"with": None}), who)


@route.screen("lessons")
def lessons(ctx: Context, person_id: str) -> Reply:
    """Which lesson: those for the next milestone; the place they were left at says so itself."""
    _, who = scope.member(ctx, person_id, scope.REPORTS)
    left = _places(ctx).get(str(who.id))
    fitting = _fitting(ctx, who)
    said = ctx.words("together.lessons", name=who.name, standing=wording.standing(ctx, who), id=who.id, left=bool(left))
    own = [Choice(f"together:start:{who.id}:{each.slug}", each.label or each.title) for each in fitting]
    return Reply(said.text, (*said.choices, *own))


@route.tap("start")
def start(ctx: Context, person_id: str, slug: str) -> Answer:
    """From the lesson's first step."""
    _, who = scope.member(ctx, person_id, scope.REPORTS)
    guide = _guide(ctx, slug)
    return _enter(ctx, who, guide, guide.steps[0])


@route.tap("go_on")
def go_on(ctx: Context, person_id: str) -> Answer:
    """Where this member was left."""
    _, who = scope.member(ctx, person_id, scope.REPORTS)
    place = _places(ctx).get(str(who.id))
    if not place:
        return ctx.go(f"together:lessons:{who.id}")
    guide = _guide(ctx, place[0])
    return _enter(ctx, who, guide, guide.nearest(place[1]))


@route.screen("step")
def step(ctx: Context, person_id: str, slug: str, step_id: str) -> Reply:
    """One step, under the name of whom it is for."""
    _, who = scope.member(ctx, person_id, scope.REPORTS)
    guide = _guide(ctx, slug)
    return _for(ctx, who, steps.show(ctx.house.words, _form(ctx, who), guide, guide.nearest(step_id)))


@route.screen("stuck")
def stuck(ctx: Context, person_id: str, slug: str, step_id: str, tries: str) -> Reply:
    """The n-th other way to do it."""
    _, who = scope.member(ctx, person_id, scope.REPORTS)
    guide, number = _guide(ctx, slug), int(tries) if tries.isdigit() else 1
    now = guide.nearest(step_id)
    shown = steps.show_repair(ctx.house.words, _form(ctx, who), ctx.library, guide, now, number)
    return _for(ctx, who, shown)


@route.hears("step")
@route.hears("stuck")
def typed(ctx: Context, text: str, person_id: str, slug: str, step_id: str, tries: str = "0") -> Answer | None:
    """ "Xong rồi" and "chưa được", where the step has just these two."""
    said = ctx.heard.meaning
    action = {"done": "together:done:", "not_done": "together:not_yet:"}.get(said.intent) if said.sure else None
    keys = [choice.key for choice in ctx.chat.offered if action and choice.key.startswith(action)]
    return ctx.follow(keys[0]) if len(keys) == 1 else None


@route.tap("not_yet")
def not_yet(ctx: Context, person_id: str, slug: str, step_id: str, tries: str = "0") -> Answer:
    """Another way each time; after the last one: why not."""
    _, who = scope.member(ctx, person_id, scope.REPORTS)
    now = _guide(ctx, slug).nearest(step_id)
    following = int(tries) + 1 if tries.isdigit() else 1
    if following > len(now.stuck):
        return ctx.go(f"report:why:p{who.id}", opening=ctx.words("together.nothing_helped").text)
    return ctx.go(f"together:stuck:{who.id}:{slug}:{now.id}:{following}")


@route.tap("done")
def done(ctx: Context, person_id: str, slug: str, step_id: str, option: str = "") -> Answer:
    """The step is done: what it marks is written down for the member, by the helper."""
    mine, who = scope.member(ctx, person_id, scope.REPORTS)
    guide = _guide(ctx, slug)
    now = guide.nearest(step_id)
    chosen = now.choices[int(option)] if option.isdigit() and int(option) < len(now.choices) else Option(label="")
    what = now.marks or now.reason
    told = claims.tell(ctx, mine, who.person, what, ctx.now) if what else None
    opening = ctx.words("together.ticked", name=who.name, status=wording.status(ctx, what)).text if what else ""
    answer = _follow(ctx, who, guide, now, chosen.go, opening)
    return answer.also(*(told.notices if told else ()))


@route.tap("finish", always=True)
def finish(ctx: Context, person_id: str) -> Answer:
    """Enough for today: the member's place is kept, the helper goes back to the card."""
    scope.member(ctx, person_id, scope.REPORTS)
    return ctx.noting(**{"with": None}).go(f"day:person:{person_id}", opening=ctx.words("together.paused").text)


def _open(ctx: Context, who: Known) -> Answer:
    return ctx.go(f"together:lessons:{who.id}")


def _fitting(ctx: Context, who: Known) -> list[Guide]:
    """The lessons towards the next milestone that suit the phone; two at most."""
    device = who.person.device
    named = [ctx.library.find(name) for name in _LESSON_OF[who.state.next_milestone or "info_checked"]]
    found = [guide for guide in named if guide]
    return [guide for guide in found if device is None or guide.for_device in (None, device)] or found


def _enter(ctx: Context, who: Known, guide: Guide, first: Step, opening: str = "") -> Answer:
    """Show a step, and keep it as this member's place."""
    places = {key: place for key, place in _places(ctx).items() if key != str(who.id)}
    kept = dict(list(places.items())[1 - _KEPT :])
    ctx = ctx.noting(**{"with": who.id, "with_places": {**kept, str(who.id): [guide.slug, first.id]}})
    return ctx.go(f"together:step:{who.id}:{guide.slug}:{first.id}", opening=opening)


def _follow(ctx: Context, who: Known, guide: Guide, now: Step, go: str, opening: str) -> Answer:
    """Where an option leads; out of the lesson it leads to the member's card."""
    target = guide.after(now.id) if go == "next" else guide.step(go)
    if target:
        return _enter(ctx, who, guide, target, opening)
    other = ctx.library.find(go) if go not in ("next", "end", "menu", "help") else None
    if other:
        return _enter(ctx, who, other, other.steps[0], opening)
    places = {key: place for key, place in _places(ctx).items() if key != str(who.id)}
    ended = ctx.words("together.ended", title=guide.title, name=who.name).text if go in ("next", "end") else ""
    ctx = ctx.noting(**{"with": None, "with_places": places or None})
    return _to_card(ctx, who, "\n\n".join(filter(None, (opening, ended))))


def _to_card(ctx: Context, who: Known, opening: str) -> Answer:
    """The lesson's steps leave the trail: from the card Quay lại leads to where the helper came from."""
    trail = tuple(at for at in ctx.chat.trail if Address.parse(at).handler != "together")
    trail = tuple(at for at in trail if not at.startswith(f"day:person:{who.id}"))
    return ctx.on(replace(ctx.chat, at="", trail=trail)).go(f"day:person:{who.id}", opening=opening)


def _for(ctx: Context, who: Known, shown: Reply) -> Reply:
    """The step under the member's name, its buttons ticking for them."""
    banner = ctx.words("together.banner", name=who.name, unit=who.unit).text
    own = [replace(choice, key=_own_key(who, choice.key)) for choice in shown.choices]
    room = ctx.words("together.finish", id=who.id).choices if len(own) < 3 else ()
    return replace(shown, text=f"{banner}\n\n{shown.text}", choices=(*own, *room))


def _own_key(who: Known, key: str) -> str:
    """`guide:done:android:AND-3` → `together:done:17:android:AND-3`."""
    _, name, rest = key.split(":", 2)
    return f"together:{name}:{who.id}:{rest}"


def _form(ctx: Context, who: Known) -> str:
    """As the member is addressed: the helper reads it aloud to them."""
    own = chats.of_person(ctx.conn, who.id)
    return own[0].form if own else ctx.library.commune.address_by_default


def _places(ctx: Context) -> dict[str, list[str]]:
    found = ctx.chat.notes.get("with_places")
    return dict(found) if isinstance(found, dict) else {}


def _guide(ctx: Context, slug: str) -> Guide:
    """The guide of this address.

    Raises:
        UserError: it was taken away since (an old button).
    """
    guide = ctx.library.guides.get(slug)
    if guide is None:
        raise UserError("guide.gone")
    return guide
