"""Học cả phòng: one person leads a chi bộ or a thôn through a lesson, ticks the room, and records who finished."""

from __future__ import annotations

import re

from bot import claims, lists, scope, steps, wording
from bot.context import Answer, Context
from bot.core import meeting as room
from bot.core.errors import UserError
from bot.core.guide import Guide
from bot.core.messages import Choice, Reply
from bot.core.progress import STEPS
from bot.core.routing import Routes
from bot.core.vietnamese import fold
from bot.scope import Known, Scope
from storage import audit, cells, meetings, units
from storage.meetings import Meeting

route = Routes("meeting")

_SEPARATORS = re.compile(r",|;|\n|\b(?:và|va|với|voi)\b")


@route.screen("where")
def where(ctx: Context, page: str = "1") -> Reply:
    """Whose meeting: one's chi bộ, one's unit; not asked where there is only one."""
    mine = scope.scope_of(ctx, scope.TEACHES)
    places = _rooms(ctx, mine)
    if not places:
        raise UserError("meeting.nowhere")
    if len(places) == 1:
        return lessons(ctx, places[0][0])
    shown, number, pages = lists.cut(places, page)
    own = [Choice(f"meeting:lessons:{key}:1", name[: scope.MAX_LABEL].strip()) for key, name in shown]
    return Reply(ctx.words("meeting.where").text, (*own, *lists.following(ctx, "meeting:where", number, pages)))


@route.screen("lessons")
def lessons(ctx: Context, key: str, page: str = "1") -> Reply:
    """Which lesson the room does today."""
    name, everybody = _room(ctx, key)
    shown, number, pages = lists.cut(ctx.library.lessons("member"), page)
    said = ctx.words("meeting.lessons", room=name, people=len(everybody))
    own = [Choice(f"meeting:open:{key}:{each.slug}", each.label or each.title) for each in shown]
    return Reply(said.text, (*own, *lists.following(ctx, f"meeting:lessons:{key}", number, pages)))


@route.tap("open")
def open_(ctx: Context, key: str, slug: str) -> Answer:
    """Begin, or go on where this room stopped last time."""
    _room(ctx, key)
    guide = _guide(ctx, slug)
    unit_id, cell_id = _ids(key)
    found = meetings.open_of(ctx.conn, unit_id=unit_id, cell_id=cell_id, lesson=guide.slug)
    return ctx.go(f"meeting:again:{found.id}") if found else _begin(ctx, key, guide)


@route.screen("again")
def again(ctx: Context, meeting_id: str) -> Reply:
    """The room stopped here: go on, or begin anew?"""
    now, guide, everybody = _meeting(ctx, meeting_id)
    return ctx.reply(
        "meeting.again",
        id=now.id,
        step=now.step,
        title=guide.title,
        place=guide.position(guide.nearest(now.step).id),
        count=len(room.with_the_room([each.id for each in everybody], now.behind)),
        people=len(everybody),
    )


@route.tap("anew")
def anew(ctx: Context, meeting_id: str) -> Answer:
    now, guide, _ = _meeting(ctx, meeting_id)
    meetings.close(ctx.conn, now.id, ctx.now)
    return _begin(ctx, _key(now), guide)


@route.screen("step")
def step(ctx: Context, meeting_id: str, step_id: str) -> Reply:
    """The step for the whole room, and how many have come this far."""
    now, guide, everybody = _meeting(ctx, meeting_id)
    at = guide.nearest(step_id)
    shown = steps.show(ctx.house.words, "dongchi", guide, at)
    said = ctx.words(
        "meeting.step",
        id=now.id,
        step=at.id,
        count=len(room.with_the_room([each.id for each in everybody], now.behind)),
        people=len(everybody),
        behind=len(now.behind),
    )
    return Reply(f"{shown.text}\n\n{said.text}", said.choices, picture=shown.picture)


@route.hears("step", first=True)
def step_typed(ctx: Context, text: str, meeting_id: str, step_id: str) -> Answer | None:
    """ "Xong rồi": the room has done it. Names: these have not."""
    said = ctx.heard.meaning
    if said.sure and said.intent == "done":
        return ctx.follow(f"meeting:onwards:{meeting_id}:{step_id}")
    if "xong" in fold(text).split():
        return None
    named = stuck_typed(ctx, text, meeting_id)
    return named or (ctx.go(f"meeting:stuck:{meeting_id}:1") if said.intent == "not_done" else None)


