"""Everything else people send: greetings, thanks, pictures, stickers, words not understood.

Each gets an answer that moves forward; two misses in a row offer a person.
"""

from __future__ import annotations

from bot.context import Answer, Context
from bot.core.messages import Choice, Kind
from bot.core.routing import Routes
from storage import grants, unanswered

route = Routes("talk")

_MISSES_BEFORE_A_PERSON = 2
_WORDS_OF_A_QUESTION = 3


@route.intent("greeting")
def greeting(ctx: Context) -> Answer:
    """Hello: back in the lesson, go on or begin anew; elsewhere the place they are at."""
    hello = ctx.words("talk.greeting").text
    left = ctx.chat.notes.get("last")
    if ctx.place.handler == "guide" and left in ctx.chat.notes.get("bookmarks", {}):
        return ctx.go(f"guide:again:{left}", opening=hello)
    return ctx.here(opening="" if ctx.place.handler == "hello" else hello)


@route.intent("thanks")
def thanks(ctx: Context) -> Answer:
    return ctx.say("talk.thanks")


@route.intent("no", "yes")
def plain_word(ctx: Context) -> Answer:
    """A yes or no where neither was asked for: show what can be chosen here."""
    return ctx.here(opening=ctx.words("talk.choose").text)


@route.intent("unclear")
def unclear(ctx: Context) -> Answer:
    """Not understood: the fault is the bot's. The second time in a row a person is offered.

    Words are kept for those who write answers, without whose they were.
    """
    if ctx.heard.kind is Kind.TEXT and len(ctx.heard.text.split()) >= _WORDS_OF_A_QUESTION:
        unanswered.note(ctx.conn, ctx.heard.text, ctx.now)
    if ctx.chat.misses + 1 >= _MISSES_BEFORE_A_PERSON:
        answer = ctx.ask(
            "talk.lost", (*ctx.words("talk.lost").choices, Choice("nav:here", ctx.words("talk.again").text))
        )
    else:
        answer = ctx.here(opening=ctx.words("talk.unclear").text)
    return answer.as_missed()


@route.intent("heard_photo")
def photo(ctx: Context) -> Answer:
    """Pictures are never kept: papers may be on them (domain fact L4). A file of the office may be the roster."""
    roster = ctx.heard.kind is Kind.DOCUMENT and _is_office(ctx)
    return ctx.here(opening=ctx.words("talk.roster_file" if roster else "talk.photo").text)


@route.intent("heard_sticker")
def sticker(ctx: Context) -> Answer:
    return ctx.here(opening=ctx.words("talk.greeting").text)


@route.intent("heard_secret")
def secret(ctx: Context) -> Answer:
    """A secret was typed: it is gone already; a kind warning, and on with where we were."""
    return ctx.here(opening=ctx.words("talk.secret").text)


@route.intent("heard_group")
def group(ctx: Context) -> Answer:
    """In a group, said once: this works in private, where nobody else reads along."""
    if ctx.chat.notes.get("told"):
        return Answer()
    return ctx.noting(told=True).say("talk.group")


def _is_office(ctx: Context) -> bool:
    person = ctx.chat.person_id
    return person is not None and any(grant.role == "office" for grant in grants.roles(ctx.conn, person))
