"""Họ tên: whoever came in with the code of a unit says who they are; where in doubt, its coordinator is asked."""

from __future__ import annotations

from datetime import timedelta

from bot.context import Answer, Context
from bot.core import names
from bot.core.errors import UserError
from bot.core.messages import Choice, Reply
from bot.core.names import Likeness
from bot.core.routing import Routes
from storage import audit, chats, claims, grants, people, units
from storage.chats import Chat
from storage.claims import Claim
from storage.people import Person

route = Routes("claim")

_ABOVE = ("coordinator", "office")
_SHOWN = 2
_LONGEST_NAME = 60
_LONGEST_LABEL = 20
_UNDO = timedelta(hours=24)


@route.screen("name")
def name(ctx: Context) -> Reply:
    return ctx.reply("claim.name")


@route.hears("name")
def name_typed(ctx: Context, text: str) -> Answer | None:
    """Only what they typed is said back to them: nobody learns here who else is on the roster."""
    said = names.tidy(text)[:_LONGEST_NAME]
    if not 2 <= len(names.key(said).split()) <= 7 or any(map(str.isdigit, said)):
        return None
    return ctx.noting(name=said).go("claim:sure")


@route.screen("sure")
def sure(ctx: Context) -> Reply:
    unit = units.get(ctx.conn, ctx.chat.unit_id) if ctx.chat.unit_id else None
    return ctx.reply("claim.sure", name=ctx.chat.notes.get("name", ""), unit=unit.name if unit else "")


@route.tap("later")
def later(ctx: Context) -> Answer:
    return ctx.noting(asked_name=True).go(ctx.home)


@route.tap("yes")
def yes(ctx: Context) -> Answer:
    """Near-certain: they are in. A doubt: the coordinator is asked, and the lessons go on meanwhile."""
    said, unit_id = ctx.chat.notes.get("name"), ctx.chat.unit_id
    if not said or unit_id is None or ctx.chat.person_id:
        return ctx.go(ctx.home)
    ctx = ctx.noting(asked_name=True, name=None)
    certain = _certain(ctx, said, unit_id)
    if certain:
        audit.note(ctx.conn, actor=certain.id, action="claim.certain", subject=f"chat:{ctx.chat.id}", now=ctx.now)
        return _linked(ctx, certain).go(ctx.home, opening=ctx.words("claim.known", name=said).text)
    made = claims.make(ctx.conn, ctx.chat.id, unit_id, said, ctx.now)
    return ctx.go(ctx.home, opening=ctx.words("claim.asking").text).also(*_ask(ctx, made))


@route.screen("one")
def one(ctx: Context, claim_id: str) -> Reply:
    """One claim as the coordinator sees it, with the members of the unit whose names are like it."""
    claim = _claim(ctx, claim_id)
    unit = units.get(ctx.conn, claim.unit_id)
    said = ctx.words("claim.one", claim=claim, unit=unit.name if unit else "")
    if claim.state != "open":
        return Reply(said.text, said.choices)
    alike = _alike(ctx, claim.name_given, claim.unit_id)[:_SHOWN]
    found = tuple(Choice(f"claim:is:{claim.id}:{person.id}", _label(person.name)) for person in alike)
    return Reply(said.text, (*found, *said.choices))


@route.tap("is", always=True)
def is_(ctx: Context, claim_id: str, person_id: str) -> Answer:
    """Yes: the chat is this member's from now on, with an undo."""
    claim = _claim(ctx, claim_id)
    person = people.get(ctx.conn, int(person_id)) if person_id.isdigit() else None
    if person is None or person.unit_id != claim.unit_id:
        raise UserError("claim.not_for_you")
    if claims.decide(ctx.conn, claim.id, person.id, ctx.chat.person_id or 0, ctx.now) is None:
        return ctx.go(f"claim:one:{claim.id}")
    chat = _link(ctx, chats.get(ctx.conn, claim.chat_id), person)
    _note(ctx, "claim.yes", claim)
    answer = ctx.turn_to(f"claim:one:{claim.id}", opening=ctx.words("claim.done").text)
    return answer.also(ctx.tell(chat, "claim.told_yes", name=person.name))


