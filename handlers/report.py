"""Báo kết quả: how far a member is, or why not, in two taps; and taking a report back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import claims, lists, scope, wording
from bot.context import Answer, Context
from bot.core.dates import days_ago, local_day, moment_on, start_of_day
from bot.core.errors import UserError
from bot.core.messages import Choice, Reply
from bot.core.progress import HAS_ERRORS, MILESTONES, REASONS, Event, in_words_of_the_form
from bot.core.routing import Routes
from bot.core.telling import read_report
from bot.scope import Known, Scope
from storage import audit, people, progress

route = Routes("report")

_RESULTS = (*MILESTONES, HAS_ERRORS)
_ALL = frozenset((*_RESULTS, *REASONS))
_SET = {"p": "report:set", "r": "sentence:set"}  # whom a result is for: a person, or a row being read back


@route.screen("how")
def how(ctx: Context, target: str, page: str = "1") -> Reply:
    """How far it went."""
    return _chooser(ctx, "report.how", target, page, _RESULTS)


@route.screen("why")
def why(ctx: Context, target: str, page: str = "1") -> Reply:
    """Why not yet."""
    return _chooser(ctx, "report.why", target, page, REASONS)


@route.hears("how")
@route.hears("why")
def result_typed(ctx: Context, text: str, target: str, page: str = "1") -> Answer | None:
    """The result in words, for the person in front: "chưa có máy"."""
    if not target.startswith("p"):
        return None
    _, who = scope.member(ctx, target[1:], scope.REPORTS)
    told = read_report(f"{who.name} {text}", [who])
    if len(told) != 1 or not told[0].status:
        return None
    today = local_day(ctx.now)
    day = told[0].day.on(today) if told[0].day else None
    return _write(ctx, who.id, in_words_of_the_form(told[0].status), moment_on(day or today, ctx.now))


@route.tap("set")
def set_(ctx: Context, person_id: str, what: str) -> Answer:
    """Write it down and say so, with a way to take it back."""
    return _write(ctx, person_id, what, ctx.now)


@route.screen("saved")
def saved(ctx: Context, event_id: str) -> Reply:
    """What was just written down; looked up each time, so it is never out of date."""
    mine, who, event = _event(ctx, event_id, scope.REPORTS)
    everybody = scope.everybody(ctx, mine, who.person.unit_id)
    return ctx.reply(
        "report.saved",
        id=event.id,
        name=who.name,
        status=wording.status(ctx, event.what),
        happened=wording.happened(ctx, event),
        is_today=days_ago(event.happened_at, ctx.now) == 0,
        conflict=who.state.conflict is not None,
        left=sum(each.is_left for each in everybody),
        due=sum(not each.person.exempt for each in everybody),
    )


@route.tap("yesterday")
def yesterday(ctx: Context, event_id: str) -> Answer:
    """It was yesterday: the same report with its true day, in place of the first."""
    mine, who, event = _event(ctx, event_id, scope.REPORTS)
    _take_back(ctx, mine, who, event)
    told = claims.tell(ctx, mine, who.person, event.what, event.happened_at - timedelta(days=1))
    return _saved(ctx, told.event).also(*told.notices)


@route.screen("one")
def one(ctx: Context, event_id: str) -> Reply:
    """One report: what it says, who told it, and taking it back where that is one's right."""
    mine, who, event = _event(ctx, event_id)
    undone_by = people.get(ctx.conn, event.undone_by) if event.undone_by else None
    return ctx.reply(
        "report.one",
        id=event.id,
        person=who.id,
        name=who.name,
        status=wording.status(ctx, event.what),
        told=wording.told(ctx, event),
        undone=event.undone_at is not None,
        undone_by=undone_by.name if undone_by else "",
        can_undo=claims.may_undo(ctx, mine, who.person, event),
        can_restore=_may_restore(ctx, mine, who, event),
    )


@route.tap("undo", always=True)
def undo(ctx: Context, event_id: str) -> Answer:
    """Take a report back. Its line stays in the history."""
    mine, who, event = _event(ctx, event_id)
    if event.undone_at is None:
        _take_back(ctx, mine, who, event)
    return ctx.turn_to(f"report:one:{event.id}", opening=ctx.words("report.undone").text)


@route.tap("restore")
def restore(ctx: Context, event_id: str) -> Answer:
    """It was right after all: whoever took it back on the same day lets it count again."""
    mine, who, event = _event(ctx, event_id)
    if not _may_restore(ctx, mine, who, event):
        raise UserError("report.too_late")
    progress.restore(ctx.conn, event.id)
    _note(ctx, mine, "progress.restored", who)
    return ctx.turn_to(f"report:one:{event.id}", opening=ctx.words("report.restored").text)


