"""A guide as data: what authors write in `guides/<slug>/guide.yaml`, checked on reading.

Only shapes and lookups live here; reading files is `bot.content`, saying steps is `handlers.guide`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

StepId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,8}-[A-Z0-9]{1,8}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=20)]
Device = Literal["android", "iphone", "none"]
Milestone = Literal["installed", "logged_in", "info_checked"]
Certainty = Literal["sure", "likely", "unconfirmed"]
Kind = Literal["lesson", "cards", "script"]


class _Content(BaseModel):
    """Unknown keys are errors: a misspelt key must never be silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Repair(_Content):
    """One way out after "Chưa được": own words, or a card of the error-fix guide."""

    say: str | None = None
    card: StepId | None = None
    image: str | None = None


class Option(_Content):
    """A choice of its own. `go`: `next`, `end`, `menu`, `help`, a step id of this guide, or a guide's slug."""

    label: str
    go: str = "next"
    device: Device | None = None  # remembers which phone this is


class Step(_Content):
    """One thing to do and what will be seen. `id` is never used again for another step."""

    id: StepId
    do: str
    see: str = ""
    stuck: tuple[Repair, ...] = ()
    choices: tuple[Option, ...] = ()  # none: "Làm được rồi" and "Chưa được"
    image: str | None = None
    image_alt: str = ""
    voice: str | None = None
    minutes: float | None = None
    certainty: Certainty = "sure"
    until_confirmed: str = ""  # said instead of `do` and `see` while a local fact it needs is not filled
    facts: tuple[str, ...] = ()  # ids of the facts it rests on
    marks: Milestone | None = None
    reason: str | None = None  # a not-yet reason recorded when this step is done


class End(_Content):
    """What is said after the last step, and where one can go from there."""

    say: str
    choices: tuple[Option, ...] = ()


