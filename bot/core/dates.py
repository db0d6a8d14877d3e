"""Days as people here count them. Moments are stored in UTC; a day begins at midnight in Vietnam."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
"""The whole country, all the year round: there is no summer time."""


def local_day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def days_ago(moment: datetime, now: datetime) -> int:
    """0 for earlier today, 1 for yesterday at any hour."""
    return (local_day(now) - local_day(moment)).days


def moment_on(day: date, now: datetime) -> datetime:
    """When something of that day happened, as far as a day tells: now if it is today, else at noon."""
    return now if day >= local_day(now) else datetime.combine(day, time(12), VIETNAM).astimezone(UTC)


def start_of_day(now: datetime) -> datetime:
    return datetime.combine(local_day(now), time(), VIETNAM).astimezone(UTC)