@route.tap("onwards")
def onwards(ctx: Context, meeting_id: str, step_id: str) -> Answer:
    """The room has done this step; those left behind stay where they are."""
    now, guide, _ = _meeting(ctx, meeting_id)
    following = guide.after(guide.nearest(step_id).id)
    if following is None:
        return ctx.go(f"meeting:end:{now.id}")
    meetings.move(ctx.conn, now.id, step=following.id, behind=now.behind, now=ctx.now)
    return ctx.go(f"meeting:step:{now.id}:{following.id}")


@route.screen("stuck")
def stuck(ctx: Context, meeting_id: str, page: str = "1") -> Reply:
    """Who has not done it, or is not here: a tap leaves them behind."""
    now, _, everybody = _meeting(ctx, meeting_id)
    here = [each for each in everybody if str(each.id) not in now.behind]
    return _ticking(ctx, "meeting.stuck", now, here, f"meeting:stuck:{now.id}", page)


@route.screen("back_in")
def back_in(ctx: Context, meeting_id: str, page: str = "1") -> Reply:
    """Who has caught up: a tap takes them along again."""
    now, _, everybody = _meeting(ctx, meeting_id)
    behind = [each for each in everybody if str(each.id) in now.behind]
    return _ticking(ctx, "meeting.back_in", now, behind, f"meeting:back_in:{now.id}", page)


@route.hears("stuck", first=True)
@route.hears("back_in", first=True)
def stuck_typed(ctx: Context, text: str, meeting_id: str, page: str = "1") -> Answer | None:
    """Names, one or several, divided by commas: each is ticked; a doubtful one is asked."""
    _, _, everybody = _meeting(ctx, meeting_id)
    found = [(part, _called(everybody, part)) for part in _SEPARATORS.split(text) if part.strip()]
    clear = [people[0] for _, people in found if len(people) == 1]
    doubtful = next(((part, people) for part, people in found if len(people) > 1), None)
    if not clear and not doubtful:
        return None
    for who in clear:
        _tick(ctx, meeting_id, who)
    if doubtful:
        return lists.which(ctx, *doubtful, f"meeting:tick:{meeting_id}")
    return ctx.here(opening=ctx.words("meeting.ticked", names=", ".join(who.name for who in clear)).text)


@route.tap("tick")
def tick(ctx: Context, meeting_id: str, person_id: str) -> Answer:
    """Left behind, or caught up."""
    _, _, everybody = _meeting(ctx, meeting_id)
    who = next((each for each in everybody if str(each.id) == person_id), None)
    if who is None:
        raise UserError("day.not_yours")
    _tick(ctx, meeting_id, who)
    return ctx.here(opening=ctx.words("meeting.ticked", names=who.name).text)


@route.screen("end")
def end(ctx: Context, meeting_id: str) -> Reply:
    """The lesson is over: who finished, and one question before it is written down."""
    now, guide, everybody = _meeting(ctx, meeting_id)
    finished = room.with_the_room([each.id for each in everybody], now.behind)
    what = room.milestone_of(guide)
    return ctx.reply(
        "meeting.end",
        id=now.id,
        title=guide.title,
        count=len(finished),
        people=len(everybody),
        what=wording.status(ctx, what) if what else "",
    )


@route.tap("save")
def save(ctx: Context, meeting_id: str) -> Answer:
    """One confirmation writes the milestone down for everybody who finished."""
    now, guide, everybody = _meeting(ctx, meeting_id)
    mine, what = scope.scope_of(ctx, scope.TEACHES), room.milestone_of(guide)
    finished = [each for each in everybody if str(each.id) not in now.behind]
    new = [each for each in finished if what and each.state.step < STEPS[what]]
    told = [claims.tell(ctx, mine, each.person, what or "", ctx.now, scope.TEACHES) for each in new]
    meetings.close(ctx.conn, now.id, ctx.now)
    audit.note(ctx.conn, actor=mine.me.id, action="meeting.closed", subject=f"meeting:{now.id}", now=ctx.now)
    answer = ctx.go("day:today", opening=ctx.words("meeting.saved", title=guide.title, count=len(finished)).text)
    return answer.also(*(notice for each in told for notice in each.notices))