@route.screen("mine")
def mine_(ctx: Context, page: str = "1") -> Reply:
    """What I reported today, the newest first: two a page, each to be opened."""
    mine = scope.scope_of(ctx, scope.REPORTS)
    shown, number, pages = lists.cut(progress.told_by(ctx.conn, mine.me.id, start_of_day(ctx.now)), page)
    rows = [(event, _name(ctx, event)) for event in shown]
    lines = [
        ctx.words("report.mine_line", number=place, name=name, status=wording.status(ctx, event.what)).text
        for place, (event, name) in enumerate(rows, 1)
    ]
    said = ctx.words("report.mine", lines=lines, page=number, pages=pages)
    opening = [
        Choice(f"report:one:{event.id}", ctx.words("day.open_line", number=place).text)
        for place, (event, _) in enumerate(rows, 1)
    ]
    return Reply(said.text, (*said.choices, *opening, *lists.following(ctx, "report:mine", number, pages)))


@route.intent("undo_report")
def undo_typed(ctx: Context) -> Answer:
    """ "Báo nhầm rồi": the last report, or the whole last sentence, to take back."""
    mine = scope.scope_of(ctx, scope.REPORTS)
    recent = progress.told_by(ctx.conn, mine.me.id, start_of_day(ctx.now))
    if not recent:
        return ctx.go("report:mine:1")
    together = [event for event in recent if event.told_at == recent[0].told_at]
    return ctx.go(f"report:{'one' if len(together) == 1 else 'together'}:{recent[0].id}")


@route.screen("together")
def together(ctx: Context, event_id: str) -> Reply:
    """The reports of one sentence: all of them back, or one."""
    found = claims.told_at_once(ctx, event_id)
    if not found:
        return ctx.reply("report.gone")
    lines = [
        ctx.words("report.mine_line", number=place, name=_name(ctx, event), status=wording.status(ctx, event.what)).text
        for place, event in enumerate(found, 1)
    ]
    return ctx.reply("report.together", lines=lines, id=int(event_id))


@route.tap("undo_all", always=True)
def undo_all(ctx: Context, event_id: str) -> Answer:
    """Take back everything that was saved in one go."""
    found = [_event(ctx, str(event.id)) for event in claims.told_at_once(ctx, event_id)]
    for mine, who, event in found:
        _take_back(ctx, mine, who, event)
    block = "report.undone_all" if found else "report.gone"
    return ctx.go("day:today", opening=ctx.words(block, count=len(found)).text)


def _chooser(ctx: Context, block: str, target: str, page: str, codes: tuple[str, ...]) -> Reply:
    """Two results a page."""
    action = f"{_SET.get(target[:1], 'report:set')}:{target[1:]}"
    shown, number, pages = lists.cut(codes, page)
    own = [Choice(f"{action}:{what}", ctx.words("report.button", what=what).text) for what in shown]
    said = ctx.words(block, name=_target_name(ctx, target))
    address = f"report:{block.removeprefix('report.')}:{target}"
    return Reply(said.text, (*own, *lists.following(ctx, address, number, pages)))


def _write(ctx: Context, person_id: str | int, what: str, happened_at: datetime) -> Answer:
    mine, who = scope.member(ctx, str(person_id), scope.REPORTS)
    if what not in _ALL:
        return ctx.here()
    told = claims.tell(ctx, mine, who.person, what, happened_at)
    opening = "" if told.is_new else ctx.words("report.already").text
    return _saved(ctx, told.event, opening).also(*told.notices)


def _target_name(ctx: Context, target: str) -> str:
    if target.startswith("p"):
        return scope.member(ctx, target[1:], scope.REPORTS)[1].name
    scope.scope_of(ctx, scope.REPORTS)
    rows, place = ctx.chat.notes.get("report", []), target[1:]
    known = place.isdigit() and int(place) < len(rows)
    return str(rows[int(place)][0]) if known else ""


def _saved(ctx: Context, event: Event, opening: str = "") -> Answer:
    return ctx.turn_to(f"report:saved:{event.id}", opening=opening)


def _event(ctx: Context, event_id: str, roles: Sequence[str] = scope.SEES) -> tuple[Scope, Known, Event]:
    """A report about somebody in one's scope.

    Raises:
        UserError: there is none, or it is about somebody else's people.
    """
    event = progress.get(ctx.conn, int(event_id)) if event_id.isdigit() else None
    if event is None:
        raise UserError("day.not_yours")
    return *scope.member(ctx, str(event.person_id), roles), event


def _take_back(ctx: Context, mine: Scope, who: Known, event: Event) -> None:
    if not claims.may_undo(ctx, mine, who.person, event):
        raise UserError("report.too_late")
    progress.undo(ctx.conn, event.id, by=mine.me.id, now=ctx.now)
    _note(ctx, mine, "progress.undone", who)


def _may_restore(ctx: Context, mine: Scope, who: Known, event: Event) -> bool:
    undone = event.undone_at
    own = event.undone_by == mine.me.id and undone is not None and days_ago(undone, ctx.now) == 0
    return own and event.undone_why != "exemption" and mine.role_over(who.person) is not None


def _name(ctx: Context, event: Event) -> str:
    person = people.get(ctx.conn, event.person_id)
    return person.name if person else ""


def _note(ctx: Context, mine: Scope, action: str, who: Known) -> None:
    audit.note(ctx.conn, actor=mine.me.id, action=action, subject=f"person:{who.id}", now=ctx.now)
