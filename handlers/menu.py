"""Danh sách việc: what one can do here, the next lesson first."""

from __future__ import annotations

from collections.abc import Collection

from bot import scope
from bot.context import HOME, Answer, Context
from bot.core.guide import Guide
from bot.core.ladder import RUNGS
from bot.core.messages import Choice, Reply
from bot.core.routing import Routes
from storage import grants, helps, progress

route = Routes("menu")

_LESSONS_A_PAGE = 2
_LEADING = ("coordinator", "office", "admin")
_KEEPING_THE_LIST = ("office", "admin")


@route.screen("main")
def main(ctx: Context) -> Reply:
    """Home: staff see their work, everybody else the lesson that comes next."""
    role = _first_role(ctx)
    if role and role != "member":
        return ctx.reply("menu.staff", role=role, has_day=role in scope.SEES, waiting=_waiting(ctx))
    return _member_home(ctx)


@route.screen("tools")
def tools(ctx: Context, page: str = "1") -> Reply:
    """What staff do now and then."""
    if page == "2":
        return ctx.reply("menu.tools_2", keeps_list=_holds(ctx, _KEEPING_THE_LIST))
    return ctx.reply("menu.tools", leads=_holds(ctx, _LEADING))


@route.screen("roster")
def roster(ctx: Context) -> Reply:
    """Where the list of members is handed in: on the office's page, because it is a file."""
    return ctx.reply("menu.roster" if _holds(ctx, _KEEPING_THE_LIST) else "menu.no_numbers")


@route.command("menu")
def menu_command(ctx: Context, rest: str) -> Answer:
    return menu(ctx)


@route.intent("menu")
def menu(ctx: Context) -> Answer:
    return ctx.go(HOME)


@route.screen("more")
def more(ctx: Context) -> Reply:
    """Everything that is not a lesson."""
    return ctx.reply("menu.more")


@route.screen("settings")
def settings(ctx: Context) -> Reply:
    return ctx.reply("menu.settings", known=ctx.chat.person_id is not None)


@route.screen("lessons")
def lessons(ctx: Context, page: str = "1") -> Reply:
    """The list of lessons, two a page, so that there are never more than three choices."""
    shown = _lessons_for(ctx)
    pages = max(1, -(-len(shown) // _LESSONS_A_PAGE))
    number = min(int(page) if page.isdigit() else 1, pages)
    first = (max(number, 1) - 1) * _LESSONS_A_PAGE
    choices = [_choice(guide) for guide in shown[first : first + _LESSONS_A_PAGE]]
    following = number % pages + 1
    if pages > 1:
        choices += ctx.words("menu.other_lessons", page=following).choices
    said = ctx.words("menu.lessons", page=number, pages=pages)
    return Reply(said.text, tuple(choices))


def _member_home(ctx: Context) -> Reply:
    guide = _next_lesson(ctx)
    said = ctx.words("menu.member", lesson=guide.title if guide else "")
    first = [Choice(f"guide:start:{guide.slug}", _label(guide))] if guide else []
    return Reply(said.text, (*first, *said.choices))


def _next_lesson(ctx: Context) -> Guide | None:
    """The lesson a person is in the middle of, else the first one not finished that suits the phone."""
    bookmarks = ctx.chat.notes.get("bookmarks", {})
    finished = set(ctx.chat.notes.get("finished", []))
    shown = _lessons_for(ctx)
    begun = [guide for guide in shown if guide.slug in bookmarks and guide.slug not in finished]
    return next(iter(begun or [guide for guide in shown if guide.slug not in finished]), None)


def _lessons_for(ctx: Context) -> list[Guide]:
    """The lessons of this commune that suit the person's phone; without a smartphone only those for that."""
    device, shown = ctx.chat.device, ctx.library.lessons("member")
    if device == "none":
        return [guide for guide in shown if guide.for_device == "none"]
    return [guide for guide in shown if device is None or guide.for_device in (None, device)]


def _choice(guide: Guide) -> Choice:
    return Choice(f"guide:start:{guide.slug}", _label(guide))


def _label(guide: Guide) -> str:
    return guide.label or guide.title


def _waiting(ctx: Context) -> int:
    """Calls that nobody has taken yet, of the people whom the person in front helps."""
    if ctx.chat.person_id is None or not _holds(ctx, RUNGS):
        return 0
    return len(helps.waiting(ctx.conn, grants.units_of(ctx.conn, ctx.chat.person_id, RUNGS)))


def _holds(ctx: Context, roles: Collection[str]) -> bool:
    held = grants.roles(ctx.conn, ctx.chat.person_id) if ctx.chat.person_id else []
    return any(grant.role in roles for grant in held)


def _first_role(ctx: Context) -> str | None:
    """The role whose work is shown first: the one with the narrowest scope is met most often."""
    if not ctx.chat.person_id:
        return None
    return next(iter(grant.role for grant in grants.roles(ctx.conn, ctx.chat.person_id)), None)


@route.screen("progress")
def numbers(ctx: Context) -> Reply:
    """How far the units of one's scope are: counts only, never names."""
    held = grants.roles(ctx.conn, ctx.chat.person_id) if ctx.chat.person_id else []
    if not held:
        return ctx.reply("menu.no_numbers")
    counts = progress.counts(ctx.conn, unit_id=held[0].scope_unit_id, cell_id=held[0].scope_cell_id)
    return ctx.reply("menu.numbers", counts=counts)
