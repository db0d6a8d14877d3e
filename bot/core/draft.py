"""A report being read back: its rows, as they stand in the chat's notes until the person says "đúng, lưu".

A row is corrected by its number; one whose person nobody has settled stays a row, and is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Protocol

from bot.core.progress import in_words_of_the_form


class Day(Protocol):
    """A day as it was told; a date once today is known."""

    def on(self, today: date) -> date | None: ...


class Told(Protocol):
    """One person of a sentence, as `bot.core.telling` reads it."""

    @property
    def name(self) -> str: ...
    @property
    def code(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...
    @property
    def day(self) -> Day | None: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report.

    `name`: as it was said, or of the person once that is settled by `code`. `what`: how it stands, or None where
    nothing was told. `day`: ISO, so that a row waiting since yesterday still means its own day. `left_open`: asked
    who it is, and not answered.
    """

    name: str
    code: str | None = None
    unit: str | None = None
    what: str | None = None
    day: str = "1970-01-01"
    left_open: bool = False

    @property
    def is_ready(self) -> bool:
        return self.code is not None and self.what is not None

    @property
    def happened_on(self) -> date:
        return date.fromisoformat(self.day)


def read(told: Iterable[Told], today: date) -> tuple[Row, ...]:
    """The rows of a sentence. A day the calendar does not have is today: the person sees it and corrects it."""
    return tuple(
        Row(each.name, each.code, each.unit, each.status and in_words_of_the_form(each.status), _iso(each.day, today))
        for each in told
    )


def kept(rows: Iterable[Row]) -> list[list[object]]:
    """For the notes of a chat: plain JSON."""
    return [list(astuple(row)) for row in rows]


def from_notes(found: object) -> tuple[Row, ...]:
    """Back from the notes; nothing where they hold none, or one of another version."""
    if not isinstance(found, list):
        return ()
    return tuple(Row(*row) for row in found if isinstance(row, list) and len(row) == len(Row.__slots__))


def changed(rows: Sequence[Row], place: int, **new: object) -> tuple[Row, ...]:
    """The same rows with this one (from 0) changed."""
    return tuple(
        replace(row, **new) if at == place else row  # type: ignore[arg-type]  # the names are a row's own fields
        for at, row in enumerate(rows)
    )


def added(rows: Sequence[Row], more: Sequence[Row]) -> tuple[Row, ...]:
    """These rows and some more; what is told anew of somebody takes the place of the older row."""
    again = {row.code for row in more if row.code}
    return (*(row for row in rows if row.code not in again), *more)


def without(rows: Sequence[Row], place: int) -> tuple[Row, ...]:
    return tuple(row for at, row in enumerate(rows) if at != place)


def first_unsettled(rows: Sequence[Row]) -> int | None:
    """The first row whose person is still to be asked for."""
    return next((at for at, row in enumerate(rows) if row.code is None and not row.left_open), None)


def first_without_result(rows: Sequence[Row]) -> int | None:
    """The first row of somebody known of whom no result was told."""
    return next((at for at, row in enumerate(rows) if row.code is not None and row.what is None), None)


def _iso(day: Day | None, today: date) -> str:
    found = day.on(today) if day else None
    return (found or today).isoformat()
