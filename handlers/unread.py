"""Tin không đọc được: voices, and people whose every message the channel hides. It brings a person, never a loop.

Whoever cannot be read may not be able to answer a question either: the second message in a row calls somebody
without asking anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Answer, Context
from bot.core.messages import Kind
from bot.core.routing import Routes
from storage import helps
from storage.helps import HelpRequest

route = Routes("unread")

# In a row, before a person is called without a question.
_CALLS_AT = 2
# So many lines in a row say how the call stands; then the bot waits for the person who is coming.
_SAID_ENOUGH = 3
_A_ROW_LASTS = timedelta(minutes=30)
# What comes soon after a call is over may be a thank-you: one such message brings nobody.
_JUST_HELPED = timedelta(days=1)


@route.intent("heard_voice")
def voice(ctx: Context) -> Answer:
    """Somebody we know is called back at once; of others the way of helping is asked first."""
    answer = _in_a_row(ctx, "unread.voice")
    if answer is None:
        ctx = _counted(ctx)
        answer = ctx.follow("help:way:phone").after(ctx.words("unread.voice").text)
    return answer


@route.intent("heard_unread")
def hidden(ctx: Context) -> Answer:
    """The channel will not say what it was, and perhaps never will for this person: nothing is asked of them."""
    return _in_a_row(ctx, "unread.hidden") or _call(_counted(ctx))


def _in_a_row(ctx: Context, block: str) -> Answer | None:
    """The answer where a call is open, was just closed, or comes of itself.

    None: somebody we know, for the first time.
    """
    last = helps.latest_of_chat(ctx.conn, ctx.chat.id)
    count = _count(ctx, last)
    counted = _counted(ctx, count)
    if last and last.closed_at is None:
        if count > _SAID_ENOUGH:
            return Answer(notes=counted.chat.notes)
        return counted.go("help:sent", opening=_coming(ctx))
    if count >= _CALLS_AT:
        return _call(counted)
    just_helped = last and last.closed_at and ctx.now - last.closed_at < _JUST_HELPED
    if just_helped or ctx.person is None:
        return counted.go("help:ask", opening=ctx.words(block).text)
    return None


def _call(ctx: Context) -> Answer:
    return ctx.follow("help:now").after(_coming(ctx))


def _coming(ctx: Context) -> str:
    return ctx.words("unread.coming", voice=ctx.heard.kind is Kind.VOICE).text


def _count(ctx: Context, last: HelpRequest | None) -> int:
    """Which message of a row this is; a row ends after a while, and with the call it brought."""
    count, said = ctx.chat.notes.get("unread", (0, ""))
    if not said:
        return 1
    at = datetime.fromisoformat(said)
    is_over = ctx.now - at > _A_ROW_LASTS or (last and last.closed_at and at <= last.closed_at)
    return 1 if is_over else int(count) + 1


def _counted(ctx: Context, count: int = 1) -> Context:
    return ctx.noting(unread=(count, ctx.now.isoformat()))
