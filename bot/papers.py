"""Documents on their way out: who may have one, and building it off the event loop.

A document is asked for by its recipe, `invites:NAPAN`: the file in `bot/reports` that makes it, and what of.
Nothing is stored: it is read from the database in one transaction and built in a thread each time it goes out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol, cast

from bot import reports
from bot.core.errors import NoPaper, UserError
from bot.core.imprint import Imprint
from bot.core.messages import Paper
from bot.links import Links
from storage import audit
from storage.db import Conn, Database

Args = tuple[str, ...]

LINK_LASTS = timedelta(hours=24)


class Report(Protocol):
    """What a file in `bot/reports` offers. `args` are what follows its name in the recipe."""

    def may(self, conn: Conn, person_id: int, args: Args) -> bool:
        """Whether this person may have this document now."""
        ...

    def read(self, conn: Conn, args: Args, now: datetime) -> Any:
        """Everything the document says, out of the database.

        Raises:
            NoPaper: there is nothing of that name.
        """
        ...

    def build(self, data: Any, imprint: Imprint) -> bytes:
        """The file. Slow and pure."""
        ...


@cache
def known() -> Mapping[str, Report]:
    """Every report by name; nothing is listed by hand."""
    names = [found.name for found in iter_modules(reports.__path__)]
    modules = {name: import_module(f"bot.reports.{name}") for name in names}
    return {name: cast(Report, module) for name, module in modules.items() if hasattr(module, "build")}


def ask(conn: Conn, person_id: int | None, recipe: str, name: str) -> Paper:
    """The document as a handler hands it over.

    Raises:
        UserError: it is not for this person.
    """
    paper = Paper(recipe, name, person_id)
    try:
        _allowed(conn, paper)
    except NoPaper:
        raise UserError("paper.not_yours") from None
    return paper


class Room:
    """Where documents are made. `imprint` tells what they need besides the database."""

    def __init__(
        self, db: Database, clock: Callable[[], datetime], imprint: Callable[[], Imprint], links: Links
    ) -> None:
        self._db, self._clock, self._imprint, self._links = db, clock, imprint, links

    async def build(self, paper: Paper) -> bytes:
        """The file, if the one who asked may (still) have it; noted in the audit.

        Raises:
            NoPaper: they may not, or it is gone.
        """
        report, data = await self._db.run(_read, paper, self._clock())
        return await asyncio.to_thread(report.build, data, self._imprint())

    def opened(self, token: str) -> Paper | None:
        """The document that a link of ours leads to; None when it is not ours or too old."""
        return self._links.opened(token, self._clock())

    def link(self, paper: Paper, now: datetime) -> str:
        """An address where it can be fetched for a day; empty where the commune has no public address."""
        base = self._imprint().ways.web
        return f"{base}/tep/{self._links.token(paper, now + LINK_LASTS)}" if base else ""


def _read(conn: Conn, paper: Paper, now: datetime) -> tuple[Report, Any]:
    report, args = _allowed(conn, paper)
    data = report.read(conn, args, now)
    audit.note(conn, actor=paper.asked_by, action="paper.handed_over", subject=paper.recipe, now=now)
    return report, data


def _allowed(conn: Conn, paper: Paper) -> tuple[Report, Args]:
    """The report of a recipe and what it is about.

    Raises:
        NoPaper: there is none, or whoever asks may not have it.
    """
    name, *args = paper.recipe.split(":")
    report = known().get(name)
    if report is None or paper.asked_by is None or not report.may(conn, paper.asked_by, tuple(args)):
        raise NoPaper
    return report, tuple(args)