class Guide(_Content):
    """One lesson, a box of cards, or a helper's script.

    Several guides may share one `stands_for`; the one whose `when` holds in the commune's settings
    is meant (three ways to log in, of which at most one is on).
    """

    slug: Slug
    title: str
    label: str = ""  # the words of its button, where the title is longer than 20 characters
    kind: Kind = "lesson"
    order: int = 100  # place in the list of lessons; 0 keeps it out of the list
    minutes: float = 5
    for_device: Device | None = None
    audience: tuple[str, ...] = ("member",)
    stands_for: Slug | None = None
    when: Mapping[str, str] = Field(default_factory=dict)
    reminders: tuple[str, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    end: End
    tried_with_elders: str | None = None  # date of the trial with eight people over 65

    def step(self, step_id: str) -> Step | None:
        return next((step for step in self.steps if step.id == step_id), None)

    def position(self, step_id: str) -> int:
        """1-based place of a step that exists."""
        return next(place for place, step in enumerate(self.steps, 1) if step.id == step_id)

    def after(self, step_id: str) -> Step | None:
        """The step that follows, or None at the end."""
        place = self.position(step_id)
        return self.steps[place] if place < len(self.steps) else None

    def nearest(self, step_id: str) -> Step:
        """The step itself, or after an edit that removed it the nearest earlier one."""
        if found := self.step(step_id):
            return found
        earlier = [step for step in self.steps if _number(step.id) <= _number(step_id)]
        return earlier[-1] if earlier else self.steps[0]


def _number(step_id: str) -> int:
    digits = re.search(r"\d+", step_id)
    return int(digits.group()) if digits else 0


class Question(_Content):
    """A question people ask, in several ways, and its short answer. The first of an intent is its general one."""

    id: Slug
    intent: str
    asks: tuple[str, ...] = Field(min_length=1)
    say: str
    until_confirmed: str = ""  # said while a local word that `say` needs is not filled
    choices: tuple[Option, ...] = ()
    facts: tuple[str, ...] = Field(min_length=1)


class Answers(_Content):
    """`guides/answers.yaml`: all of them."""

    answers: tuple[Question, ...] = ()


class Reminders(_Content):
    """Quiet hours of unprompted messages, local time `HH:MM`."""

    quiet_noon: tuple[str, str] = ("11:30", "13:30")
    quiet_night: tuple[str, str] = ("20:00", "07:00")

    def is_quiet(self, at: time) -> bool:
        """Whether nobody is written to unasked at this local time."""
        return any(_within(f"{at:%H:%M}", *hours) for hours in (self.quiet_noon, self.quiet_night))


def _within(at: str, start: str, end: str) -> bool:
    """Also over midnight; `7:00` is 07:00."""
    start, end = start.rjust(5, "0"), end.rjust(5, "0")
    return start <= at < end if start <= end else at >= start or at < end


class ZaloBot(_Content):
    """What one bot of the Zalo Bot Platform carries; Zalo may change it. `large_text`: bigger letters everywhere."""

    monthly_quota: int | None = Field(default=3000, ge=1)  # messages out
    users_cap: int | None = Field(default=50, ge=1)  # people
    large_text: bool = False


class ZaloBotSign(_Content):
    """One Zalo bot as people meet it: its name, and the link that opens it if there is one."""

    name: str
    link: str = ""


class Rung(_Content):
    """How the holders of one role are asked for help; times and days are local."""

    minutes: int = Field(default=10, ge=1, le=1440)  # to answer in
    most: int = Field(default=3, ge=1, le=50)  # of them in a round
    at_once: int = Field(default=1, ge=1, le=10)
    hours: tuple[tuple[time, time], ...] = Field(default=((time(7), time(20)),), min_length=1)
    weekends: bool = True
    holidays: bool = True


class Help(_Content):
    """The help ladder. `minutes_before_again`: after an alarm; `minutes_of_grace`: after a promise that passed."""

    helper: Rung = Rung()
    coordinator: Rung = Rung(minutes=15, most=2)
    office: Rung = Rung(
        minutes=30, hours=((time(7, 30), time(11, 30)), (time(13, 30), time(17))), weekends=False, holidays=False
    )
    days_off: tuple[date, ...] = ()
    ring_at_night: bool = False
    minutes_at_night: int = Field(default=30, ge=1, le=1440)
    minutes_before_again: int = Field(default=120, ge=5, le=1440)
    minutes_of_grace: int = Field(default=60, ge=5, le=1440)
    stuck_together: int = Field(default=3, ge=2, le=100)  # members of a unit at one step in a day: a cluster


class Commune(_Content):
    """`guides/commune.yaml`: every local fact. A word that is still null has not been confirmed."""

    name: str  # "xã Bắc Sơn"
    province: str
    runs_it: str  # who runs the bot, for the first message
    login_method: Literal["vneid", "password", "otp_phone"] | None = None
    consent_version: str = "1"
    address_by_default: str = "bac"
    links_allowed: tuple[str, ...] = ()
    keep_phones: bool = False  # whether the roster's phone numbers are taken in
    words: Mapping[str, str | None] = Field(default_factory=dict)
    reminders: Reminders = Reminders()
    zalo_bot: ZaloBot = ZaloBot()
    zalo_oa: str = ""  # id of the Official Account, for https://zalo.me/<id>
    zalo_bots: Mapping[str, ZaloBotSign] = Field(default_factory=dict)  # account -> how people find it
    took_over_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    help: Help = Help()

    def setting(self, name: str) -> str | None:
        """The value a guide's `when` is compared with."""
        value = getattr(self, name, None)
        return None if value is None else str(value)


class Library:
    """All guides of a commune, found by slug, by what they stand for, or by a card's id; and the answers."""

    def __init__(self, guides: Mapping[str, Guide], commune: Commune, questions: Iterable[Question] = ()) -> None:
        self.guides = dict(guides)
        self.commune = commune
        self.questions = {question.id: question for question in questions}
        self._cards = {s.id: (g, s) for g in guides.values() if g.kind == "cards" for s in g.steps}

    def find(self, name: str) -> Guide | None:
        """The guide called `name`, or the one that stands for it in this commune."""
        stand_ins = [g for g in self.guides.values() if g.stands_for == name]
        fitting = [g for g in stand_ins if g.when and self._holds(g)]
        plain = [g for g in stand_ins if not g.when]
        return next(iter(fitting or plain), self.guides.get(name))

    def is_on(self, guide: Guide) -> bool:
        """Whether a person can get to this guide in this commune."""
        return self.find(guide.stands_for or guide.slug) is guide

    def card(self, step_id: str) -> tuple[Guide, Step] | None:
        return self._cards.get(step_id)

    def lessons(self, audience: str = "member") -> list[Guide]:
        """What the list of lessons shows, in its order."""
        shown = [g for g in self.guides.values() if g.order and audience in g.audience and self.is_on(g)]
        return sorted(shown, key=lambda g: (g.order, g.slug))

    def _holds(self, guide: Guide) -> bool:
        return all(self.commune.setting(name) == value for name, value in guide.when.items())
