"""Hôm nay làm gì: who waits, who is left and why, who promised what; and one person's card with their history."""

from __future__ import annotations

from bot import cards, lists, scope, wording
from bot.context import Answer, Context
from bot.core.errors import UserError
from bot.core.messages import Choice, Reply
from bot.core.progress import Event
from bot.core.routing import Routes
from bot.scope import Known, Scope
from storage import audit, helps, people, progress, units
from storage.helps import HelpRequest

route = Routes("day")

_PROMISES = 3
_NAME_WORDS = 8


@route.screen("today")
def today(ctx: Context) -> Reply:
    """What there is to do: calls, promises, how many are left."""
    mine = scope.scope_of(ctx)
    places = None if mine.is_everywhere else mine.unit_ids
    taken = helps.taken(ctx.conn, places)
    left, due, conflicts = _left_of(ctx, mine)
    return ctx.reply(
        "day.today",
        left=left,
        due=due,
        conflicts=conflicts if mine.has(*scope.DECIDES) else 0,
        waiting=len(helps.waiting(ctx.conn, places)),
        promises=[_promise(ctx, call) for call in taken[:_PROMISES]],
        more=max(0, len(taken) - _PROMISES),
        helps=mine.has(*scope.REPORTS),
    )


@route.command("homnay")
def today_command(ctx: Context, rest: str) -> Answer:
    return ctx.go("day:today")


@route.intent("my_list")
def today_typed(ctx: Context) -> Answer:
    return ctx.go("day:today")


@route.screen("more")
def more(ctx: Context) -> Reply:
    """What is done less often."""
    mine = scope.scope_of(ctx)
    can = {"decides": scope.DECIDES, "reports": scope.REPORTS, "teaches": scope.TEACHES}
    return ctx.reply("day.more", **{what: mine.has(*roles) for what, roles in can.items()})


@route.screen("people")
def list_(ctx: Context, page: str = "1", unit: str = "") -> Reply:
    """Who is left and why, two a page; those nothing is known of first, then those told of long ago."""
    mine = scope.scope_of(ctx)
    if mine.is_everywhere and not unit:
        return _places(ctx, mine, page)
    everybody = scope.everybody(ctx, mine, int(unit) if unit.isdigit() else None)
    if unit and not everybody and unit not in map(str, mine.unit_ids):
        raise UserError("day.not_yours")
    left = sorted((each for each in everybody if each.is_left), key=_urgency)
    shown, number, pages = lists.cut(left, page)
    said = ctx.words(
        "day.people",
        left=len(left),
        due=sum(not each.person.exempt for each in everybody),
        lines=[ctx.words("day.line", name=each.name, standing=wording.standing(ctx, each)).text for each in shown],
        page=number,
        pages=pages,
    )
    own = (*said.choices, *lists.names(shown))
    return Reply(said.text, (*own, *lists.following(ctx, "day:people", number, pages, unit)))


@route.hears("today")
@route.hears("more")
@route.hears("person")
@route.hears("people")
def name_typed(ctx: Context, text: str, *args: str) -> Answer | None:
    """A name as neighbours say it: that person's card, or the question which of them."""
    mine = scope.scope_of(ctx)
    found = scope.alike(scope.everybody(ctx, mine), text) if len(text.split()) <= _NAME_WORDS else []
    if len(found) == 1:
        return ctx.go(f"day:person:{found[0].id}")
    if found:
        return lists.which(ctx, text, found)
    unit = scope.unit_called(ctx, mine, text)
    return ctx.go(f"day:people:1:{unit.id}") if unit else None


@route.screen("person")
def person(ctx: Context, person_id: str, page: str = "1") -> Reply:
    """One member's card: how far, by whose word, and what can be done. Looking at it leaves a trace."""
    mine, who = scope.member(ctx, person_id)
    audit.note(ctx.conn, actor=mine.me.id, action="person.seen", subject=f"person:{who.id}", now=ctx.now)
    shown, number, pages = lists.cut(_actions(ctx, mine, who), page)
    latest = who.state.latest
    said = ctx.words(
        "day.person",
        name=who.name,
        unit=who.unit,
        cell=scope.cell_name(ctx, who.person),
        standing=wording.standing(ctx, who),
        told=wording.told(ctx, latest) if latest else "",
        conflict=who.state.conflict is not None,
    )
    return Reply(said.text, (*shown, *lists.following(ctx, f"day:person:{who.id}", number, pages)))


