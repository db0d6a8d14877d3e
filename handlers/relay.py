"""Nhắn qua cháu: while a call is taken, member and helper write to each other, and neither sees a phone number."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import cards, dispatch
from bot.context import Answer, Context
from bot.core.errors import UserError
from bot.core.messages import Reply
from bot.core.routing import Routes
from storage import chats, helps
from storage.helps import HelpRequest

route = Routes("relay")

# So much an elder or a helper has to say at once; more is a slip or a nuisance.
_MOST, _WITHIN = 10, timedelta(minutes=10)
_LONGEST = 500
# A few words that certainly mean moving about are not a message. Danger goes first, however long it is.
_MOVES = frozenset({"back", "menu", "later", "repeat", "resume", "help_human"})
_MOVE_WORDS = 3


@route.screen("to_helper")
def to_helper(ctx: Context) -> Reply:
    """The member writes; whatever is typed here goes to the helper."""
    call = _members(ctx)
    return ctx.reply("relay.to_helper", helper=_owner_name(ctx, call))


@route.hears("to_helper", first=True)
def member_typed(ctx: Context, text: str) -> Answer | None:
    if _moves_about(ctx):
        return None
    call = _members(ctx)
    told = ctx.scene.tell(call.owner_person_id, "relay.from_member", call=call, said=text[:_LONGEST])
    return _refused(ctx, call, told) or _passed_on(ctx, text).also(*told)


@route.screen("to_member")
def to_member(ctx: Context, call_id: str) -> Reply:
    """The helper writes; whatever is typed here goes to the member."""
    return ctx.reply("relay.to_member", call=_helpers(ctx, call_id))


@route.hears("to_member", first=True)
def helper_typed(ctx: Context, text: str, call_id: str) -> Answer | None:
    if _moves_about(ctx):
        return None
    call = _helpers(ctx, call_id)
    told = dispatch.tell_member(
        ctx.scene, call, "relay.from_helper", said=text[:_LONGEST], helper=_owner_name(ctx, call)
    )
    return _refused(ctx, call, told if _is_there(ctx, call) else []) or _passed_on(ctx, text).also(*told)


@route.tap("voice")
def voice(ctx: Context) -> Answer:
    """A voice cannot be passed on: the other side is told that there was one, and can call."""
    if ctx.place.route == "relay:to_member":
        return ctx.here(opening=ctx.words("relay.voice_of_helper").text)
    call = _members(ctx)
    told = ctx.scene.tell(call.owner_person_id, "relay.voice_of_member", call=call)
    return _refused(ctx, call, told) or _counted(ctx).say("relay.voice_told").also(*told)


def _refused(ctx: Context, call: HelpRequest, told: list[Reply]) -> Answer | None:
    """Why this is not passed on: there was too much of it, or nobody can be reached on the other side."""
    if len(_sent_lately(ctx)) >= _MOST:
        return ctx.say("relay.too_many")
    return None if told else ctx.say("relay.unreachable", call=call)


def _passed_on(ctx: Context, text: str) -> Answer:
    return _counted(ctx).say("relay.passed_on", shortened=len(text) > _LONGEST)


def _counted(ctx: Context) -> Context:
    return ctx.noting(relayed=[*_sent_lately(ctx), ctx.now.isoformat()])


def _sent_lately(ctx: Context) -> list[str]:
    return [at for at in ctx.chat.notes.get("relayed", []) if datetime.fromisoformat(at) > ctx.now - _WITHIN]


def _is_there(ctx: Context, call: HelpRequest) -> bool:
    return call.chat_id is not None and chats.get(ctx.conn, call.chat_id).reachable


def _moves_about(ctx: Context) -> bool:
    meaning = ctx.heard.meaning
    short = len(ctx.heard.text.split()) <= _MOVE_WORDS
    return meaning.sure and (meaning.intent == "scam" or (short and meaning.intent in _MOVES))


def _members(ctx: Context) -> HelpRequest:
    """The taken call of the person in front.

    Raises:
        UserError: there is none (any more).
    """
    call = helps.open_of_chat(ctx.conn, ctx.chat.id)
    if call is None or call.state != "taken":
        raise UserError("relay.over")
    return call


def _helpers(ctx: Context, call_id: str) -> HelpRequest:
    """The call that the person in front took.

    Raises:
        UserError: it is not theirs (any more).
    """
    call = helps.get(ctx.conn, int(call_id)) if call_id.isdigit() else None
    mine = call and call.state == "taken" and call.owner_person_id == ctx.chat.person_id
    if call is None or not mine:
        raise UserError("relay.over")
    return call


def _owner_name(ctx: Context, call: HelpRequest) -> str:
    return cards.name_of(ctx.scene, call.owner_person_id)
