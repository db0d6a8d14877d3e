"""The day a report speaks of: "hôm qua", "tối thứ hai", "ngày 12/11"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_AGO: Final[Mapping[str, int]] = {
    "hom nay": 0, "sang nay": 0, "trua nay": 0, "chieu nay": 0, "toi nay": 0, "ban nay": 0, "vua nay": 0,
    "hom qua": 1, "toi qua": 1, "dem qua": 1, "sang qua": 1, "chieu qua": 1, "trua qua": 1,
    "hom kia": 2, "toi kia": 2, "hom kia nua": 3,
}  # fmt: skip
_WEEKDAYS: Final[Mapping[str, int]] = {
    "hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5,
}  # fmt: skip
_NEAR = re.compile(rf"\b(?:{'|'.join(sorted(_AGO, key=len, reverse=True))})\b")
_BACK = re.compile(r"\b(?:cach day )?([1-9]|hai|ba|bon|nam) (?:ngay|hom) (?:truoc|roi)\b")
_COUNTS: Final = {"hai": 2, "ba": 3, "bon": 4, "nam": 5}
_WEEKDAY = re.compile(r"\b(?:thu (hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn)(?= |$)(?: (?:tuan truoc|vua roi))?")
_DATE = re.compile(
    r"\b(?:ngay |hom |mung )?(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?\b|\bngay (\d{1,2})(?: thang (\d{1,2}))?\b"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day in the past as it was told; `on` makes a date of it once today is known."""

    ago: int | None = None
    weekday: int | None = None  # 0 is Monday
    day: int | None = None
    month: int | None = None
    year: int | None = None

    def on(self, today: date) -> date | None:
        """The latest such day that is not after today; None where the calendar has no such day."""
        if self.ago is not None:
            return today - timedelta(days=self.ago)
        if self.weekday is not None:
            return today - timedelta(days=(today.weekday() - self.weekday) % 7)
        return self._dated(today)

    def _dated(self, today: date) -> date | None:
        back = (today - timedelta(days=behind) for behind in range(366))
        return next((each for each in back if self._fits(each)), None)

    def _fits(self, each: date) -> bool:
        return each.day == self.day and self.month in (None, each.month) and self.year in (None, each.year)


def find_day(plain: str) -> Day | None:
    """The first day that plain words name."""
    found = [(match.start(), make(match)) for pattern, make in _READERS if (match := pattern.search(plain))]
    return min(found, key=lambda each: each[0])[1] if found else None


def _dated(found: re.Match[str]) -> Day:
    day, month, year, only_day, its_month = (int(part) if part else None for part in found.groups())
    return Day(day=day or only_day, month=month or its_month, year=year)


def _back(found: re.Match[str]) -> Day:
    return Day(ago=_COUNTS.get(found[1]) or int(found[1]))


def _weekday(found: re.Match[str]) -> Day:
    return Day(weekday=_WEEKDAYS[found[1]] if found[1] else 6)


_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Day]], ...]] = (
    (_NEAR, lambda found: Day(ago=_AGO[found.group()])),
    (_BACK, _back),
    (_WEEKDAY, _weekday),
    (_DATE, _dated),
)