@route.screen("history")
def history(ctx: Context, person_id: str, page: str = "1") -> Reply:
    """Everything ever told about this member, also what was taken back, the newest first."""
    _, who = scope.member(ctx, person_id)
    shown, number, pages = lists.cut(progress.of_person(ctx.conn, who.id)[::-1], page)
    lines = [_history_line(ctx, place, event) for place, event in enumerate(shown, 1)]
    said = ctx.words("day.history", name=who.name, lines=lines, page=number, pages=pages)
    opening = [_opening(ctx, place, event) for place, event in enumerate(shown, 1)]
    return Reply(said.text, (*opening, *lists.following(ctx, f"day:history:{who.id}", number, pages)))


def _left_of(ctx: Context, mine: Scope) -> tuple[int, int, int]:
    """How many are left, of how many, and of how many two reports disagree.

    The whole commune is counted by the database, which reads nobody's name and weighs no reports.
    """
    if mine.is_everywhere:
        counts = progress.counts(ctx.conn, unit_id=None, cell_id=None)
        return counts.due - counts.info_checked, counts.due, 0
    everybody = scope.everybody(ctx, mine)
    due = sum(not each.person.exempt for each in everybody)
    return sum(each.is_left for each in everybody), due, sum(each.state.conflict is not None for each in everybody)


def _actions(ctx: Context, mine: Scope, who: Known) -> list[Choice]:
    """What the person in front may do about this member, the usual first."""
    can: list[Choice] = []
    if mine.role_over(who.person, scope.DECIDES) and who.state.conflict:
        can += ctx.words("day.can_decide", id=who.id).choices
    if mine.role_over(who.person, scope.REPORTS) and not who.person.exempt:
        can += ctx.words("day.can_report", id=who.id, following=who.state.next_milestone or "").choices
    if mine.is_secretary_of(who.person):
        can += ctx.words("day.can_exempt", id=who.id, exempt=who.person.exempt).choices
    return [*can, *ctx.words("day.can_look", id=who.id).choices]


def _places(ctx: Context, mine: Scope, page: str) -> Reply:
    """For the whole commune: the units where most are left, two a page."""
    left: dict[int, int] = {}
    for each in scope.everybody(ctx, mine):
        if each.is_left and each.person.unit_id:
            left[each.person.unit_id] = left.get(each.person.unit_id, 0) + 1
    names = {unit.id: unit.name for unit in units.all_(ctx.conn)}
    shown, number, pages = lists.cut(sorted(left, key=lambda unit: (-left[unit], unit)), page)
    lines = [ctx.words("day.place", unit=names[unit], left=left[unit]).text for unit in shown]
    said = ctx.words("day.places", lines=lines, page=number, pages=pages)
    opening = [Choice(f"day:people:1:{unit}", names[unit][: scope.MAX_LABEL].strip()) for unit in shown]
    return Reply(said.text, (*opening, *lists.following(ctx, "day:people", number, pages)))


def _urgency(who: Known) -> tuple[bool, float, int]:
    latest = who.state.latest
    return (who.state.conflict is None, latest.told_at.timestamp() if latest else 0.0, who.id)


def _promise(ctx: Context, call: HelpRequest) -> str:
    owner = people.get(ctx.conn, call.owner_person_id) if call.owner_person_id else None
    helper = owner.name if owner else ""
    when = cards.promise(ctx.scene, ctx.chat.form, call)
    return ctx.words("day.promise", helper=helper, name=call.name_given, when=when).text


def _opening(ctx: Context, place: int, event: Event) -> Choice:
    return Choice(f"report:one:{event.id}", ctx.words("day.open_line", number=place).text)


def _history_line(ctx: Context, place: int, event: Event) -> str:
    undone_by = people.get(ctx.conn, event.undone_by) if event.undone_by else None
    return ctx.words(
        "day.event",
        number=place,
        status=wording.status(ctx, event.what),
        told=wording.told(ctx, event),
        undone=event.undone_at is not None,
        undone_by=undone_by.name if undone_by else "",
    ).text
