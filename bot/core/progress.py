"""How far a member is: the one reading of everything told about them.

Events are never changed: each is a milestone, the reason why there is none yet, or a denial; a slip is marked
undone. Whatever shows or counts a state asks here, and the SQL of `storage.progress` counts by the same tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

MILESTONES = ("installed", "logged_in", "info_checked")
"""In order; a later one implies the earlier."""

HAS_ERRORS = "CO_SAI_SOT"
"""Everything was looked at and something is wrong: as far as `info_checked`, and somebody must correct it."""

REASONS = (
    "KHONG_SMARTPHONE",
    "VANG",
    "CAO_TUOI_SUC_YEU",
    "TU_CHOI",
    "LOI_TAI_KHOAN",
    "MAY_KHONG_PHU_HOP",
    "LOI_MANG",
)
"""Why not yet, the frequent ones first. Codes of the report form."""

EXEMPT = "MIEN_SINH_HOAT"
"""The chi bộ has exempted the member: no step, no reason; only its secretary tells this."""

DENIALS = tuple(f"not_{milestone}" for milestone in MILESTONES)
"""What the member says of a milestone told about them: it is not so."""

STEPS: Mapping[str, int] = MappingProxyType(
    {name: step for step, name in enumerate(MILESTONES, 1)} | {HAS_ERRORS: len(MILESTONES)}
)
"""How far what is told goes: 1 to 3."""

DENIES: Mapping[str, int] = MappingProxyType(
    {"KHONG_SMARTPHONE": 1, "MAY_KHONG_PHU_HOP": 1, "LOI_TAI_KHOAN": 2}
    | {denial: step for step, denial in enumerate(DENIALS, 1)}
)
"""The first step that cannot have been reached where this is true. The other reasons go with any step."""

FORM_CODES: Mapping[str, str] = MappingProxyType(
    {"DA_CAI": "installed", "DA_DANG_NHAP": "logged_in", "DA_KIEM_TRA": "info_checked"}
)
"""The report form's own codes for the milestones; all others are called alike."""

# A phone there is and a phone there is not, told of one morning: nobody can say which came first.
_ONE_MORNING = timedelta(hours=12)
_PHONE_CODES = ("KHONG_SMARTPHONE", "MAY_KHONG_PHU_HOP")


@dataclass(frozen=True, slots=True)
class Event:
    """Something told about a person. Once stored, a row of the table, its columns in order.

    `what`: a milestone, `HAS_ERRORS`, a reason, `EXEMPT` or a denial. `source`: self, helper, coordinator,
    secretary, office or import.
    """

    id: int
    person_id: int
    what: str
    source: str
    by_person_id: int | None
    happened_at: datetime
    told_at: datetime
    undone_at: datetime | None = None
    undone_by: int | None = None
    undone_why: str | None = None

    @property
    def teller(self) -> int | str:
        """Who answers for it: a person, or where nobody is named the source."""
        return self.source if self.by_person_id is None else self.by_person_id

    @property
    def place(self) -> tuple[datetime, int]:
        """Its place in time; of two at one moment the one told later is the newer."""
        return self.happened_at, self.id


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two live reports of different people that cannot both be true."""

    claim: Event
    denial: Event


@dataclass(frozen=True, slots=True)
class State:
    """How far somebody is, why not further, and what that rests on.

    `step`: 0 to 3. `reason`: the newest one, while no newer milestone answers it. `latest`: the newest event
    that counts.
    """

    step: int = 0
    reason: str | None = None
    has_errors: bool = False
    latest: Event | None = None
    conflict: Conflict | None = None

    @property
    def reached(self) -> tuple[str, ...]:
        return MILESTONES[: self.step]

    @property
    def milestone(self) -> str | None:
        return MILESTONES[self.step - 1] if self.step else None

    @property
    def next_milestone(self) -> str | None:
        return None if self.is_done else MILESTONES[self.step]

    @property
    def is_done(self) -> bool:
        return self.step == len(MILESTONES)


def state_of(events: Iterable[Event]) -> State:
    """The state that all these events of one person make; their order does not matter."""
    live = sorted((each for each in events if each.undone_at is None), key=lambda each: each.place)
    claims = [_Claim(each, step) for each in live if (step := _holds_for(each, live))]
    against = [each for each in live if each.what not in STEPS and not _is_answered(each, live)]
    furthest = max(claims, key=lambda claim: (claim.step, claim.told.place), default=None)
    step = furthest.step if furthest else 0
    return State(
        step=step,
        reason=_open_reason(against, claims, step),
        has_errors=furthest is not None and step == len(MILESTONES) and furthest.told.what == HAS_ERRORS,
        latest=max((*against, *(claim.told for claim in claims)), key=lambda each: each.place, default=None),
        conflict=_conflict(against, claims),
    )


def says_already(events: Iterable[Event], teller: int | str, what: str) -> bool:
    """Whether this teller's word is just this, and no later word of theirs takes it back."""
    live = [each for each in events if each.undone_at is None]
    same = max((e for e in live if e.teller == teller and e.what == what), key=lambda each: each.place, default=None)
    if same is None:
        return False
    return _holds_for(same, live) == STEPS[what] if what in STEPS else not _is_answered(same, live)


def in_words_of_the_form(status: str) -> str:
    """`DA_CAI` as the events call it; every other code is called alike in both."""
    return FORM_CODES.get(status, status)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A milestone told, and as how far it still counts."""

    told: Event
    step: int


def _holds_for(event: Event, live: Sequence[Event]) -> int:
    """The step it stands for; less where the same teller later denied it: people may correct themselves."""
    denied = (DENIES[each.what] - 1 for each in _said_later(event, live) if each.what in DENIES)
    return min((STEPS.get(event.what, 0), *denied))


def _is_answered(event: Event, live: Sequence[Event]) -> bool:
    """Whether the same teller later told of a step that this one denies."""
    return any(STEPS.get(each.what, 0) >= _denied_by(event) for each in _said_later(event, live))


def _said_later(event: Event, live: Sequence[Event]) -> list[Event]:
    return [each for each in live if each.teller == event.teller and each.place > event.place]


def _denied_by(event: Event) -> int:
    return DENIES.get(event.what, len(MILESTONES) + 1)


def _open_reason(against: Sequence[Event], claims: Sequence[_Claim], step: int) -> str | None:
    """The newest reason, unless everything is done or a newer milestone has answered it."""
    reasons = [each for each in against if each.what in REASONS]
    if not reasons or step == len(MILESTONES):
        return None
    answered = any(claim.told.place > reasons[-1].place for claim in claims)
    return None if answered else reasons[-1].what


def _conflict(against: Sequence[Event], claims: Sequence[_Claim]) -> Conflict | None:
    """The newest denial with the newest claim of somebody else, where it would have to be the older one."""
    for denial in reversed(against):
        others = [c.told for c in claims if c.told.teller != denial.teller and c.step >= _denied_by(denial)]
        if others and not _is_clearly_before(denial, others[-1]):
            return Conflict(others[-1], denial)
    return None


def _is_clearly_before(denial: Event, claim: Event) -> bool:
    if denial.what in _PHONE_CODES:
        return denial.happened_at + _ONE_MORNING < claim.happened_at
    return denial.place < claim.place
