"""When somebody may be asked: hours of the day, weekends, holidays, the quiet of the night. Local time throughout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Span = tuple[time, time]
"""From, until; one that ends before it begins goes over midnight."""

_SATURDAY = 5
_LOOKS_AHEAD = 31


@dataclass(frozen=True, slots=True)
class Hours:
    """Open within one of `spans`, outside each of `quiet`; on weekends and `days_off` only where that is said."""

    spans: tuple[Span, ...]
    quiet: tuple[Span, ...] = ()
    weekends: bool = True
    holidays: bool = True
    days_off: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        return self._works_on(at.date()) and _within(at.time(), self.spans) and not _within(at.time(), self.quiet)

    def opens(self, at: datetime) -> datetime | None:
        """The first moment from `at` on that is open; None where there is none within a month."""
        if self.is_open(at):
            return at
        return next((moment for moment in self._edges(at) if moment > at and self.is_open(moment)), None)

    def _works_on(self, day: date) -> bool:
        return (self.weekends or day.weekday() < _SATURDAY) and (self.holidays or day not in self.days_off)

    def _edges(self, at: datetime) -> Iterator[datetime]:
        """The moments at which it may begin to be open, in order."""
        edges = sorted({time(0), *(edge for span in (*self.spans, *self.quiet) for edge in span)})
        for ahead in range(_LOOKS_AHEAD):
            day = at.date() + timedelta(days=ahead)
            yield from (datetime.combine(day, edge, at.tzinfo) for edge in edges)


def _within(moment: time, spans: Iterable[Span]) -> bool:
    return any(begin <= moment < end if begin <= end else moment >= begin or moment < end for begin, end in spans)
