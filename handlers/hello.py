"""First contact: who runs this, what is kept, how to address the person, which phone, which unit.

Each question is asked once; whatever is known already is skipped.
"""

from __future__ import annotations

from bot.context import HOME, Answer, Context
from bot.core.forms import FORMS
from bot.core.messages import Reply
from bot.core.routing import Routes
from bot.core.vietnamese import fold
from storage import chats, grants, invites, sharing

route = Routes("hello")

_FORM_WORDS = {fold(form.bac): code for code, form in FORMS.items()}
_CRIES = frozenset({"giup", "cuu", "nguoi", "lua"})
_FORM_PAGES = ("1", "2", "3", "4")


@route.screen("who")
def who(ctx: Context) -> Reply:
    """The very first message: who runs this, free, never asks for codes (≤ 6 short lines)."""
    return ctx.reply("hello.who", commune=ctx.library.commune, name=_name(ctx))


@route.tap("begin")
def begin(ctx: Context) -> Answer:
    """The next question that is still open, or home."""
    return ctx.go(_next_question(ctx))


@route.screen("consent")
def consent(ctx: Context) -> Reply:
    return ctx.reply("hello.consent")


@route.screen("details")
def details(ctx: Context) -> Reply:
    """The whole notice: what, why, who, how long, which rights (domain facts L6, L7)."""
    return ctx.reply("hello.details", commune=ctx.library.commune)


@route.tap("agree")
def agree(ctx: Context) -> Answer:
    return _answered(ctx, "yes")


@route.tap("refuse")
def refuse(ctx: Context) -> Answer:
    """Nothing about the person is kept; the guides are there all the same."""
    return _answered(ctx, "no")


@route.hears("consent")
@route.hears("details")
def consent_typed(ctx: Context, text: str) -> Answer | None:
    """Only a plain yes or no counts: silence or a guess is not consent (L6)."""
    said = ctx.heard.meaning
    if not said.sure or said.intent not in ("yes", "no"):
        return None
    return _answered(ctx, said.intent)


@route.screen("form")
def form(ctx: Context, page: str = "1") -> Reply:
    """How to be addressed; two forms a page, so that there are never more than three choices."""
    return ctx.reply(f"hello.form_{page if page in _FORM_PAGES else '1'}")


@route.tap("call")
def call(ctx: Context, code: str) -> Answer:
    """This is how I want to be addressed."""
    ctx = ctx.stored(chats.set_form(ctx.conn, ctx.chat.id, code if code in FORMS else "bac"))
    return _next(ctx.noting(called=True), opening=ctx.words("hello.called").text)


@route.hears("form", first=True)
def form_typed(ctx: Context, text: str, page: str = "1") -> Answer | None:
    """ "gọi là chú", "ông": the form named in the sentence, when it names just one and does not cry for help."""
    said = fold(text)
    if not _CRIES.isdisjoint(said.split()):
        return None
    named = {code for word, code in _FORM_WORDS.items() if f" {word} " in f" {said} "}
    return call(ctx, named.pop()) if len(named) == 1 else None


@route.screen("device")
def device(ctx: Context) -> Reply:
    return ctx.reply("hello.device")


@route.screen("which")
def which(ctx: Context) -> Reply:
    """Not sure which phone: look at its back."""
    return ctx.reply("hello.which")


@route.tap("phone")
def phone(ctx: Context, kind: str) -> Answer:
    ctx = ctx.stored(chats.set_device(ctx.conn, ctx.chat.id, kind))
    if kind == "none":
        return ctx.noting(asked_unit=True).follow("guide:start:khong-may")
    return _next(ctx)


@route.screen("unit")
def unit(ctx: Context) -> Reply:
    """The code on the invitation sheet, now or later."""
    return ctx.reply("hello.unit")


@route.hears("unit")
def unit_typed(ctx: Context, text: str) -> Answer | None:
    """A code in force however it is typed, also with the tone marks of the thôn's name."""
    known = invites.find(ctx.conn, text, ctx.now)
    found: Answer | None = ctx.house.book.intents["heard_code"](ctx) if known else None
    return found


@route.tap("unit_later")
def unit_later(ctx: Context) -> Answer:
    return ctx.noting(asked_unit=True).go(HOME)


@route.command("start")
def start(ctx: Context, rest: str) -> Answer:
    """Opened anew: the first message for a newcomer, the place they were at for everybody else."""
    if ctx.chat.consent is None:
        return ctx.turn_to("hello:who")
    if len(sharing.people_of(ctx.conn, ctx.chat.id)) > 1:
        return ctx.go("share:who")
    left = ctx.chat.notes.get("last")
    return ctx.go(f"guide:again:{left}") if left in ctx.chat.notes.get("bookmarks", {}) else ctx.go(HOME)


def _answered(ctx: Context, answer: str) -> Answer:
    version = ctx.library.commune.consent_version
    ctx = ctx.stored(chats.set_consent(ctx.conn, ctx.chat.id, answer, version, ctx.now))
    return _next(ctx, opening=ctx.words(f"hello.consent_{answer}").text)


def _next(ctx: Context, opening: str = "") -> Answer:
    return ctx.go(_next_question(ctx), opening=opening)


def _next_question(ctx: Context) -> str:
    """The first question whose answer is not known yet; staff skip the questions about their phone."""
    chat = ctx.chat
    if chat.consent is None:
        return "hello:consent"
    if not chat.notes.get("called"):
        return "hello:form:1"
    if _is_staff(ctx):
        return HOME
    if chat.device is None:
        return "hello:device"
    if chat.unit_id is None and not chat.notes.get("asked_unit"):
        return "hello:unit"
    unknown = chat.person_id is None and chat.notes.get("by_code") and chat.consent == "yes"
    return "claim:name" if unknown and not chat.notes.get("asked_name") else HOME


def _is_staff(ctx: Context) -> bool:
    return bool(ctx.chat.person_id and grants.roles(ctx.conn, ctx.chat.person_id))


def _name(ctx: Context) -> str:
    person = ctx.person
    return person.name if person else ""
