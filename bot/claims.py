"""What staff report of a member is written down here, with everything that follows from it.

The member is asked once whether it is so, and a coordinator hears where it contradicts somebody else's report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.context import Context
from bot.core.dates import days_ago
from bot.core.errors import UserError
from bot.core.messages import Reply
from bot.core.progress import EXEMPT, MILESTONES, STEPS, Conflict, Event, state_of
from bot.scope import DECIDES, REPORTS, Scope, member, scope_of
from storage import audit, chats, grants, progress
from storage.people import Person


@dataclass(frozen=True, slots=True)
class Told:
    """What was written down, and what others hear of it. `is_new`: it was not known from the same person today."""

    event: Event
    is_new: bool
    notices: tuple[Reply, ...] = ()


def tell(
    ctx: Context, scope: Scope, person: Person, what: str, happened_at: datetime, roles: Sequence[str] = REPORTS
) -> Told:
    """Write down one report.

    Raises:
        UserError: this person is not in the teller's scope.
    """
    role = scope.role_over(person, roles)
    if role is None:
        raise UserError("day.not_yours")
    before = progress.of_person(ctx.conn, person.id)
    if same := _told_already(before, scope.me.id, what, happened_at):
        return Told(same, is_new=False)
    event = progress.record(
        ctx.conn, person.id, what, source=role, by=scope.me.id, happened_at=happened_at, now=ctx.now
    )
    audit.note(ctx.conn, actor=scope.me.id, action="progress.told", subject=f"person:{person.id}", now=ctx.now)
    asked = _ask_member(ctx, person, event, before, scope.me.name)
    return Told(event, True, (*asked, *about_conflict(ctx, person, before, event)))


def may_undo(ctx: Context, scope: Scope, person: Person, event: Event) -> bool:
    """Whoever told it, on the same day; the coordinator and the office at any time. Exemptions are the chi bộ's."""
    if event.undone_at is not None or event.what == EXEMPT:
        return False
    own = event.by_person_id == scope.me.id and days_ago(event.told_at, ctx.now) == 0
    return own or scope.role_over(person, DECIDES) is not None


def told_at_once(ctx: Context, event_id: str) -> list[Event]:
    """What the person in front told in the same moment as this and has not taken back, in the order it was told.

    Raises:
        UserError: there is no such report of theirs, or it is of somebody they no longer report on.
    """
    mine = scope_of(ctx, REPORTS)
    first = progress.get(ctx.conn, int(event_id)) if event_id.isdigit() else None
    member(ctx, str(first.person_id) if first else "", REPORTS)
    if first is None or first.by_person_id != mine.me.id:
        raise UserError("report.too_late")
    told = progress.told_by(ctx.conn, mine.me.id, first.told_at)
    return [event for event in reversed(told) if event.told_at == first.told_at]


def about_conflict(ctx: Context, person: Person, before: Sequence[Event], event: Event) -> list[Reply]:
    """A word to each reachable coordinator of the person's unit, when this report has just made two disagree."""
    found = state_of((*before, event)).conflict
    if found is None or event.id not in (found.claim.id, found.denial.id):
        return []
    return [
        ctx.tell(chat, "conflict.notice", once=_key(found), name=person.name, person=person.id)
        for holder in grants.holders(ctx.conn, "coordinator", person.unit_id)
        for chat in chats.of_person(ctx.conn, holder.id)[:1]
        if chat.reachable and chat.id != ctx.chat.id
    ]


def _told_already(before: Sequence[Event], teller: int, what: str, happened_at: datetime) -> Event | None:
    """The same said twice is said once: by the same person, of the same day."""
    own = [each for each in before if each.by_person_id == teller and each.undone_at is None]
    last = own[-1] if own else None
    return last if last and last.what == what and days_ago(last.happened_at, happened_at) == 0 else None


def _ask_member(ctx: Context, person: Person, event: Event, before: Sequence[Event], helper: str) -> list[Reply]:
    """Is it so? Asked once about each milestone, of a member who can be reached, agreed, and has not said it."""
    step = STEPS.get(event.what, 0)
    if not step or any(STEPS.get(each.what, 0) >= step for each in before):
        return []
    chat = next((chat for chat in chats.of_person(ctx.conn, person.id) if chat.reachable), None)
    if chat is None or chat.consent != "yes" or chat.id == ctx.chat.id:
        return []
    what, once = MILESTONES[step - 1], f"confirm:{person.id}:{step}"
    return [ctx.tell(chat, "confirm.ask", once=once, helper=helper, what=what, event=event.id)]


def _key(conflict: Conflict) -> str:
    return f"conflict:{conflict.claim.id}:{conflict.denial.id}"
