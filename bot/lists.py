"""Lists of people on a small screen: two a page, names as buttons, and the question which of several is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bot.context import Answer, Context
from bot.core.messages import Choice
from bot.scope import Known, cell_name, labels

T = TypeVar("T")
A_PAGE, ALONE = 2, 3
CANDIDATES = 3


def cut(items: Sequence[T], page: str) -> tuple[list[T], int, int]:
    """What this page shows, its number and how many there are. Three fit where there is no other page."""
    size = ALONE if len(items) <= ALONE else A_PAGE
    pages = max(1, -(-len(items) // size))
    number = min(max(int(page) if page.isdigit() else 1, 1), pages)
    return list(items[(number - 1) * size : number * size]), number, pages


def following(ctx: Context, address: str, number: int, pages: int, *behind: str) -> tuple[Choice, ...]:
    """The button to the next page, after the last one to the first; none where there is one page only."""
    key = ":".join((address, str(number % pages + 1), *filter(None, behind)))
    return (Choice(key, ctx.words("day.following").text),) if pages > 1 else ()


def names(people: Sequence[Known], address: str = "day:person") -> list[Choice]:
    """A button for each; `address` is where it leads, before the person's id."""
    return [Choice(f"{address}:{each.id}", label) for each, label in zip(people, labels(people), strict=True)]


def which(ctx: Context, said: str, found: Sequence[Known], address: str = "day:person") -> Answer:
    """Never guessed: up to three of them, told apart by where they live and belong."""
    shown = found[:CANDIDATES]
    lines = [told_apart(ctx, each) for each in shown]
    more = len(found) - len(shown)
    return ctx.ask("day.which", names(shown, address), said=said[:40], lines=lines, more=more)


def told_apart(ctx: Context, who: Known) -> str:
    """A line that tells this person from others of that name."""
    return ctx.words("day.candidate", name=who.name, code=who.code, unit=who.unit, cell=cell_name(ctx, who.person)).text
