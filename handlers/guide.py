"""Bài hướng dẫn: one step at a time, a different help each time, a person when nothing helps.

Where somebody is stands wholly in the address: `guide:step:android:AND-3`, `guide:stuck:android:AND-3:1`.
"""

from __future__ import annotations

from bot import steps
from bot.context import HOME, Answer, Context
from bot.core.errors import UserError
from bot.core.guide import Guide, Option, Step
from bot.core.messages import Reply
from bot.core.routing import Routes
from storage import chats, stucks

route = Routes("guide")

_DONE, _NOT_YET = "guide:done:", "guide:not_yet:"
_ELSEWHERE = {"menu": HOME, "help": "help:ask"}


@route.tap("start", always=True)
def start(ctx: Context, name: str) -> Answer:
    """Open a lesson: where it was left, else its reminders, else its first step."""
    guide = ctx.library.find(name)
    if guide is None:
        return ctx.go(HOME, opening=ctx.words("guide.gone").text)
    if guide.order and guide.slug in ctx.chat.notes.get("bookmarks", {}):
        return ctx.go(f"guide:again:{guide.slug}")
    return ctx.go(f"guide:remind:{guide.slug}") if guide.reminders else _enter(ctx, guide, guide.steps[0])


@route.screen("remind")
def remind(ctx: Context, slug: str) -> Reply:
    """What to remember before beginning: only the store, no codes to anybody, no money."""
    guide = _guide(ctx, slug)
    lines = [ctx.fill(text) for text in guide.reminders]
    return ctx.reply("guide.remind", title=guide.title, reminders=lines, slug=guide.slug)


@route.tap("begin")
def begin(ctx: Context, slug: str) -> Answer:
    """From the first step, whatever was done before."""
    guide = _guide(ctx, slug)
    return _enter(ctx, guide, guide.steps[0])


@route.screen("again")
def again(ctx: Context, slug: str) -> Reply:
    """Coming back to a lesson: go on, or begin anew?"""
    guide = _guide(ctx, slug)
    step = guide.nearest(_bookmark(ctx, guide))
    place = guide.position(step.id)
    return ctx.reply("guide.again", title=guide.title, slug=slug, place=place, step=step.id)


@route.tap("go_on")
def go_on(ctx: Context, slug: str) -> Answer:
    guide = _guide(ctx, slug)
    return _enter(ctx, guide, guide.nearest(_bookmark(ctx, guide)))


@route.tap("resume", always=True)
@route.intent("resume")
def resume(ctx: Context) -> Answer:
    """Back to the step of the lesson last worked on."""
    if ctx.place.name in ("step", "stuck"):  # also of a lesson done with somebody else
        return ctx.here()
    left = ctx.chat.notes.get("last")
    guide = ctx.library.guides.get(left) if left else None
    if guide is None or guide.slug not in ctx.chat.notes.get("bookmarks", {}):
        return ctx.go(HOME)
    return _enter(ctx, guide, guide.nearest(_bookmark(ctx, guide)))


@route.screen("step")
def step(ctx: Context, slug: str, step_id: str) -> Reply:
    """One step: part and counter, what to do, what will be seen."""
    guide = _guide(ctx, slug)
    return steps.show(ctx.house.words, ctx.chat.form, guide, guide.nearest(step_id))


@route.screen("stuck")
def stuck(ctx: Context, slug: str, step_id: str, tries: str) -> Reply:
    """The n-th other way to do this step."""
    guide = _guide(ctx, slug)
    number = int(tries) if tries.isdigit() else 1
    return steps.show_repair(ctx.house.words, ctx.chat.form, ctx.library, guide, guide.nearest(step_id), number)


@route.tap("not_yet")
def not_yet(ctx: Context, slug: str, step_id: str, tries: str = "0") -> Answer:
    """ "Chưa được": each time another way, and after the last one a person."""
    guide = _guide(ctx, slug)
    now = guide.nearest(step_id)
    _mark_stuck(ctx, guide, now)
    following = int(tries) + 1 if tries.isdigit() else 1
    if following > len(now.stuck):
        return ctx.go("help:ask", opening=ctx.words("guide.nothing_helped").text)
    return ctx.go(f"guide:stuck:{slug}:{now.id}:{following}")


