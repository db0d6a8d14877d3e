"""When somebody may be asked: over midnight, over weekends, over holidays."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.core.hours import Hours

OFFICE = Hours(
    ((time(7, 30), time(11, 30)), (time(13, 30), time(17))),
    weekends=False,
    holidays=False,
    days_off=frozenset({date(2026, 12, 1)}),
)
WATCH = Hours(((time(20), time(7)),))
NEIGHBOUR = Hours(((time(6), time(22)),), quiet=((time(20), time(7)),))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        (OFFICE, "11-24T09:00", "11-24T09:00"),
        (OFFICE, "11-24T11:30", "11-24T13:30"),
        (OFFICE, "11-27T17:00", "11-30T07:30"),
        (OFFICE, "11-30T17:00", "12-02T07:30"),
        (WATCH, "11-24T19:59", "11-24T20:00"),
        (WATCH, "11-24T03:00", "11-24T03:00"),
        (NEIGHBOUR, "11-24T06:30", "11-24T07:00"),
        (NEIGHBOUR, "11-24T21:00", "11-25T07:00"),
    ],
)
def test_when_it_opens(hours: Hours, now: str, opens: str) -> None:
    assert hours.opens(at(now)) == at(opens)
    assert hours.is_open(at(opens))


def test_what_never_opens_says_so() -> None:
    assert Hours(((time(8), time(9)),), quiet=((time(7), time(20)),)).opens(at("11-24T08:30")) is None
