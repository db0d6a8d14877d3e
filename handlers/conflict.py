"""Hai báo cáo khác nhau: both are shown to the coordinator, who decides, or sends somebody to see."""

from __future__ import annotations

from bot import dispatch, lists, scope, wording
from bot.context import Answer, Context
from bot.core.errors import UserError
from bot.core.messages import Reply
from bot.core.progress import Conflict, Event
from bot.core.routing import Routes
from bot.scope import Known, Scope
from storage import audit, helps, progress
from storage.helps import HelpRequest

route = Routes("conflict")


@route.screen("list")
def list_(ctx: Context, page: str = "1") -> Reply:
    """Everybody of whom two reports cannot both be true."""
    mine = scope.scope_of(ctx, scope.DECIDES)
    found = [each for each in scope.everybody(ctx, mine) if each.state.conflict]
    shown, number, pages = lists.cut(found, page)
    said = ctx.words("conflict.list", count=len(found), page=number, pages=pages)
    own = (*said.choices, *lists.names(shown, "conflict:one"))
    return Reply(said.text, (*own, *lists.following(ctx, "conflict:list", number, pages)))


@route.screen("one")
def one(ctx: Context, person_id: str) -> Reply:
    """Both reports in the order they were told, by whom and when."""
    _, who = scope.member(ctx, person_id, scope.DECIDES)
    found = who.state.conflict
    if found is None:
        return ctx.reply("conflict.settled", name=who.name, standing=wording.standing(ctx, who), id=who.id)
    first, second = sorted((found.claim, found.denial), key=lambda each: (each.told_at, each.id))
    return ctx.reply(
        "conflict.one",
        name=who.name,
        unit=who.unit,
        id=who.id,
        first=_said(ctx, first),
        second=_said(ctx, second),
        first_id=first.id,
        second_id=second.id,
    )


@route.screen("ask")
def ask(ctx: Context, person_id: str, kept_id: str) -> Reply:
    """Asked once, because the other report is taken back."""
    _, who, found = _conflict(ctx, person_id, kept_id)
    kept, other = _sides(found, kept_id)
    return ctx.reply(
        "conflict.ask", name=who.name, id=who.id, kept_id=kept.id, kept=_said(ctx, kept), other=_said(ctx, other)
    )


@route.tap("keep")
def keep(ctx: Context, person_id: str, kept_id: str) -> Answer:
    """This one is right: the other is marked taken back, with the reason."""
    mine, who, found = _conflict(ctx, person_id, kept_id)
    _, other = _sides(found, kept_id)
    progress.undo(ctx.conn, other.id, by=mine.me.id, now=ctx.now, why="conflict")
    audit.note(ctx.conn, actor=mine.me.id, action="conflict.decided", subject=f"person:{who.id}", now=ctx.now)
    return ctx.turn_to(f"report:one:{other.id}", opening=ctx.words("conflict.decided").text)


@route.tap("visit")
def visit(ctx: Context, person_id: str) -> Answer:
    """Nobody can tell from here: a helper is asked to go and see."""
    mine, who = scope.member(ctx, person_id, scope.DECIDES)
    call = _call_about(ctx, who) or _call(ctx, who)
    audit.note(ctx.conn, actor=mine.me.id, action="conflict.visit", subject=f"person:{who.id}", now=ctx.now)
    answer = ctx.turn_to("conflict:list:1", opening=ctx.words("conflict.visit", name=who.name, code=call.code).text)
    asked = (notice for notice in dispatch.advance(ctx.scene, call.id) if notice.to != ctx.chat.id)
    return answer.also(*asked)


def _call_about(ctx: Context, who: Known) -> HelpRequest | None:
    """Somebody is going there already."""
    unit = who.person.unit_id
    alive = helps.waiting(ctx.conn, [unit]) + helps.taken(ctx.conn, [unit]) if unit else []
    return next((call for call in alive if call.person_id == who.id), None)


def _call(ctx: Context, who: Known) -> HelpRequest:
    return helps.open_(
        ctx.conn,
        chat_id=None,
        person_id=who.id,
        unit_id=who.person.unit_id,
        way="home",
        lesson="",
        step="",
        tried=0,
        name_given=who.name,
        phone_given=who.person.phone or "",
        now=ctx.now,
    )


def _conflict(ctx: Context, person_id: str, event_id: str) -> tuple[Scope, Known, Conflict]:
    """The two reports, if this is one of them still.

    Raises:
        UserError: somebody has decided meanwhile.
    """
    mine, who = scope.member(ctx, person_id, scope.DECIDES)
    found = who.state.conflict
    if found is None or event_id not in (str(found.claim.id), str(found.denial.id)):
        raise UserError("conflict.gone")
    return mine, who, found


def _sides(found: Conflict, kept_id: str) -> tuple[Event, Event]:
    kept_is_claim = kept_id == str(found.claim.id)
    return (found.claim, found.denial) if kept_is_claim else (found.denial, found.claim)


def _said(ctx: Context, event: Event) -> str:
    return ctx.words("conflict.said", status=wording.status(ctx, event.what), told=wording.told(ctx, event)).text
