"""Whom somebody with a role may see and report on: the one place where a scope becomes people.

Helpers and coordinators have their unit, secretaries their chi bộ, the office the whole commune.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.context import Context
from bot.core.errors import UserError
from bot.core.names import could_mean
from bot.core.progress import State, state_of
from bot.core.telling import read_report
from bot.core.vietnamese import fold
from storage import cells, grants, progress, units
from storage.grants import Grant
from storage.people import Person
from storage.units import Unit

SEES = ("office", "coordinator", "secretary", "helper")
REPORTS = ("office", "coordinator", "helper")
DECIDES = ("office", "coordinator")
TEACHES = ("coordinator", "secretary", "helper")
"""Each from the widest role down."""
NEIGHBOURS = ("coordinator", "helper")
"""Who tells of people by name in plain sentences."""

MAX_LABEL = 20
_SHORTEST_REPORT = 2


@dataclass(frozen=True, slots=True)
class Known:
    """A member in somebody's scope, and how far they are."""

    person: Person
    unit: str
    state: State

    @property
    def id(self) -> int:
        return self.person.id

    @property
    def code(self) -> str:
        return self.person.code

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def is_left(self) -> bool:
        """Whether there is still something to do for them."""
        return not self.person.exempt and not self.state.is_done


@dataclass(frozen=True, slots=True)
class Scope:
    """What the person in front may do, and for whom."""

    me: Person
    held: tuple[Grant, ...]

    def has(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.held)

    def role_over(self, person: Person, roles: Sequence[str] = SEES) -> str | None:
        """The widest of these roles that this person is in the scope of."""
        held = {grant.role for grant in self.held if _covers(grant, person)}
        return next((role for role in roles if role in held), None)

    def is_secretary_of(self, person: Person) -> bool:
        """Only the secretary of the member's own chi bộ writes down what the chi bộ has decided."""
        cell = person.cell_id
        return cell is not None and any(each.role == "secretary" and each.scope_cell_id == cell for each in self.held)

    @property
    def is_everywhere(self) -> bool:
        return any(grant.scope_unit_id is None and grant.scope_cell_id is None for grant in self.held)

    @property
    def unit_ids(self) -> list[int]:
        return [grant.scope_unit_id for grant in self.held if grant.scope_unit_id is not None]

    @property
    def cell_ids(self) -> list[int]:
        return [grant.scope_cell_id for grant in self.held if grant.scope_cell_id is not None]


def scope_of(ctx: Context, roles: Sequence[str] = SEES) -> Scope:
    """The scope of the person in front.

    Raises:
        UserError: they hold none of these roles.
    """
    person = ctx.person
    held = [grant for grant in grants.roles(ctx.conn, person.id) if grant.role in roles] if person else []
    if person is None or not held:
        raise UserError("day.not_for_you")
    return Scope(person, tuple(held))


def everybody(ctx: Context, scope: Scope, unit_id: int | None = None) -> list[Known]:
    """All members of a scope, or those of one unit in it."""
    everywhere = scope.is_everywhere
    if unit_id is not None:
        found = progress.members(ctx.conn, unit_ids=[unit_id])
    elif everywhere:
        found = progress.members(ctx.conn)
    else:
        found = progress.members(ctx.conn, unit_ids=scope.unit_ids, cell_ids=scope.cell_ids)
    places = {unit.id: unit.name for unit in units.all_(ctx.conn)}
    known = [Known(who, places.get(who.unit_id or 0, ""), state_of(events)) for who, events in found]
    return [each for each in known if everywhere or scope.role_over(each.person)]


def member(ctx: Context, person_id: str, roles: Sequence[str] = SEES) -> tuple[Scope, Known]:
    """This member, if the person in front may act on them in one of these roles.

    Raises:
        UserError: there is no such member, or it is somebody else's work.
    """
    scope = scope_of(ctx, roles)
    found = progress.member(ctx.conn, int(person_id)) if person_id.isdigit() else None
    if found is None or scope.role_over(found, roles) is None:
        raise UserError("day.not_yours")
    unit = units.get(ctx.conn, found.unit_id) if found.unit_id else None
    state = state_of(progress.of_person(ctx.conn, found.id))
    return scope, Known(found, unit.name if unit else "", state)


def may_see(ctx: Context, person_id: object) -> bool:
    """Whether this person is still in the scope of the person in front."""
    try:
        member(ctx, str(person_id))
    except UserError:
        return False
    return True


def tells_of_people(ctx: Context, text: str) -> bool:
    """Whether this is a helper's report: people of theirs, and how it stands with at least one."""
    if len(text.split()) < _SHORTEST_REPORT or ctx.chat.person_id is None:
        return False
    held = tuple(each for each in grants.roles(ctx.conn, ctx.chat.person_id) if each.role in NEIGHBOURS)
    if not held or (me := ctx.person) is None:
        return False
    return any(told.status for told in read_report(text, everybody(ctx, Scope(me, held))))


def unit_called(ctx: Context, scope: Scope, said: str) -> Unit | None:
    """The unit of this scope that is called so, with or without its kind ("Nà Pán", "thôn Nà Pán", "NAPAN")."""
    own = [unit for unit in units.all_(ctx.conn) if scope.is_everywhere or unit.id in scope.unit_ids]
    plain = fold(said)
    named = [unit for unit in own if plain == fold(unit.code) or f" {fold(unit.name)}".endswith(f" {plain}")]
    return named[0] if plain and len(named) == 1 else None


def alike(people: Sequence[Known], said: str, unit: str | None = None) -> list[Known]:
    """Who may be meant by a name as neighbours say it, those still to do first."""
    meant = [each for each in people if could_mean(said, each.name) or fold(said) == fold(each.code)]
    here = [each for each in meant if unit is None or each.unit == unit]
    return sorted(here or meant, key=lambda each: not each.is_left)


def labels(people: Sequence[Known]) -> list[str]:
    """A button for each: the name where it fits and is the only one, else shortened and with its code."""
    short = [_short(each.name, MAX_LABEL) for each in people]
    twice = Counter(fold(label) for label in short)
    return [
        label if twice[fold(label)] == 1 else f"{_short(each.name, MAX_LABEL - len(each.code) - 1)} {each.code}"
        for label, each in zip(short, people, strict=True)
    ]


def cell_name(ctx: Context, person: Person) -> str:
    cell = cells.get(ctx.conn, person.cell_id) if person.cell_id else None
    return cell.name if cell else ""


def _covers(grant: Grant, person: Person) -> bool:
    if grant.scope_unit_id is not None:
        return grant.scope_unit_id == person.unit_id
    return grant.scope_cell_id is None or grant.scope_cell_id == person.cell_id


def _short(name: str, room: int) -> str:
    """The name in so many letters: the words in front become initials, one after the other."""
    words = name.split()
    for place in range(len(words) - 1):
        if len(" ".join(words)) <= room:
            break
        words[place] = f"{words[place][0]}."
    return " ".join(words)[:room].strip()