@route.tap("pause")
def pause(ctx: Context, meeting_id: str) -> Answer:
    """Another day: nothing expires."""
    _meeting(ctx, meeting_id)
    return ctx.go("day:today", opening=ctx.words("meeting.paused").text)


def _called(everybody: list[Known], said: str) -> list[Known]:
    """Who is meant by a name, also with more words behind it ("bà Hiền chưa được")."""
    words = said.split()
    tried = (scope.alike(everybody, " ".join(words[:size])) for size in range(len(words), 0, -1))
    return next((found for found in tried if found), [])


def _begin(ctx: Context, key: str, guide: Guide) -> Answer:
    unit_id, cell_id = _ids(key)
    me, first = scope.scope_of(ctx, scope.TEACHES).me, guide.steps[0]
    made = meetings.open_(
        ctx.conn, unit_id=unit_id, cell_id=cell_id, lesson=guide.slug, step=first.id, led_by=me.id, now=ctx.now
    )
    audit.note(ctx.conn, actor=me.id, action="meeting.opened", subject=f"meeting:{made.id}", now=ctx.now)
    return ctx.go(f"meeting:step:{made.id}:{first.id}")


def _tick(ctx: Context, meeting_id: str, who: Known) -> None:
    """Left behind; on the list of those behind: caught up."""
    now, _, _ = _meeting(ctx, meeting_id)
    behind = room.left_behind(now.behind, who.id, now.step)
    if ctx.place.name == "back_in":
        behind = room.caught_up(now.behind, who.id)
    meetings.move(ctx.conn, now.id, step=now.step, behind=behind, now=ctx.now)


def _ticking(ctx: Context, block: str, now: Meeting, people: list[Known], address: str, page: str) -> Reply:
    shown, number, pages = lists.cut(people, page)
    said = ctx.words(block, people=len(people), page=number, pages=pages)
    own = lists.names(shown, f"meeting:tick:{now.id}")
    return Reply(said.text, (*own, *lists.following(ctx, address, number, pages)))


def _rooms(ctx: Context, mine: Scope) -> list[tuple[str, str]]:
    """Every unit and chi bộ this person may lead, with its name: `u12`, `c3`."""
    own_units = [units.get(ctx.conn, unit_id) for unit_id in dict.fromkeys(mine.unit_ids)]
    own_cells = [cells.get(ctx.conn, cell_id) for cell_id in dict.fromkeys(mine.cell_ids)]
    return [
        *((f"c{cell.id}", cell.name) for cell in own_cells if cell),
        *((f"u{unit.id}", unit.name) for unit in own_units if unit),
    ]


def _room(ctx: Context, key: str) -> tuple[str, list[Known]]:
    """The room's name and who belongs to it; the exempt need not come.

    Raises:
        UserError: it is not this person's to lead.
    """
    mine = scope.scope_of(ctx, scope.TEACHES)
    name = dict(_rooms(ctx, mine)).get(key)
    if name is None:
        raise UserError("day.not_yours")
    number, of_unit = int(key[1:]), key.startswith("u")
    people = [each for each in scope.everybody(ctx, mine) if not each.person.exempt]
    return name, [each for each in people if number == (each.person.unit_id if of_unit else each.person.cell_id)]


def _meeting(ctx: Context, meeting_id: str) -> tuple[Meeting, Guide, list[Known]]:
    """A meeting that is not over, its lesson, and who belongs to the room.

    Raises:
        UserError: it is over, or somebody else's.
    """
    found = meetings.get(ctx.conn, int(meeting_id)) if meeting_id.isdigit() else None
    if found is None or found.state != "open":
        raise UserError("meeting.over")
    return found, _guide(ctx, found.lesson), _room(ctx, _key(found))[1]


def _ids(key: str) -> tuple[int | None, int | None]:
    number = int(key[1:]) if key[1:].isdigit() else 0
    return (number, None) if key.startswith("u") else (None, number)


def _key(now: Meeting) -> str:
    return f"u{now.unit_id}" if now.unit_id is not None else f"c{now.cell_id}"


def _guide(ctx: Context, slug: str) -> Guide:
    guide = ctx.library.guides.get(slug)
    if guide is None:
        raise UserError("guide.gone")
    return guide
