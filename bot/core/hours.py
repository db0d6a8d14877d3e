"""When somebody may be asked: hours of the day, weekends, holidays, the quiet of the night. Local time throughout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Span = tuple[time, time]
"""From, until; one that ends before it begins goes over midnight."""

_SATURDAY = 5
_LOOKS_AHEAD = 31
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Open within one of `spans`, outside each of `quiet`; on weekends and `days_off` only where that is said."""

    spans: tuple[Span, ...]
    quiet: tuple[Span, ...] = ()
    weekends: bool = True
    holidays: bool = True
    days_off: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        now = at.time()
        return self._works_on(at.date()) and any(
            begin <= now <= end for begin, end in _open_parts(self.spans, self.quiet)
        )

    def opens(self, at: datetime) -> datetime | None:
        """The first moment from `at` on that is open; None where there is none within a month."""
        if self.is_open(at):
            return at
        begins = [begin for begin, _ in _open_parts(self.spans, self.quiet)]
        day, after = at.date(), at.time()
        for _ in range(_LOOKS_AHEAD if begins else 0):
            found = next((begin for begin in begins if begin >= after), None)
            if found is not None and self._works_on(day):
                return datetime.combine(day, found, at.tzinfo)
            day, after = day + _A_DAY, time.min
        return None

    def _works_on(self, day: date) -> bool:
        return (self.weekends or day.weekday() < _SATURDAY) and (self.holidays or day not in self.days_off)


@lru_cache
def _open_parts(spans: tuple[Span, ...], quiet: tuple[Span, ...]) -> tuple[Span, ...]:
    """The open parts of a day, in order: each from its first moment to its last."""
    edges = sorted({time.min, *(edge for span in (*spans, *quiet) for edge in span)})
    ends = [_before(edge) for edge in edges[1:]] + [time.max]
    parts = zip(edges, ends, strict=True)
    return tuple((begin, end) for begin, end in parts if _within(begin, spans) and not _within(begin, quiet))


def _before(edge: time) -> time:
    return (datetime.combine(date.min, edge) + _A_DAY - timedelta.resolution).time()


def _within(moment: time, spans: Iterable[Span]) -> bool:
    return any(begin <= moment < end if begin <= end else moment >= begin or moment < end for begin, end in spans)
