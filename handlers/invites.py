"""Giấy mời: the office, or a coordinator for their own unit, gets invitation sheets as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import papers, seats
from bot.context import Answer, Context
from bot.core.errors import UserError
from bot.core.messages import Reply
from bot.core.routing import Routes
from bot.unitnames import units_like
from storage import chats, grants, invites, people, units
from storage.invites import Invite
from storage.units import Unit

route = Routes("invites")

_EVERYWHERE = ("office", "admin")


@route.command("giaymoi")
def command(ctx: Context, rest: str) -> Answer:
    return start(ctx)


@route.tap("start")
def start(ctx: Context) -> Answer:
    """Whoever has just one unit is asked nothing."""
    own = _my_units(ctx)
    return ctx.go(f"invites:unit:{own[0]}" if own and len(own) == 1 else "invites:which")


@route.screen("which")
def which(ctx: Context) -> Reply:
    return ctx.reply("invites.which", all_of_it=_my_units(ctx) is None)


@route.hears("which")
def which_typed(ctx: Context, text: str) -> Answer | None:
    sure, perhaps = units_like(ctx.conn, text)
    if sure:
        return ctx.go(f"invites:unit:{sure.id}")
    if perhaps:
        return ctx.ask("invites.which_one", ctx.words("invites.units", units=perhaps).choices)
    return None


@route.screen("unit")
def unit(ctx: Context, unit_id: str) -> Reply:
    """What can be printed for this unit."""
    home = _unit(ctx, unit_id)
    return ctx.reply("invites.unit", unit=home, left=len(_not_in(ctx, home)))


@route.tap("sheet")
def sheet(ctx: Context, unit_id: str) -> Answer:
    """One sheet for everybody of the unit."""
    home = _unit(ctx, unit_id)
    made = invites.for_unit(ctx.conn, home.id, home.code, ctx.now)
    return _handed(ctx, [made], "invites.sheet", f"unit:{home.id}", f"giay-moi-{home.code}")


@route.tap("each")
def each(ctx: Context, unit_id: str) -> Answer:
    """A sheet of their own for each member who is not in yet. Codes that were given out already stay good."""
    home = _unit(ctx, unit_id)
    left = _not_in(ctx, home)
    if not left:
        return ctx.here(opening=ctx.words("invites.all_in").text)
    invites.issue_missing(ctx.conn, left, ctx.now)
    made = [invites.of_person(ctx.conn, person, ctx.now) for person in left]
    return _handed(ctx, made, "invites.each", f"people:{home.id}", f"giay-rieng-{home.code}")


@route.tap("every")
def every(ctx: Context) -> Answer:
    """The sheets of all units in one file."""
    if _my_units(ctx) is not None:
        raise UserError("invites.not_for_you")
    made = [invites.for_unit(ctx.conn, home.id, home.code, ctx.now) for home in units.all_(ctx.conn)]
    return _handed(ctx, made, "invites.sheet", "all:units", "giay-moi-ca-xa")


def _handed(ctx: Context, made: Sequence[Invite | None], block: str, recipe: str, name: str) -> Answer:
    """The file, whose sheets hold seats on Zalo from now on, as far as there are any."""
    paper = papers.ask(ctx.conn, ctx.chat.person_id, f"invites:{recipe}:docx", f"{name}.docx")
    remark = ctx.words("paper.seats", seated=seats.hand_out(ctx.conn, made, ctx.now, ctx.desk)).text
    answer = ctx.say(block)
    first, *others = answer.replies
    said = f"{first.text}\n\n{remark}" if remark else first.text
    return replace(answer, replies=(replace(first, text=said, paper=paper), *others))


def _my_units(ctx: Context) -> list[int] | None:
    """The units this person may print for; None means all of the commune.

    Raises:
        UserError: this is somebody else's work.
    """
    held = grants.roles(ctx.conn, ctx.chat.person_id) if ctx.chat.person_id else []
    if any(grant.role in _EVERYWHERE and grant.is_everywhere for grant in held):
        return None
    own = [grant.scope_unit_id for grant in held if grant.role == "coordinator" and grant.scope_unit_id]
    if not own:
        raise UserError("invites.not_for_you")
    return own


def _unit(ctx: Context, unit_id: str) -> Unit:
    """The unit, if it is this person's to print for.

    Raises:
        UserError: there is none, or it is not.
    """
    own = _my_units(ctx)
    found = units.get(ctx.conn, int(unit_id)) if unit_id.isdigit() else None
    if found is None or not (own is None or found.id in own):
        raise UserError("invites.not_for_you")
    return found


def _not_in(ctx: Context, home: Unit) -> list[int]:
    members = [person.id for person in people.members_of(ctx.conn, home.id)]
    known = chats.are_in(ctx.conn, members)
    return [member for member in members if member not in known]
