"""The help ladder: whom to ask next, when to climb, when to raise the alarm. No clock, no tables: data in, a plan out.

The rungs are helper, coordinator, office. At every moment a call that is not over is held by exactly one of: the
person who took it, whoever was just asked, the rung that opens in the morning, or an alarm; and it has a moment at
which somebody looks at it again. So it can never fall asleep.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from bot.core.guide import Commune
from bot.core.hours import Hours

RUNGS = ("helper", "coordinator", "office")
TOP = len(RUNGS) - 1

# Somebody who let this many asks in a row pass is asked after everybody else of the rung.
_SILENT = 2


class Holder(StrEnum):
    """Who answers for a call right now."""

    OWNER = "owner"
    ASKED = "asked"
    MORNING = "morning"  # a rung that is closed now and is asked as soon as it opens
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be asked and can be written to.

    `load`: calls they hold or are being asked about. `lapses`: asks in a row that they let pass.
    """

    person: int
    rung: int
    load: int = 0
    lapses: int = 0
    last_asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to one person. `answer`: "" (none yet), taken, declined, lapsed or withdrawn."""

    person: int
    rung: int
    round: int
    asked_at: datetime
    due_at: datetime
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who took the call. `promise_by`: until when they said they would come."""

    person: int
    rung: int
    since: datetime
    promise_by: datetime | None = None
    reminded_at: datetime | None = None
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """One call as the ladder sees it. `floor`: the lowest rung to ask. `alarmed_at`: of this round."""

    round: int = 1
    floor: int = 0
    asks: tuple[Ask, ...] = ()
    owner: Owner | None = None
    alarmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """How one rung is asked: for how many minutes, at most how many of it in a round, how many at once, and when."""

    minutes: int
    most: int
    at_once: int
    hours: Hours


@dataclass(frozen=True, slots=True)
class Rules:
    """A commune's settings. `again`: how long after an alarm everybody is asked anew. `grace`: how long after a
    promise that passed its owner is reminded, and how long after that the call goes on to somebody else."""

    steps: tuple[Step, ...]
    zone: tzinfo
    again: timedelta
    grace: timedelta
    ring_at_night: bool = False
    minutes_at_night: int = 30

    def is_open(self, rung: int, at: datetime) -> bool:
        return self.ring_at_night or self._in_hours(rung, at)

    def opens(self, rung: int, at: datetime) -> datetime | None:
        """When this rung may be asked, from `at` on."""
        return at if self.ring_at_night else self.steps[rung].hours.opens(at.astimezone(self.zone))

    def due(self, rung: int, at: datetime) -> datetime:
        """Until when an ask of this moment waits for its answer."""
        usual = self.steps[rung].minutes
        return at + timedelta(minutes=usual if self._in_hours(rung, at) else self.minutes_at_night)

    def _in_hours(self, rung: int, at: datetime) -> bool:
        return self.steps[rung].hours.is_open(at.astimezone(self.zone))


def rules_of(commune: Commune, zone: tzinfo) -> Rules:
    """The settings of `commune.yaml`, ready to plan with. The quiet of the night stands above everybody's hours."""
    help_ = commune.help
    begins, ends = map(_clock, commune.reminders.quiet_night)
    quiet = ((begins, ends),) if begins and ends else ()
    days_off = frozenset(help_.days_off)
    steps = (
        Step(
            rung.minutes,
            rung.most,
            rung.at_once,
            Hours(rung.hours, quiet, rung.weekends, rung.holidays, days_off),
        )
        for rung in (help_.helper, help_.coordinator, help_.office)
    )
    return Rules(
        tuple(steps),
        zone,
        again=timedelta(minutes=help_.minutes_before_again),
        grace=timedelta(minutes=help_.minutes_of_grace),
        ring_at_night=help_.ring_at_night,
        minutes_at_night=help_.minutes_at_night,
    )


def _clock(text: str) -> time | None:
    """`7:00` or `07:00`. What is no time must not keep anybody from being helped; `camtay check` tells of it."""
    try:
        return time.fromisoformat(text.rjust(5, "0"))
    except ValueError:
        return None


# A part of the day, until when a promise of it holds, and until when it can still be promised.
PARTS = {
    "morning": (time(11, 30), time(10, 30)),
    "afternoon": (time(17, 30), time(16, 30)),
    "evening": (time(20, 30), time(20)),
}
_AT_ONCE = timedelta(hours=1)


def parts_left(today: datetime) -> list[str]:
    """Which parts of this (local) day can still be promised."""
    return [part for part, (_, last) in PARTS.items() if today.time() < last]


