"""An invented commune in which a third of the helpers never answer, to walk calls for help through the planner."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from bot.core.ladder import Ask, Candidate, Holder, Owner, Plan, Rules, Standing, plan

SILENT = 0.3
PEOPLE = [*(Candidate(n, 0) for n in range(1, 6)), Candidate(6, 1), Candidate(7, 2), Candidate(8, 2)]
_LONGEST = timedelta(days=30)


@dataclass(slots=True)
class Life:
    """One call, from the cry for help to its end, looked at only when the planner or a person stirs."""

    rules: Rules
    draw: Random
    now: datetime
    people: list[Candidate] = field(default_factory=lambda: PEOPLE)
    asks: list[Ask] = field(default_factory=list)
    round: int = 1
    owner: Owner | None = None
    alarmed_at: datetime | None = None
    answers: dict[int, tuple[datetime, str]] = field(default_factory=dict)  # what people will say, and when
    seen: Counter[str] = field(default_factory=Counter)

    def live(self) -> bool:
        """Whether it was done within a month."""
        end = self.now + _LONGEST
        while self.now < end:
            call = Standing(self.round, 0, tuple(self.asks), self.owner, self.alarmed_at)
            step = plan(call, self.people, self.rules, self.now)
            self._apply(step)
            self._check(step)
            if self._until(step.wake):
                return True
        return False

    def _apply(self, step: Plan) -> None:
        """What the desk writes down."""
        if step.release and self.owner:
            self._answer(self.owner.person, "lapsed")
            self.owner = None
        for person in step.lapsed:
            self._answer(person, "lapsed")
        if step.again:
            self.round, self.alarmed_at = self.round + 1, None
        if step.alarm:
            self.alarmed_at = self.now
        if step.remind and self.owner:
            self.owner = replace(self.owner, reminded_at=self.now)
        for person in step.ask:
            self.asks.append(Ask(person, step.rung, self.round, self.now, step.wake))
            self._will_answer(self.asks[-1])

    def _answer(self, person: int, said: str) -> None:
        """The newest ask of this person has this answer now."""
        for place in reversed(range(len(self.asks))):
            if self.asks[place].person == person:
                self.asks[place] = replace(self.asks[place], answer=said)
                return

    def _will_answer(self, ask: Ask) -> None:
        self.answers.pop(ask.person, None)
        luck = self.draw.random()
        if luck >= SILENT:
            said = "taken" if luck > 0.5 else "declined"
            self.answers[ask.person] = (self.now + timedelta(minutes=self.draw.uniform(0.2, 25)), said)

    def _check(self, step: Plan) -> None:
        """At this moment, and until the next one, exactly one answers for the call."""
        self._count(step)
        assert step.wake > self.now
        waiting = [ask for ask in self.asks if not ask.answer]
        assert all(ask.due_at > self.now for ask in waiting)
        assert bool(self.owner) + bool(waiting) <= 1
        if step.holder is Holder.OWNER:
            assert self.owner
        elif step.holder is Holder.ASKED:
            assert waiting
        else:
            assert not waiting
            assert not self.owner
        assert self.alarmed_at or step.holder is not Holder.ALARM
        assert not step.ask or self.rules.is_open(step.rung, self.now)
        if step.holder is Holder.MORNING:  # everybody sleeps, and two hours into the day somebody is asked
            assert step.wake - self.now < timedelta(hours=14)
            assert any(self.rules.is_open(each.rung, step.wake) for each in self.people)

    def _count(self, step: Plan) -> None:
        self.seen[step.holder] += 1
        for what in ("alarm", "release", "again", "rung"):
            self.seen[what] += bool(getattr(step, what))

    def _until(self, wake: datetime) -> bool:
        """Time passes until the ladder wakes or somebody says something; True when the call is done."""
        stirs = min(((when, person, said) for person, (when, said) in self.answers.items()), default=None)
        if stirs is None or stirs[0] >= wake:
            self.now = wake
            return False
        self.now, person, said = stirs
        del self.answers[person]
        return self._says(person, said)

    def _says(self, person: int, said: str) -> bool:
        """A yes that comes late is still one, while nobody else has it."""
        if said == "done":
            return self.owner is not None and self.owner.person == person
        if said == "taken" and self.owner is None:
            self._takes(person)
        elif said == "declined":
            self._answer(person, "declined")
        return False

    def _takes(self, person: int) -> None:
        rung = next(each.rung for each in self.people if each.person == person)
        self._answer(person, "taken")
        for ask in [ask for ask in self.asks if not ask.answer]:
            self._answer(ask.person, "withdrawn")
        hours = self.draw.uniform(0.5, 30)
        by = self.now + timedelta(hours=hours) if self.draw.random() < 0.9 else None
        self.owner = Owner(person, rung, since=self.now, promise_by=by)
        if self.draw.random() < 0.85:
            self.answers[person] = (self.now + timedelta(hours=self.draw.uniform(0.1, hours)), "done")
