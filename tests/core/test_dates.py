"""Days begin at midnight in Vietnam, whatever the clock in UTC says."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.core.dates import days_ago, local_day, moment_on, start_of_day

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # 1:30 on the 25th in Vietnam


def test_the_local_day() -> None:
    assert local_day(NOW) == date(2026, 11, 25)
    assert days_ago(datetime(2026, 11, 24, 16, 59, tzinfo=UTC), NOW) == 1
    assert start_of_day(NOW) == datetime(2026, 11, 24, 17, tzinfo=UTC)


def test_a_day_told_late_is_that_day_and_never_the_future() -> None:
    assert local_day(moment_on(date(2026, 11, 23), NOW)) == date(2026, 11, 23)
    assert moment_on(date(2026, 11, 25), NOW) == NOW
    assert moment_on(date(2026, 11, 30), NOW) == NOW