def promise_by(part: str, days: int, now: datetime) -> datetime:
    """Until when "chiều mai" (afternoon, 1) holds; `now` is local. At once means within the hour."""
    if part not in PARTS:
        return now + _AT_ONCE
    return datetime.combine(now.date() + timedelta(days=days), PARTS[part][0], now.tzinfo)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now, and when to look again. Who holds the call once that is done.

    `lapsed`: whose time is over. `ask`: whom of which `rung` to ask, until `wake`. `alarm`: raise one.
    `again`: a new round begins. `remind`: the owner, of a promise that passed. `release`: take it from an owner
    who did not come.
    """

    holder: Holder
    wake: datetime
    lapsed: tuple[int, ...] = ()
    ask: tuple[int, ...] = ()
    rung: int = 0
    alarm: bool = False
    again: bool = False
    remind: bool = False
    release: bool = False


def plan(call: Standing, people: Sequence[Candidate], rules: Rules, now: datetime) -> Plan:
    """The next step of a call that is open or taken; doing it twice asks nobody twice."""
    if call.owner is None:
        return _seek(call, people, rules, now)
    held = _hold(call.owner, rules, now)
    if held:
        return held
    late = Ask(call.owner.person, call.owner.rung, call.round, call.owner.since, now, "lapsed")
    return replace(_seek(replace(call, owner=None, asks=(*call.asks, late)), people, rules, now), release=True)


def _hold(owner: Owner, rules: Rules, now: datetime) -> Plan | None:
    """While somebody has it: wait, remind, wait again; None when they had their chance. Nobody is hurried at night."""
    patience = timedelta(minutes=rules.steps[owner.rung].minutes)
    limit = owner.promise_by + rules.grace if owner.promise_by else owner.since + patience
    asks_at = _moment(rules, owner.rung, limit)
    if now < asks_at:
        return Plan(Holder.OWNER, asks_at)
    if not owner.reachable:
        return None
    ends_at = _moment(rules, owner.rung, (owner.reminded_at or now) + rules.grace)
    if now < ends_at:
        return Plan(Holder.OWNER, ends_at, remind=owner.reminded_at is None)
    return None


def _moment(rules: Rules, rung: int, at: datetime) -> datetime:
    return rules.opens(rung, at) or at


def _seek(call: Standing, people: Sequence[Candidate], rules: Rules, now: datetime) -> Plan:
    """While nobody has it: wait for the answer of whoever was asked, or ask the next."""
    waiting = [ask for ask in call.asks if not ask.answer]
    lapsed = tuple(ask.person for ask in waiting if ask.due_at <= now)
    live = [ask.due_at for ask in waiting if ask.due_at > now]
    if live:
        return Plan(Holder.ASKED, min(live), lapsed)
    step = _next(call, people, rules, now)
    return replace(step, lapsed=lapsed) if lapsed else step


def _next(call: Standing, people: Sequence[Candidate], rules: Rules, now: datetime) -> Plan:
    """Ask the lowest rung that is open; else wait for one to open, or raise the alarm."""
    above = [each for each in people if each.rung >= call.floor] or list(people)
    free = _free(call, above, rules)
    for rung in sorted(free):
        if rules.is_open(rung, now):
            chosen = tuple(each.person for each in free[rung])
            return Plan(Holder.ASKED, rules.due(rung, now), ask=chosen, rung=rung)
    openings = _openings(free, rules, now)
    if call.alarmed_at:
        return _alarmed(call, call.alarmed_at, people, openings, rules, now)
    if openings:
        # Who could be asked anew may be up before those who are left: then waiting for these is no plan.
        dawn = min(_openings({each.rung for each in above}, rules, now))
        if min(openings) - dawn <= rules.again:
            return Plan(Holder.MORNING, min(openings))
    return replace(_alarmed(call, now, people, openings, rules, now), alarm=True)


def _alarmed(
    call: Standing, since: datetime, people: Sequence[Candidate], openings: list[datetime], rules: Rules, now: datetime
) -> Plan:
    """The alarm holds the call until somebody of it can be asked, or everybody is asked anew."""
    anew = min(_openings({each.rung for each in people}, rules, since + rules.again), default=since + rules.again)
    if now < anew:
        return Plan(Holder.ALARM, min([anew, *openings]))
    fresh = replace(call, round=call.round + 1, floor=0, alarmed_at=None)
    return replace(_next(fresh, people, rules, now), again=True)


def _openings(rungs: Iterable[int], rules: Rules, at: datetime) -> list[datetime]:
    found = (rules.opens(rung, at) for rung in rungs)
    return [moment for moment in found if moment]


def _free(call: Standing, people: Sequence[Candidate], rules: Rules) -> dict[int, list[Candidate]]:
    """Whom of each rung to ask next in this round, the best one first; rungs that are used up are left out."""
    asked = {ask.person: ask.rung for ask in call.asks if ask.round == call.round and ask.answer != "withdrawn"}
    had_it = {ask.person for ask in call.asks if ask.answer in ("declined", "taken")}
    fresh = sorted((each for each in people if each.person not in asked), key=lambda each: _turn(each, had_it))
    free: dict[int, list[Candidate]] = {}
    for rung, step in enumerate(rules.steps):
        left = min(step.at_once, step.most - list(asked.values()).count(rung))
        if chosen := [each for each in fresh if each.rung == rung][: max(left, 0)]:
            free[rung] = chosen
    return free


def _turn(each: Candidate, had_it: set[int]) -> tuple[bool, bool, int, int, float, int]:
    """Fewest calls in hand first; after the others who declined this very call, and who never answers."""
    rested = each.last_asked.timestamp() if each.last_asked else 0.0
    return each.person in had_it, each.lapses >= _SILENT, each.load, each.lapses, rested, each.person
