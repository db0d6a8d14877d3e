"""Giao việc: roles are given and taken back by the level above, each on its thôn, its chi bộ or the commune."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import papers, seats
from bot.context import Answer, Context
from bot.core import names
from bot.core.errors import UserError
from bot.core.messages import Choice, Reply
from bot.core.roles import REACH, appointed_by
from bot.core.routing import Routes
from bot.unitnames import cells_like, units_like
from storage import audit, cells, grants, invites, people, units
from storage.grants import Held

route = Routes("roles")

_A_PAGE = 2
_UNDO = timedelta(hours=24)
_LONGEST_NAME = 60


@route.command("giaoviec")
def command(ctx: Context, rest: str) -> Answer:
    return ctx.go("roles:start")


@route.screen("start")
def start(ctx: Context) -> Reply:
    _mine(ctx)
    return ctx.reply("roles.start")


@route.screen("pick")
def pick(ctx: Context, page: str = "1") -> Reply:
    """Which role; two a page, so that there are never more than three choices."""
    roles = _mine(ctx)
    shown, following = _page(len(roles), page)
    choices = [ctx.words("roles.role", role=role).choices[0] for role in roles[shown : shown + _A_PAGE]]
    more = ctx.words("roles.more_roles", page=following).choices if len(roles) > _A_PAGE else ()
    return Reply(ctx.words("roles.pick").text, (*choices, *more))


@route.tap("for")
def for_(ctx: Context, role: str) -> Answer:
    """Whoever has just one place to give it for is not asked for which."""
    own = _places(ctx, role)
    if REACH[role] == "commune":
        return ctx.go(f"roles:who:{role}:0")
    return ctx.go(f"roles:who:{role}:{own[0]}" if own and len(own) == 1 else f"roles:where:{role}")


@route.screen("where")
def where(ctx: Context, role: str) -> Reply:
    _places(ctx, role)
    return ctx.reply("roles.where", cell=REACH[role] == "cell")


@route.hears("where")
def where_typed(ctx: Context, text: str, role: str) -> Answer | None:
    sure, perhaps = (cells_like if REACH.get(role) == "cell" else units_like)(ctx.conn, text)
    if sure:
        return ctx.go(f"roles:who:{role}:{sure.id}")
    if not perhaps:
        return None
    return ctx.ask("roles.which", [Choice(f"roles:who:{role}:{each.id}", each.name[:20]) for each in perhaps])


@route.screen("who")
def who(ctx: Context, role: str, place: str) -> Reply:
    return ctx.reply("roles.who", role=role, place=_place(ctx, role, place))


@route.hears("who")
def who_typed(ctx: Context, text: str, role: str, place: str) -> Answer | None:
    """A full name: of somebody known there, or of somebody new."""
    said = names.tidy(text)[:_LONGEST_NAME]
    if len(names.key(said).split()) < 2 or any(map(str.isdigit, said)):
        return None
    _place(ctx, role, place)
    home = int(place) if REACH[role] == "unit" else None
    known = [each for each in people.called(ctx.conn, home) if names.same_person(said, each.name)][:_A_PAGE]
    ctx = ctx.noting(name=said)
    if not known:
        return ctx.go(f"roles:sure:{role}:{place}:0")
    choices = [Choice(f"roles:sure:{role}:{place}:{each.id}", f"Chọn {each.code}"[:20]) for each in known]
    new = ctx.words("roles.new", role=role, place=place).choices
    lines = [f"{each.code}: {each.name}" for each in known]
    answer = ctx.ask("roles.which", (*choices, *new))
    return replace(answer, replies=(replace(answer.replies[0], text=ctx.words("roles.known", lines=lines).text),))


@route.screen("sure")
def sure(ctx: Context, role: str, place: str, person_id: str) -> Reply:
    """What is about to be given to whom, before it is."""
    where_to = _place(ctx, role, place)
    return ctx.reply("roles.sure", role=role, place=place, where=where_to, name=_name(ctx, person_id), person=person_id)


@route.tap("give")
def give(ctx: Context, role: str, place: str, person_id: str) -> Answer:
    """Given; whoever is new to the bot gets a sheet with a code of their own."""
    _place(ctx, role, place)
    name, scope = _name(ctx, person_id), int(place) or None
    on = {"scope_unit_id": scope} if REACH[role] == "unit" else {"scope_cell_id": scope}
    person = int(person_id) or _new(ctx, name, on.get("scope_unit_id"))
    held = grants.roles(ctx.conn, person)
    if not any((each.role, each.scope_unit_id or each.scope_cell_id) == (role, scope) for each in held):
        grants.give(ctx.conn, person, role, granted_by=ctx.chat.person_id, now=ctx.now, **on)
        _note(ctx, f"role.given.{role}", person)
    invites.issue_missing(ctx.conn, [person], ctx.now)
    made = invites.of_person(ctx.conn, person, ctx.now)
    remark = ctx.words("paper.seats", seated=seats.hand_out(ctx.conn, [made], ctx.now, ctx.desk)).text
    ctx = ctx.noting(name=None)
    opening = f"{ctx.words('roles.given', name=name).text} {remark}".strip()
    answer = ctx.turn_to("roles:start", opening=opening)
    recipe, called = f"invites:person:{person}:docx", f"giay-rieng-{person}.docx"
    paper = papers.ask(ctx.conn, ctx.chat.person_id, recipe, called)
    return replace(answer, replies=(replace(answer.replies[0], paper=paper), *answer.replies[1:]))


@route.screen("held")
def held(ctx: Context, page: str = "1") -> Reply:
    """Who holds what, as far as the person in front may change it."""
    found = _within(ctx)
    shown, following = _page(len(found), page)
    here = found[shown : shown + _A_PAGE]
    numbered = list(enumerate(here, shown + 1))
    lines = [f"Số {number}: {_line(ctx, each)}" for number, each in numbered]
    said = ctx.words("roles.held", lines=lines, count=len(found))
    choices = [Choice(f"roles:one:{each.id}", f"Xem số {number}") for number, each in numbered]
    more = ctx.words("roles.more_held", page=following).choices if len(found) > _A_PAGE else ()
    return Reply(said.text, (*choices, *more))


@route.screen("one")
def one(ctx: Context, grant_id: str) -> Reply:
    found = _held(ctx, grant_id)
    return ctx.reply("roles.one", line=_line(ctx, found), grant=found, revoked=found.revoked_at is not None)


@route.tap("revoke")
def revoke(ctx: Context, grant_id: str) -> Answer:
    found = _held(ctx, grant_id)
    grants.revoke(ctx.conn, found.id, ctx.now)
    _note(ctx, f"role.revoked.{found.role}", found.person_id)
    return ctx.turn_to(f"roles:one:{found.id}", opening=ctx.words("roles.revoked").text)


@route.tap("restore")
def restore(ctx: Context, grant_id: str) -> Answer:
    """Within a day it is as if nothing had happened."""
    found = _held(ctx, grant_id)
    if found.revoked_at is None or ctx.now - found.revoked_at > _UNDO:
        return ctx.here()
    grants.restore(ctx.conn, found.id)
    _note(ctx, f"role.restored.{found.role}", found.person_id)
    return ctx.turn_to(f"roles:one:{found.id}", opening=ctx.words("roles.restored").text)


def _mine(ctx: Context) -> tuple[str, ...]:
    """The roles that the person in front may give.

    Raises:
        UserError: none.
    """
    held = grants.roles(ctx.conn, ctx.chat.person_id) if ctx.chat.person_id else []
    found = appointed_by(each.role for each in held)
    if not found:
        raise UserError("roles.not_for_you")
    return found


def _places(ctx: Context, role: str) -> list[int] | None:
    """The units for which they may give this role; None: everywhere.

    Raises:
        UserError: nowhere.
    """
    held = grants.roles(ctx.conn, ctx.chat.person_id) if ctx.chat.person_id and role in REACH else []
    giving = [each for each in held if role in appointed_by([each.role])]
    if any(each.is_everywhere for each in giving):
        return None
    own = [each.scope_unit_id for each in giving if each.scope_unit_id]
    if not own:
        raise UserError("roles.not_for_you")
    return own


def _place(ctx: Context, role: str, place: str) -> str:
    """The name of the place, which must be one they may give this role for.

    Raises:
        UserError: it is not.
    """
    own, number = _places(ctx, role), int(place) if place.isdigit() else 0
    if REACH[role] == "commune" and number == 0:
        return ctx.library.commune.name
    found = (cells.get if REACH[role] == "cell" else units.get)(ctx.conn, number)
    if found is None or not (own is None or number in own):
        raise UserError("roles.not_for_you")
    return found.name


def _within(ctx: Context) -> list[Held]:
    """Roles that they may take back: given by their level, in their reach, and never their own."""
    found = grants.all_held(ctx.conn, _mine(ctx))
    return [each for each in found if each.person_id != ctx.chat.person_id and _reaches(ctx, each)]


def _reaches(ctx: Context, held: Held) -> bool:
    own = _places(ctx, held.role)
    return own is None or held.scope_unit_id in own


def _held(ctx: Context, grant_id: str) -> Held:
    roles = _mine(ctx)
    found = grants.one(ctx.conn, int(grant_id)) if grant_id.isdigit() else None
    own = found is not None and found.person_id == ctx.chat.person_id
    if found is None or own or found.role not in roles or not _reaches(ctx, found):
        raise UserError("roles.not_for_you")
    return found


def _line(ctx: Context, held: Held) -> str:
    person = people.get(ctx.conn, held.person_id)
    unit = units.get(ctx.conn, held.scope_unit_id) if held.scope_unit_id else None
    cell = cells.get(ctx.conn, held.scope_cell_id) if held.scope_cell_id else None
    place = unit or cell
    return ctx.words(
        "roles.line", name=person.name if person else "", role=held.role, place=place.name if place else ""
    ).text


def _name(ctx: Context, person_id: str) -> str:
    """Of the person chosen, or as it was typed for somebody new."""
    number = int(person_id) if person_id.isdigit() else 0
    person = people.get(ctx.conn, number) if number else None
    name = person.name if person else str(ctx.chat.notes.get("name", "")) if not number else ""
    if not name:
        raise UserError("roles.nobody")
    return name


def _new(ctx: Context, name: str, unit_id: int | None) -> int:
    code = people.next_code(ctx.conn)
    return people.create(ctx.conn, code=code, name=name, unit_id=unit_id, now=ctx.now).id


def _note(ctx: Context, action: str, person_id: int) -> None:
    audit.note(ctx.conn, actor=ctx.chat.person_id, action=action, subject=f"person:{person_id}", now=ctx.now)


def _page(count: int, page: str) -> tuple[int, int]:
    """Where the page begins, and the number of the one that follows (after the last the first)."""
    pages = max(1, -(-count // _A_PAGE))
    number = min(max(int(page) if page.isdigit() else 1, 1), pages)
    return (number - 1) * _A_PAGE, number % pages + 1
