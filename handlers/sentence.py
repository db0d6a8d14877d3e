"""Báo bằng một câu: several people in one sentence, read back as rows, corrected by number, saved in one go."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import claims, lists, scope, wording
from bot.context import Answer, Context
from bot.core import draft
from bot.core.dates import days_ago, local_day, moment_on
from bot.core.draft import Row
from bot.core.errors import UserError
from bot.core.messages import Choice, Reply
from bot.core.progress import EXEMPT, HAS_ERRORS, MILESTONES, REASONS, in_words_of_the_form
from bot.core.routing import Routes
from bot.core.telling import read_report
from bot.scope import Known, Scope

route = Routes("sentence")

_RESULTS = frozenset((*MILESTONES, HAS_ERRORS, *REASONS))
_NUMBERED = re.compile(r"^(?:sửa|sua|dòng|dong|số|so|câu|cau|hàng|hang|\s)*(\d{1,2})[.:,)]?\s*(.*)$", re.IGNORECASE)


@route.intent("report_result")
def told(ctx: Context) -> Answer:
    """A sentence of who has got how far. Nothing is saved before it is read back and found right."""
    mine = scope.scope_of(ctx, scope.REPORTS)
    everybody = scope.everybody(ctx, mine)
    rows = draft.read(read_report(ctx.heard.text, everybody), local_day(ctx.now))
    if not rows:
        return ctx.go("day:people:1", opening=ctx.words("sentence.nobody").text)
    names = {each.code: each.name for each in everybody}
    rows = tuple(replace(row, name=names.get(row.code or "", row.name)) for row in rows)
    return _next(_keeping(ctx, draft.added(_rows(ctx), rows)))


@route.screen("who")
def who(ctx: Context, place: str) -> Reply:
    """A name that several bear, or nobody: up to three of them, never guessed."""
    row = _row(ctx, place)
    found = _meant(ctx, row)
    shown = found[: lists.CANDIDATES]
    said = ctx.words(
        "sentence.who",
        said=row.name,
        lines=[lists.told_apart(ctx, each) for each in shown],
        more=len(found) - len(shown),
    )
    open_ = ctx.words("sentence.leave_open", place=int(place)).choices if len(shown) < lists.CANDIDATES else ()
    return Reply(said.text, (*lists.names(shown, f"sentence:is:{place}"), *open_))


@route.screen("who_else")
def who_else(ctx: Context, place: str) -> Reply:
    """The row is about somebody else: who?"""
    _row(ctx, place)
    return ctx.reply("sentence.who_else")


@route.hears("who")
@route.hears("who_else")
def who_typed(ctx: Context, text: str, place: str) -> Answer | None:
    """The name once more, fuller."""
    if ctx.heard.meaning.sure and ctx.heard.meaning.intent == "no":
        return ctx.follow(f"sentence:open:{place}")
    everybody = scope.everybody(ctx, scope.scope_of(ctx, scope.REPORTS))
    found = scope.alike(everybody, text)
    if len(found) == 1:
        return ctx.follow(f"sentence:is:{place}:{found[0].id}")
    return lists.which(ctx, text, found, f"sentence:is:{place}") if found else None


@route.tap("is")
def is_(ctx: Context, place: str, person_id: str) -> Answer:
    """This is who was meant."""
    _, known = scope.member(ctx, person_id, scope.REPORTS)
    _row(ctx, place)
    rows = draft.changed(_rows(ctx), int(place), name=known.name, code=known.code, left_open=False)
    return _next(_keeping(ctx, rows))


@route.tap("open")
def left_open(ctx: Context, place: str) -> Answer:
    """None of them: the row stays, to be corrected later."""
    _row(ctx, place)
    return _next(_keeping(ctx, draft.changed(_rows(ctx), int(place), left_open=True)))


@route.screen("what")
def what(ctx: Context, place: str) -> Reply:
    """Somebody named without a result: the next milestone is the likeliest, but it is asked."""
    row = _row(ctx, place)
    known = _known(ctx).get(row.code or "")
    following = known.state.next_milestone if known else None
    return ctx.reply("sentence.what", name=row.name, place=int(place), following=following or "")


@route.tap("set")
def set_(ctx: Context, place: str, what: str) -> Answer:
    _row(ctx, place)
    if what not in _RESULTS:
        return ctx.here()
    return _next(_keeping(ctx, draft.changed(_rows(ctx), int(place), what=what)))


@route.screen("rows")
def rows(ctx: Context) -> Reply:
    """Read back: a line a person."""
    found = _rows(ctx)
    if not found:
        return ctx.reply("sentence.empty")
    lines = [_line(ctx, place, row) for place, row in enumerate(found, 1)]
    return ctx.reply("sentence.rows", lines=lines, ready=sum(_counts(row) for row in found))


@route.hears("rows")
def rows_typed(ctx: Context, text: str) -> Answer | None:
    """ "Đúng" saves; "sửa 2" opens a row, "2 đi vắng" corrects it; names add rows."""
    said = ctx.heard.meaning
    if said.sure and said.intent in ("yes", "no"):
        return ctx.follow("sentence:save" if said.intent == "yes" else "sentence:fix:1")
    numbered = _NUMBERED.match(text.strip())
    if numbered and 0 < int(numbered[1]) <= len(_rows(ctx)):
        return _corrected(ctx, int(numbered[1]) - 1, numbered[2])
    mine = scope.scope_of(ctx, scope.REPORTS)
    return told(ctx) if read_report(text, scope.everybody(ctx, mine)) else None


@route.screen("fix")
def fix(ctx: Context, page: str = "1") -> Reply:
    """Which row is wrong?"""
    numbered = list(enumerate(_rows(ctx)))
    shown, number, pages = lists.cut(numbered, page)
    lines = [_line(ctx, place + 1, row) for place, row in shown]
    said = ctx.words("sentence.fix", lines=lines)
    own = [Choice(f"sentence:row:{at}", ctx.words("sentence.open_row", number=at + 1).text) for at, _ in shown]
    return Reply(said.text, (*own, *lists.following(ctx, "sentence:fix", number, pages)))


@route.screen("row")
def row(ctx: Context, place: str) -> Reply:
    """One row, and what may be wrong with it."""
    found = _row(ctx, place)
    return ctx.reply("sentence.row", line=_line(ctx, int(place) + 1, found), place=int(place))


@route.tap("drop")
def drop(ctx: Context, place: str) -> Answer:
    _row(ctx, place)
    return _next(_keeping(ctx, draft.without(_rows(ctx), int(place))))


@route.tap("drop_all")
def drop_all(ctx: Context) -> Answer:
    """Nothing of it is saved."""
    _rows(ctx)
    return ctx.noting(report=None).go("day:today", opening=ctx.words("sentence.dropped").text)


@route.tap("save")
def save(ctx: Context) -> Answer:
    """All rows that are clear, in one transaction; the others stay to be corrected."""
    mine, known = scope.scope_of(ctx, scope.REPORTS), _known(ctx)
    ready = [row for row in _rows(ctx) if _counts(row) and row.code in known]
    if not ready:
        return ctx.turn_to("sentence:rows", opening=ctx.words("sentence.nothing_ready").text)
    saved = [_save(ctx, mine, known, row) for row in ready]
    left = tuple(row for row in _rows(ctx) if row not in ready and row.what != EXEMPT)
    ctx = _keeping(ctx, left)
    answer = ctx.turn_to(f"sentence:saved:{saved[0].event.id}")
    return answer.also(*(notice for told in saved for notice in told.notices))


@route.screen("saved")
def saved(ctx: Context, event_id: str) -> Reply:
    """What was saved in one go, as it stands now."""
    together = claims.told_at_once(ctx, event_id)
    about = [(event, scope.member(ctx, str(event.person_id))[1]) for event in together]
    lines = [
        ctx.words(
            "sentence.saved_line",
            name=who.name,
            status=wording.status(ctx, event.what),
            conflict=who.state.conflict is not None,
        ).text
        for event, who in about
    ]
    return ctx.reply("sentence.saved", lines=lines, id=event_id, left=len(_rows(ctx)))


def _save(ctx: Context, mine: Scope, known: dict[str, Known], row: Row) -> claims.Told:
    happened = moment_on(row.happened_on, ctx.now)
    return claims.tell(ctx, mine, known[row.code or ""].person, row.what or "", happened)


def _corrected(ctx: Context, place: int, said: str) -> Answer:
    """ "2" opens the row; "2 đi vắng" sets its result."""
    row = _rows(ctx)[place]
    known = _known(ctx).get(row.code or "")
    told = read_report(f"{known.name} {said}", [known]) if known and said else ()
    if told and told[0].status:
        return ctx.follow(f"sentence:set:{place}:{in_words_of_the_form(told[0].status)}")
    return ctx.go(f"sentence:row:{place}")


def _next(ctx: Context) -> Answer:
    """The next thing that is not clear, one after the other; then the rows read back."""
    found = _rows(ctx)
    unsettled, without = draft.first_unsettled(found), draft.first_without_result(found)
    address = "sentence:rows"
    if unsettled is not None:
        address = f"sentence:who:{unsettled}"
    elif without is not None:
        address = f"sentence:what:{without}"
    return ctx.turn_to(address) if _is_inside(ctx) else ctx.go(address)


def _is_inside(ctx: Context) -> bool:
    """Within the report already: Quay lại leads out of it, not through every question of it."""
    place = ctx.place
    return place.handler == "sentence" or (place.handler == "report" and "".join(place.args[:1]).startswith("r"))


def _meant(ctx: Context, row: Row) -> list[Known]:
    everybody = scope.everybody(ctx, scope.scope_of(ctx, scope.REPORTS))
    return scope.alike(everybody, row.name, row.unit)


def _known(ctx: Context) -> dict[str, Known]:
    """Everybody in scope by their code."""
    return {each.code: each for each in scope.everybody(ctx, scope.scope_of(ctx, scope.REPORTS))}


def _rows(ctx: Context) -> tuple[Row, ...]:
    """What is being read back.

    Raises:
        UserError: the person in front reports of nobody (any more).
    """
    scope.scope_of(ctx, scope.REPORTS)
    return draft.from_notes(ctx.chat.notes.get("report"))


def _row(ctx: Context, place: str) -> Row:
    """The row at this place.

    Raises:
        UserError: it was saved or dropped meanwhile (an old button).
    """
    rows = _rows(ctx)
    if not place.isdigit() or int(place) >= len(rows):
        raise UserError("sentence.gone")
    return rows[int(place)]


def _keeping(ctx: Context, rows: tuple[Row, ...]) -> Context:
    return ctx.noting(report=draft.kept(rows) or None)


def _counts(row: Row) -> bool:
    """Whether it can be saved; an exemption is for the secretary of the chi bộ alone."""
    return row.is_ready and row.what != EXEMPT


def _line(ctx: Context, number: int, row: Row) -> str:
    happened = moment_on(row.happened_on, ctx.now)
    return ctx.words(
        "sentence.line",
        number=number,
        name=row.name,
        status=wording.status(ctx, row.what),
        known=row.code is not None,
        exempt=row.what == EXEMPT,
        ago=days_ago(happened, ctx.now),
        day=row.happened_on.strftime("%d/%m"),
    ).text