@route.tap("done")
def done(ctx: Context, slug: str, step_id: str, option: str = "") -> Answer:
    """This step is done: record what it marks, go where it leads."""
    guide = _guide(ctx, slug)
    now = guide.nearest(step_id)
    chosen = now.choices[int(option)] if option.isdigit() and int(option) < len(now.choices) else Option(label="")
    if chosen.device:
        ctx = ctx.stored(chats.set_device(ctx.conn, ctx.chat.id, chosen.device))
    return _follow(_reached(ctx, now), guide, now, chosen.go)


@route.screen("end")
def end(ctx: Context, slug: str) -> Reply:
    """The lesson is finished: plain praise, and where one can go from here."""
    guide = _guide(ctx, slug)
    return steps.show_end(ctx.house.words, ctx.chat.form, guide)


@route.intent("done")
def done_typed(ctx: Context) -> Answer:
    """ "xong rồi": the step in front is done, when there is one with a plain way on."""
    return _typed(ctx, _DONE)


@route.intent("not_done")
def not_done_typed(ctx: Context) -> Answer:
    return _typed(ctx, _NOT_YET)


def _typed(ctx: Context, action: str) -> Answer:
    """Only the usual pair is meant: among choices of the step's own, "xong" would be a guess."""
    ours = (key for key in (choice.key for choice in ctx.chat.offered) if key.startswith(action))
    key = next((key for key in ours if not (action == _DONE and len(key.split(":")) > 4)), None)
    if key is None or ctx.place.handler != "guide":
        return ctx.here(opening=ctx.words("guide.choose").text)
    return ctx.follow(key)


def _enter(ctx: Context, guide: Guide, first: Step, opening: str = "") -> Answer:
    """Show a step and keep it as the place to come back to; a known phone is not asked for again."""
    known = next((o for o in first.choices if o.device and o.device == ctx.chat.device), None)
    if known:
        return _follow(ctx, guide, first, known.go)
    bookmarks = {**ctx.chat.notes.get("bookmarks", {}), guide.slug: first.id}
    ctx = ctx.noting(bookmarks=bookmarks, last=guide.slug)
    return ctx.go(f"guide:step:{guide.slug}:{first.id}", opening=opening)


def _follow(ctx: Context, guide: Guide, now: Step, go: str) -> Answer:
    """Where an option leads."""
    if go in _ELSEWHERE:
        return ctx.go(_ELSEWHERE[go])
    target = guide.after(now.id) if go == "next" else guide.step(go)
    if target:
        return _enter(ctx, guide, target)
    ctx = _finished(ctx, guide)
    return ctx.go(f"guide:end:{guide.slug}") if go in ("next", "end") else start(ctx, go)


def _finished(ctx: Context, guide: Guide) -> Context:
    """This lesson is over: its end was reached, or it led on to another one."""
    notes = ctx.chat.notes
    bookmarks = {slug: place for slug, place in notes.get("bookmarks", {}).items() if slug != guide.slug}
    return ctx.noting(bookmarks=bookmarks, finished=sorted({*notes.get("finished", []), guide.slug}))


def _reached(ctx: Context, now: Step) -> Context:
    """Record what finishing this step means: in the person's progress, or in the chat until it has one."""
    what = now.marks or now.reason
    if what is None or ctx.chat.consent != "yes":
        return ctx
    if ctx.chat.person_id:
        ctx.reach(what, ctx.now)
        return ctx
    return ctx.noting(reached={**ctx.chat.notes.get("reached", {}), what: ctx.now.isoformat()})


def _mark_stuck(ctx: Context, guide: Guide, now: Step) -> None:
    """For the cluster alarm of the unit; with consent only."""
    unit_id = ctx.chat.unit_id
    if unit_id and ctx.chat.consent == "yes":
        chat = ctx.chat
        stucks.note(ctx.conn, unit_id, guide.slug, now.id, chat_id=chat.id, person_id=chat.person_id, now=ctx.now)


def _bookmark(ctx: Context, guide: Guide) -> str:
    return str(ctx.chat.notes.get("bookmarks", {}).get(guide.slug, guide.steps[0].id))


def _guide(ctx: Context, slug: str) -> Guide:
    """The guide of this address.

    Raises:
        UserError: it was taken away since (an old button).
    """
    guide = ctx.library.guides.get(slug)
    if guide is None:
        raise UserError("guide.gone")
    return guide