@route.tap("no", always=True)
def no(ctx: Context, claim_id: str) -> Answer:
    claim = _claim(ctx, claim_id)
    if claims.decide(ctx.conn, claim.id, None, ctx.chat.person_id or 0, ctx.now) is None:
        return ctx.go(f"claim:one:{claim.id}")
    _note(ctx, "claim.no", claim)
    answer = ctx.turn_to(f"claim:one:{claim.id}", opening=ctx.words("claim.done").text)
    return answer.also(ctx.tell(chats.get(ctx.conn, claim.chat_id), "claim.told_no"))


@route.tap("undo", always=True)
def undo(ctx: Context, claim_id: str) -> Answer:
    """Within a day: as if it had not been answered."""
    claim = _claim(ctx, claim_id)
    if claim.state == "open" or claim.decided_at is None or ctx.now - claim.decided_at > _UNDO:
        return ctx.go(f"claim:one:{claim.id}")
    chat = chats.get(ctx.conn, claim.chat_id)
    if claim.person_id and chat.person_id == claim.person_id:
        chats.set_person(ctx.conn, chat.id, None)
    claims.reopen(ctx.conn, claim.id)
    _note(ctx, "claim.undone", claim)
    return ctx.turn_to(f"claim:one:{claim.id}", opening=ctx.words("claim.undone").text)


def _certain(ctx: Context, said: str, unit_id: int) -> Person | None:
    """The one member who must be meant: the name fits, no other comes near, and they are not in yet."""
    alike = _alike(ctx, said, unit_id)
    if len(alike) != 1 or names.likeness(said, alike[0].name) < Likeness.LIKELY:
        return None
    is_staff = grants.roles(ctx.conn, alike[0].id)
    return None if is_staff or chats.are_in(ctx.conn, [alike[0].id]) else alike[0]


def _alike(ctx: Context, said: str, unit_id: int) -> list[Person]:
    """Members of the unit with such a name, the likest first."""
    found = [(names.likeness(said, person.name), person) for person in people.members_of(ctx.conn, unit_id)]
    near = [(like, person) for like, person in found if like > Likeness.DIFFERENT]
    return [person for _, person in sorted(near, key=lambda pair: -pair[0])]


def _linked(ctx: Context, person: Person) -> Context:
    """This chat is the person's; what it remembered of their progress becomes theirs."""
    return ctx.stored(_link(ctx, ctx.chat, person)).noting(reached=None)


def _link(ctx: Context, chat: Chat, person: Person) -> Chat:
    row = chats.set_person(ctx.conn, chat.id, person.id)
    ctx.on(row).take_over(chat.notes.get("reached", {}))
    return row


def _ask(ctx: Context, claim: Claim) -> list[Reply]:
    """The coordinator, or where there is none the office: whoever can be reached."""
    for role in _ABOVE:
        holders = grants.holders(ctx.conn, role, claim.unit_id)
        found = [own[0] for person in holders if (own := chats.of_person(ctx.conn, person.id)) and own[0].reachable]
        if found:
            return [ctx.tell(chat, "claim.asked", once=f"claim:{claim.id}", claim=claim) for chat in found]
    return []


def _claim(ctx: Context, claim_id: str) -> Claim:
    """The claim, if it is this person's to answer.

    Raises:
        UserError: there is none, or it is not.
    """
    found = claims.get(ctx.conn, int(claim_id)) if claim_id.isdigit() else None
    held = grants.roles(ctx.conn, ctx.chat.person_id) if ctx.chat.person_id else []
    scopes = [grant.scope_unit_id for grant in held if grant.role in _ABOVE]
    if found is None or not (found.unit_id in scopes or any(grant.role == "office" for grant in held)):
        raise UserError("claim.not_for_you")
    return found


def _note(ctx: Context, action: str, claim: Claim) -> None:
    audit.note(ctx.conn, actor=ctx.chat.person_id, action=action, subject=f"claim:{claim.id}", now=ctx.now)


def _label(full: str) -> str:
    words = full.split()
    while len(" ".join(words)) > _LONGEST_LABEL - 5 and len(words) > 1:
        words = words[1:]
    return f"Đúng {' '.join(words)}"[:_LONGEST_LABEL]
