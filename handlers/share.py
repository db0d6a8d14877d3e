"""Máy dùng chung: several people on one phone, each with their own lessons and milestones."""

from __future__ import annotations

from bot.context import Answer, Context
from bot.core import codes, names
from bot.core.messages import Choice, Reply
from bot.core.routing import Routes
from bot.sitting import sit_down
from storage import invites, sharing
from storage.people import Person

route = Routes("share")

_SHOWN = 2
_LONGEST_LABEL = 20


@route.command("dungchung")
def command(ctx: Context, rest: str) -> Answer:
    return ctx.go("share:who")


@route.screen("who")
def who(ctx: Context) -> Reply:
    """Who is it now? Or, on a phone of one person, how to add another."""
    here = sharing.people_of(ctx.conn, ctx.chat.id)
    others = [person for person in here if person.id != ctx.chat.person_id]
    said = ctx.words("share.who" if others else "share.alone", more=len(others) > _SHOWN)
    named = tuple(Choice(f"share:be:{person.id}", _label(person)) for person in others[:_SHOWN])
    return Reply(said.text, (*named, *said.choices))


@route.hears("who")
def who_typed(ctx: Context, text: str) -> Answer | None:
    """A name of somebody who uses this phone, or the code of one who will."""
    meant = [person for person in sharing.people_of(ctx.conn, ctx.chat.id) if names.could_mean(text, person.name)]
    if len(meant) == 1:
        return be(ctx, str(meant[0].id))
    return add_typed(ctx, text)


@route.screen("add")
def add(ctx: Context) -> Reply:
    return ctx.reply("share.add")


@route.hears("add")
def add_typed(ctx: Context, text: str) -> Answer | None:
    """A code: the person it is for sits down here, beside whoever was here."""
    known = invites.find(ctx.conn, text, ctx.now) or codes.is_shaped_like_one(codes.tidy(text))
    found: Answer | None = ctx.house.book.intents["heard_code"](ctx) if known else None
    return found


@route.tap("be")
def be(ctx: Context, person_id: str) -> Answer:
    """This person sits here now; only somebody who uses this phone already."""
    chosen = [person for person in sharing.people_of(ctx.conn, ctx.chat.id) if str(person.id) == person_id]
    if not chosen:
        return ctx.here()
    now = sit_down(ctx, chosen[0])
    return now.go(now.home, opening=now.words("share.now", name=chosen[0].name).text)


def _label(person: Person) -> str:
    """`Hoàng Thị Hiền`, or as much of its end as a button holds."""
    words = person.name.split()
    while len(" ".join(words)) > _LONGEST_LABEL and len(words) > 1:
        words = words[1:]
    return " ".join(words)[:_LONGEST_LABEL]
