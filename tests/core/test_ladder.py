"""The help ladder, planned: who is asked next, when it climbs, when it alarms, and that it never falls asleep."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.guide import Commune, Help, Reminders
from bot.core.ladder import (
    Ask,
    Candidate,
    Holder,
    Owner,
    Plan,
    Rules,
    Standing,
    parts_left,
    plan,
    promise_by,
    rules_of,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)  # a Tuesday
HELPERS = [Candidate(1, 0), Candidate(2, 0), Candidate(3, 0), Candidate(4, 0)]
EVERYBODY = [*HELPERS, Candidate(5, 1), Candidate(6, 2)]


def rules(**more: object) -> Rules:
    commune = Commune(name="xã", province="tỉnh", runs_it="xã", help=Help.model_validate(more))
    return rules_of(commune, ZONE)


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def asked(person: int, rung: int = 0, answer: str = "lapsed", *, due: datetime = NINE, round_: int = 1) -> Ask:
    return Ask(person, rung, round_, due - timedelta(minutes=10), due, answer)


def next_of(*asks: Ask, people: list[Candidate] = EVERYBODY, now: datetime = NINE, **more: object) -> Plan:
    return plan(Standing(asks=asks), people, rules(**more), now)


def test_one_helper_is_asked_and_has_ten_minutes() -> None:
    step = next_of()
    assert (step.holder, step.ask, step.rung, step.wake) == (Holder.ASKED, (1,), 0, at(9, 10))


def test_while_an_answer_may_still_come_nobody_else_is_asked() -> None:
    step = next_of(asked(1, answer="", due=at(9, 5)))
    assert (step.holder, step.ask, step.lapsed, step.wake) == (Holder.ASKED, (), (), at(9, 5))


def test_no_answer_in_time_and_the_next_is_asked() -> None:
    step = next_of(asked(1, answer=""))
    assert (step.lapsed, step.ask) == ((1,), (2,))


def test_after_three_helpers_it_climbs_to_the_coordinator_and_then_to_the_office() -> None:
    three = [asked(1), asked(2, answer="declined"), asked(3)]
    assert (next_of(*three).ask, next_of(*three).rung) == ((5,), 1)
    assert next_of(*three, asked(5, 1)).ask == (6,)


def test_an_empty_rung_is_passed_over() -> None:
    assert next_of(people=[Candidate(6, 2)]).ask == (6,)


@pytest.mark.parametrize(
    ("people", "first"),
    [
        ([Candidate(1, 0, load=1), Candidate(2, 0)], 2),
        ([Candidate(1, 0, lapses=2), Candidate(2, 0, load=3)], 2),
        ([Candidate(1, 0, lapses=1), Candidate(2, 0, load=1)], 1),
        ([Candidate(1, 0, last_asked=at(8)), Candidate(2, 0, last_asked=at(7))], 2),
        ([Candidate(1, 0, last_asked=at(8)), Candidate(2, 0)], 2),
    ],
)
def test_who_is_free(people: list[Candidate], first: int) -> None:
    assert next_of(people=people).ask == (first,)


def test_a_commune_may_ask_several_at_once() -> None:
    step = next_of(helper={"at_once": 2, "most": 3})
    assert step.ask == (1, 2)
    last = next_of(asked(1), asked(2), helper={"at_once": 2, "most": 3})
    assert last.ask == (3,)


def test_nobody_left_raises_the_alarm_once_and_asks_anew_later() -> None:
    people = [Candidate(1, 0)]
    first = next_of(asked(1), people=people)
    assert (first.holder, first.alarm, first.wake) == (Holder.ALARM, True, at(11))
    waiting = Standing(asks=(asked(1),), alarmed_at=NINE)
    still = plan(waiting, people, rules(), at(9, 30))
    assert (still.holder, still.alarm, still.wake) == (Holder.ALARM, False, at(11))
    anew = plan(waiting, people, rules(), at(11))
    assert (anew.again, anew.ask, anew.holder) == (True, (1,), Holder.ASKED)


def test_with_nobody_at_all_there_is_an_alarm_even_at_night() -> None:
    assert next_of(people=[], now=at(23)).alarm


def test_who_declined_is_asked_last_in_the_next_round() -> None:
    call = Standing(round=2, asks=(asked(1, answer="declined"), asked(2)))
    assert plan(call, [Candidate(1, 0), Candidate(2, 0)], rules(), NINE).ask == (2,)


@pytest.mark.parametrize(
    ("now", "opens"),
    [(at(22), at(7, day=25)), (at(3), at(7)), (at(20), at(7, day=25))],
)
def test_at_night_nobody_is_rung_and_the_morning_is_the_first_thing(now: datetime, opens: datetime) -> None:
    step = next_of(now=now)
    assert (step.holder, step.ask, step.alarm, step.wake) == (Holder.MORNING, (), False, opens)
    assert next_of(now=opens).ask == (1,)


def test_a_commune_that_watches_at_night_rings_and_waits_longer() -> None:
    step = next_of(now=at(22), ring_at_night=True)
    assert (step.ask, step.wake) == ((1,), at(22, 30))


def test_a_lapse_in_the_evening_goes_on_in_the_morning() -> None:
    step = next_of(asked(1, answer="", due=at(20, 5)), now=at(20, 5))
    assert (step.lapsed, step.holder, step.wake) == ((1,), Holder.MORNING, at(7, day=25))


def test_on_a_weekend_the_office_is_closed_and_somebody_must_know() -> None:
    saturday = at(15, day=28)
    tried = [asked(n) for n in (1, 2, 3)] + [asked(5, 1)]
    step = next_of(*tried, now=saturday)
    assert (step.holder, step.alarm, step.wake) == (Holder.ALARM, True, at(17, day=28))
    assert next_of(*tried, now=at(12, day=26)).holder is Holder.MORNING  # back from lunch within two hours


def test_nobody_left_but_the_office_on_a_friday_night_is_an_alarm_and_not_a_quiet_weekend() -> None:
    tried = [asked(n) for n in (1, 2, 3)] + [asked(5, 1)]
    step = next_of(*tried, now=at(20, 15, day=27))
    assert (step.holder, step.alarm, step.wake) == (Holder.ALARM, True, at(7, day=28))
    anew = plan(Standing(asks=tuple(tried), alarmed_at=at(20, 15, day=27)), EVERYBODY, rules(), at(7, day=28))
    assert (anew.again, anew.rung) == (True, 0)


def test_holidays_close_the_office_and_not_the_neighbours() -> None:
    assert next_of(days_off=["2026-11-24"]).ask == (1,)
    office_only = next_of(people=[Candidate(6, 2)], days_off=["2026-11-24"])
    assert (office_only.holder, office_only.wake) == (Holder.MORNING, at(7, 30, day=25))


def test_asking_again_starts_above_the_rung_that_was_asked() -> None:
    call = Standing(floor=1, asks=(asked(1),))
    assert plan(call, EVERYBODY, rules(), NINE).rung == 1
    assert plan(call, HELPERS, rules(), NINE).ask == (2,)  # nobody above: better the next neighbour than nobody


def owner(**more: object) -> Standing:
    return Standing(owner=replace(Owner(1, 0, since=NINE), **more), asks=(asked(1, answer="taken"),))  # type: ignore[arg-type]


def test_whoever_took_it_and_says_no_time_is_reminded_then_relieved() -> None:
    fresh = plan(owner(), EVERYBODY, rules(), NINE)
    assert (fresh.holder, fresh.wake) == (Holder.OWNER, at(9, 10))
    late = plan(owner(), EVERYBODY, rules(), at(9, 10))
    assert (late.holder, late.remind, late.wake) == (Holder.OWNER, True, at(10, 10))
    waiting = plan(owner(reminded_at=at(9, 10)), EVERYBODY, rules(), at(9, 30))
    assert (waiting.holder, waiting.remind, waiting.wake) == (Holder.OWNER, False, at(10, 10))
    gone = plan(owner(reminded_at=at(9, 10)), EVERYBODY, rules(), at(10, 10))
    assert (gone.release, gone.ask) == (True, (2,))


def test_a_promise_has_its_grace_and_nobody_is_hurried_at_night() -> None:
    kept = plan(owner(promise_by=at(17, 30)), EVERYBODY, rules(), at(17, 40))
    assert (kept.holder, kept.remind, kept.wake) == (Holder.OWNER, False, at(18, 30))
    assert plan(owner(promise_by=at(17, 30)), EVERYBODY, rules(), at(18, 30)).remind
    evening = plan(owner(promise_by=at(20, 30)), EVERYBODY, rules(), at(21, 45))
    assert (evening.holder, evening.remind, evening.wake) == (Holder.OWNER, False, at(7, day=25))


def test_an_owner_who_cannot_be_reached_is_relieved_at_once() -> None:
    assert plan(owner(promise_by=at(9), reachable=False), EVERYBODY, rules(), at(10, 30)).release


@pytest.mark.parametrize(
    ("part", "days", "by"),
    [("morning", 0, at(11, 30)), ("afternoon", 1, at(17, 30, day=25)), ("evening", 0, at(20, 30)), ("now", 0, at(10))],
)
def test_until_when_a_promise_holds(part: str, days: int, by: datetime) -> None:
    assert promise_by(part, days, NINE) == by


def test_what_is_left_of_a_day_can_be_promised() -> None:
    left = [(hour, parts_left(at(hour))) for hour in (9, 12, 18, 21)]
    assert left == [
        (9, ["morning", "afternoon", "evening"]),
        (12, ["afternoon", "evening"]),
        (18, ["evening"]),
        (21, []),
    ]


@pytest.mark.parametrize(("night", "rung"), [(("20:00", "7:00"), 0), (("tối", "sáng"), 0)])
def test_a_slip_in_the_quiet_hours_keeps_nobody_from_being_helped(night: tuple[str, str], rung: int) -> None:
    commune = Commune(name="xã", province="tỉnh", runs_it="xã", reminders=Reminders(quiet_night=night))
    assert rules_of(commune, ZONE).is_open(rung, NINE)
