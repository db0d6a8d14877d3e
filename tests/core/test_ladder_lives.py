"""Ten thousand calls for help, day and night and on holidays, a third of the helpers silent: nobody is left alone."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest

from bot.core.ladder import Candidate
from tests.core.ladder_world import PEOPLE, Life
from tests.core.test_ladder import ZONE, rules

BEGIN = datetime(2027, 1, 1, tzinfo=ZONE)
TET = [f"2027-02-{day:02}" for day in range(5, 13)]


@pytest.mark.parametrize("part", range(10))
def test_at_no_moment_is_a_call_without_owner_or_alarm(part: int) -> None:
    lived, seen, draw = 0, Counter[str](), Random(part)
    usual = rules(days_off=TET)
    for _ in range(1000):
        life = Life(usual, draw, BEGIN + timedelta(minutes=draw.randrange(60 * 24 * 60)))
        lived += life.live()
        seen += life.seen
    assert lived == 1000
    assert all(seen[what] > 5 for what in ("owner", "asked", "morning", "rung", "release", "alarm", "again"))


def test_where_nobody_can_be_written_to_the_alarm_holds_it_for_a_month() -> None:
    life = Life(rules(), Random(1), BEGIN, people=[])
    assert not life.live()
    assert set(life.seen) >= {"alarm"}
    assert not life.seen["asked"]


def test_with_one_silent_neighbour_it_goes_on_asking_and_alarming() -> None:
    class Never(Random):
        def random(self) -> float:
            return 0.0

    life = Life(rules(), Never(), BEGIN, people=[Candidate(1, 0)])
    assert not life.live()
    assert life.seen["again"] > 30
    assert life.seen["alarm"] > 30


def test_at_night_the_watch_may_ring() -> None:
    life = Life(rules(ring_at_night=True), Random(3), BEGIN.replace(hour=23), people=PEOPLE)
    assert life.live()
    assert not life.seen["morning"]
