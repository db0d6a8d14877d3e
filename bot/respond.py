"""Who answers a message: tap, typed choice, command, waiting question, understood text, fallback.

Decides and delegates; it changes nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot import scope
from bot.context import CONSTANT, Answer, Context
from bot.core import codes, questions
from bot.core.meaning import Meaning
from bot.core.messages import Choice, Incoming, Kind
from bot.core.routing import Address
from bot.core.secrets import redact
from bot.core.vietnamese import fold, spoken_number
from bot.reading import meaning as understood
from storage import grants, invites

# What a channel could not put into words, as the intent that answers it.
_WORDLESS: Mapping[Kind, str] = {
    Kind.VOICE: "heard_voice",
    Kind.UNSUPPORTED: "heard_unread",
    Kind.LOCATION: "heard_sticker",
    Kind.STICKER: "heard_sticker",
    Kind.PHOTO: "heard_photo",
    Kind.DOCUMENT: "heard_photo",
    Kind.GROUP: "heard_group",
}

# After one of these, a row of messages that could not be read is over.
_READABLE = frozenset({Kind.TEXT, Kind.TAP, Kind.START})

# Handlers that answer although somebody of the office has taken the chat over.
_URGENT = frozenset({"help", "scam"})

# Platforms tell the time a message was sent in whole seconds, some of them.
_PLATFORMS_SECOND = timedelta(seconds=1)

# Choices older than this are not what a number means any more.
_STILL_MEANT = timedelta(hours=12)

_MEMBER = frozenset({"member"})

# These go before a question that is waiting for an answer: nobody may be caught in a question.
_ALWAYS_HEARD = frozenset({"help_human", "scam", "back", "menu", "later", "repeat"})

# Nothing goes before these.
_CRIES = frozenset({"help_human", "scam"})


def respond(ctx: Context, incoming: Incoming) -> Answer:
    """The answer of whoever this message is for."""
    if incoming.kind in _READABLE and "unread" in ctx.chat.notes:
        ctx = ctx.noting(unread=None)
    if incoming.kind is Kind.TAP:
        return _tapped(ctx, incoming.text)
    if incoming.kind is Kind.START:
        return _started(ctx, incoming.text)
    if incoming.kind is Kind.CONTACT:
        return _waiting(ctx, incoming.text) or _intent(ctx, "heard_photo")
    if wordless := _WORDLESS.get(incoming.kind):
        return _intent(ctx, wordless)
    if _is_late_number(ctx, incoming):
        return ctx.here(opening=ctx.words("nav.old_number").text)
    return _typed(ctx, incoming.text)


def is_urgent(ctx: Context, incoming: Incoming) -> bool:
    """Whether this must be answered even while somebody of the office writes here by hand.

    Danger and calls for help: that person may have put the phone down. And an invitation, whose code would be lost.
    """
    if incoming.kind is Kind.START:
        return bool(incoming.text.strip())
    key = incoming.text if incoming.kind is Kind.TAP else _key_of(ctx, incoming)
    return Address.parse(key).handler in _URGENT


def _key_of(ctx: Context, incoming: Incoming) -> str:
    """The key of what is meant by a text, as far as it is a choice, a command or something urgent."""
    if incoming.kind is not Kind.TEXT:
        return ""
    if incoming.text.startswith("/"):
        return ctx.house.book.described_by.get(incoming.text[1:].partition(" ")[0].lower(), "")
    labels = tuple(choice.label for choice in ctx.chat.offered)
    meaning = understood(redact(incoming.text).text, labels, _roles(ctx))
    if meaning.choice is not None:
        return ctx.chat.offered[meaning.choice - 1].key if meaning.sure else ""
    return {"help_human": "help:ask", "scam": "scam:card"}.get(meaning.intent, "") if meaning.sure else ""


def _is_late_number(ctx: Context, incoming: Incoming) -> bool:
    """A number typed before the choices it would now pick from were made: it was meant for those before them."""
    if incoming.sent_at is None or ctx.chat.away_since is None or spoken_number(incoming.text) is None:
        return False
    return incoming.sent_at + _PLATFORMS_SECOND < ctx.chat.away_since


def _tapped(ctx: Context, key: str) -> Answer:
    """A button. One that is no longer offered leads kindly to where the person is now."""
    book = ctx.house.book
    route = ":".join(key.split(":")[:2])
    counts = route in book.always or key in CONSTANT or any(choice.key == key for choice in _all_offered(ctx))
    if counts and book.takes(key):
        return ctx.follow(key)
    return ctx.here(opening=ctx.words("nav.old_button").text)


def _started(ctx: Context, code: str) -> Answer:
    return _command(ctx, "start", code.strip())


def _typed(ctx: Context, text: str) -> Answer:
    clean = redact(text)
    ctx = _hear(ctx, clean.text)
    if clean.found:
        return _secret(ctx)
    if text.startswith("/"):
        name, _, rest = text[1:].partition(" ")
        return _command(ctx, name.split("@")[0].lower(), rest.strip())
    return _understood(ctx, clean.text)


def _understood(ctx: Context, text: str) -> Answer:
    if ctx.chat.earlier and (picked := _numbered(ctx, text)):
        return picked
    labels = tuple(choice.label for choice in _all_offered(ctx))
    meaning = understood(text, labels, _roles(ctx))
    ctx = replace(ctx, heard=replace(ctx.heard, meaning=meaning))
    if meaning.choice is not None:
        return _chosen(ctx, meaning, meaning.choice)
    if ctx.place.route in ctx.house.book.sharp and (found := _waiting(ctx, text)):
        return found
    if not (meaning.sure and meaning.intent in _CRIES) and scope.tells_of_people(ctx, text):
        return _intent(ctx, "report_result")
    if meaning.sure and meaning.intent in _ALWAYS_HEARD:
        return _intent(ctx, meaning.intent)
    if found := _waiting(ctx, text):
        return found
    if not ctx.chat.at and not meaning.sure:
        return _newcomer(ctx, text)
    return _by_meaning(ctx, meaning, text)


def _all_offered(ctx: Context) -> tuple[Choice, ...]:
    """What is offered now, then what was before a notice took its place; each choice once."""
    every = (*ctx.chat.offered, *(choice for menu in reversed(ctx.chat.earlier) for choice in menu))
    return tuple(dict.fromkeys(every))


def _numbered(ctx: Context, text: str) -> Answer | None:
    """A number where a notice brought choices of its own on top of others: which of them was meant is asked.

    After a long silence the last message is what is answered.
    """
    number = spoken_number(text)
    if not number or any(fold(text) == fold(choice.label) for choice in _all_offered(ctx)):
        return None
    fresh = ctx.chat.away_since is not None and ctx.now - ctx.chat.away_since < _STILL_MEANT
    menus = (ctx.chat.offered, *reversed(ctx.chat.earlier)) if fresh else (ctx.chat.offered,)
    meant = {menu[number - 1].key: menu[number - 1] for menu in menus if number <= len(menu)}
    choices = list(meant.values())
    if not choices:
        return ctx.here(opening=ctx.words("nav.old_number").text)
    return ctx.follow(choices[0].key) if len(choices) == 1 else ctx.ask("nav.mean", choices)


def _roles(ctx: Context) -> frozenset[str]:
    """What the person is here: what staff may mean is in play for staff only."""
    held = grants.roles(ctx.conn, ctx.chat.person_id) if ctx.chat.person_id else []
    return _MEMBER.union(grant.role for grant in held)


def _chosen(ctx: Context, meaning: Meaning, choice: int) -> Answer:
    """One of the offered choices, or, where the words fit two alike, the question which of them."""
    offered = _all_offered(ctx)
    if meaning.sure:
        return ctx.follow(offered[choice - 1].key)
    other = (meaning.second or "").removeprefix("choice:")
    alike = [choice, int(other)] if other.isdigit() else [choice]
    return ctx.ask("nav.mean", [offered[place - 1] for place in alike])


def _by_meaning(ctx: Context, meaning: Meaning, text: str) -> Answer:
    if meaning.sure:
        return _sure(ctx, meaning.intent)
    if _is_code(ctx, text):
        return _intent(ctx, "heard_code")
    readings = _readings(ctx, meaning)
    return ctx.ask("nav.mean", readings).as_missed() if readings else _intent(ctx, "unclear")


def _sure(ctx: Context, intent: str) -> Answer:
    """Who handles it, or the answer where the very question is known, or nobody else answers."""
    known = tuple(ctx.library.questions.values())
    if intent not in ctx.house.book.intents or questions.same(known, intent, ctx.heard.text):
        return _intent(ctx, "question")
    return _intent(ctx, intent)


def _readings(ctx: Context, meaning: Meaning) -> list[Choice]:
    """The two things that an unsure text may mean, as choices."""
    known = [name for name in (meaning.intent, meaning.second) if name and ctx.house.words.has(f"nav.intent_{name}")]
    return [Choice(f"nav:meant:{name}", ctx.words(f"nav.intent_{name}").text) for name in known]


def _newcomer(ctx: Context, text: str) -> Answer:
    """The first words of somebody new: an invitation code, or anything at all."""
    return _intent(ctx, "heard_code") if _is_code(ctx, text) else ctx.here()


def _secret(ctx: Context) -> Answer:
    """Danger first: a code already given away needs the emergency card more than a warning."""
    meaning = understood(ctx.heard.text, (), _MEMBER)
    return _intent(ctx, "scam" if meaning.sure and meaning.intent == "scam" else "heard_secret")


def _waiting(ctx: Context, text: str) -> Answer | None:
    """The question that is open at this screen, if it takes this text for its answer."""
    ear = ctx.house.book.ears.get(ctx.place.route)
    at_home = ear is not None and ctx.house.book.takes(str(ctx.place))
    answered: Answer | None = ear(ctx, text, *ctx.place.args) if ear and at_home else None
    return answered


def _command(ctx: Context, name: str, rest: str) -> Answer:
    if name == "start" and rest:  # the way in that an invitation's link opens, typed by hand
        return _intent(_hear(ctx, rest), "heard_code")
    command = ctx.house.book.commands.get(name)
    if command is None:
        return _intent(ctx, "unclear")
    found: Answer = command(ctx, rest)
    return found


def _intent(ctx: Context, name: str) -> Answer:
    handler = ctx.house.book.intents.get(name) or ctx.house.book.intents["unclear"]
    found: Answer = handler(ctx)
    return found


def _hear(ctx: Context, text: str) -> Context:
    return replace(ctx, heard=replace(ctx.heard, text=text))


def _is_code(ctx: Context, text: str) -> bool:
    """Whether this is an invitation code in force, or meant for one of a person; other words are not looked up."""
    word = codes.tidy(text)
    if codes.is_shaped_like_one(word):
        return True
    return bool(word) and word == text.strip().upper() and invites.find(ctx.conn, word, ctx.now) is not None
