"""Who answers a message: tap, typed choice, command, waiting question, understood text, fallback.

Decides and delegates; it changes nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.context import CONSTANT, Answer, Context
from bot.core import questions
from bot.core.meaning import Meaning
from bot.core.messages import Choice, Incoming, Kind
from bot.core.secrets import redact
from bot.reading import listener
from storage import grants, invites

# What a channel could not put into words, as the intent that answers it.
_WORDLESS: Mapping[Kind, str] = {
    Kind.VOICE: "heard_voice",
    Kind.UNSUPPORTED: "heard_voice",
    Kind.LOCATION: "heard_sticker",
    Kind.STICKER: "heard_sticker",
    Kind.PHOTO: "heard_photo",
    Kind.DOCUMENT: "heard_photo",
    Kind.GROUP: "heard_group",
}

# These go before a question that is waiting for an answer: nobody may be caught in a question.
_ALWAYS_HEARD = frozenset({"help_human", "scam", "back", "menu", "later", "repeat"})


def respond(ctx: Context, incoming: Incoming) -> Answer:
    """The answer of whoever this message is for."""
    if incoming.kind is Kind.TAP:
        return _tapped(ctx, incoming.text)
    if incoming.kind is Kind.START:
        return _started(ctx, incoming.text)
    if incoming.kind is Kind.CONTACT:
        return _waiting(ctx, incoming.text) or _intent(ctx, "heard_photo")
    if wordless := _WORDLESS.get(incoming.kind):
        return _intent(ctx, wordless)
    return _typed(ctx, incoming.text)


def _tapped(ctx: Context, key: str) -> Answer:
    """A button. One that is no longer offered leads kindly to where the person is now."""
    book = ctx.house.book
    route = ":".join(key.split(":")[:2])
    counts = route in book.always or key in CONSTANT or any(choice.key == key for choice in ctx.chat.offered)
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
    labels = tuple(choice.label for choice in ctx.chat.offered)
    meaning = listener().understand(text, labels, roles=_roles(ctx))
    ctx = replace(ctx, heard=replace(ctx.heard, meaning=meaning))
    if meaning.choice is not None:
        return _chosen(ctx, meaning, meaning.choice)
    if ctx.place.route in ctx.house.book.sharp and (found := _waiting(ctx, text)):
        return found
    if meaning.sure and meaning.intent in _ALWAYS_HEARD:
        return _intent(ctx, meaning.intent)
    if found := _waiting(ctx, text):
        return found
    if not ctx.chat.at and not meaning.sure:
        return _newcomer(ctx, text)
    return _by_meaning(ctx, meaning, text)


def _roles(ctx: Context) -> set[str]:
    """What the person is here: what staff may mean is in play for staff only."""
    held = grants.roles(ctx.conn, ctx.chat.person_id) if ctx.chat.person_id else []
    return {"member", *(grant.role for grant in held)}


def _chosen(ctx: Context, meaning: Meaning, choice: int) -> Answer:
    """One of the offered choices, or, where the words fit two alike, the question which of them."""
    offered = ctx.chat.offered
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
    meaning = listener().understand(ctx.heard.text)
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
    """Whether this is an invitation code in force; only words shaped like one are looked up."""
    word = text.strip().upper()
    return 4 <= len(word) <= 16 and word.isalnum() and word.isascii() and invites.look(ctx.conn, word, ctx.now)
