"""The walk through every state: a small guides folder is walked whole, and a planted fault of the engine is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import discover
from bot.authoring.explore import Found, explore
from bot.authoring.explore_staff import explore_staff
from bot.authoring.player import desk_of
from bot.content import load
from bot.context import Answer, Context, House
from bot.core.messages import Choice, Kind, Reply
from bot.render import Words
from storage.db import Database

Walk = Callable[..., Any]


@pytest.fixture
def walk(guides: Path) -> Walk:
    async def walking(**other: Any) -> Found:
        """Walk the good guides with these handlers put in place of ours, by table and route."""
        library = load(guides)
        book = discover.book()
        for table, handlers in other.items():
            changed: dict[str, Any] = {table: {**getattr(book, table), **handlers}}
            book = replace(book, **changed)
        desk = desk_of(House(library, Words(library.commune.words), book))
        db = await Database.open("sqlite://")
        try:
            return await db.run(explore, desk)
        finally:
            await db.close()

    return walking


def rules_of(found: Found) -> set[str]:
    return {finding.rule.split("-")[0] for finding in found.findings}


async def test_the_good_guides_leave_nobody_alone(walk: Walk) -> None:
    found = await walk()
    assert sorted(map(str, found.findings)) == []
    assert found.states > 20
    assert found.moves > 10 * found.states


def broken(ctx: Context, *args: str) -> Answer:
    raise RuntimeError("hỏng")


def silent(ctx: Context, *args: str) -> Answer:
    return Answer()


def lost(ctx: Context, *args: str) -> Answer:
    return ctx.go("menu:main")


def unwieldy(ctx: Context, *args: str) -> Reply:
    """A key that no channel carries, and four buttons of its own."""
    keys = ["menu:main:" + mark * 60 for mark in "abcd"]
    return Reply("Chọn đi ạ.", tuple(Choice(key, f"Xem {key[-1]}") for key in keys))


def talkative(ctx: Context) -> Answer:
    return Answer((Reply(f"Nghe rồi: {ctx.chat.key} Hoa@1955xyz"),))


def particular(ctx: Context, *args: str) -> Answer:
    return ctx.go("menu:main" if ctx.heard.kind is Kind.TEXT else "menu:more")


@pytest.mark.parametrize(
    ("rules", "planted"),
    [
        (
            {"E01", "E02", "E06", "E07", "E08", "E09"},
            {
                "taps": {"guide:not_yet": broken},
                "intents": {"heard_sticker": silent, "unclear": lost, "heard_secret": talkative},
                "screens": {"menu:more": unwieldy},
            },
        ),
        (
            {"E03", "E04", "E05"},
            {"taps": {"guide:done": particular, "nav:back": lost}, "intents": {"help_human": lost}},
        ),
        ({"E10"}, {"taps": {"guide:start": lost}}),
    ],
)
async def test_planted_faults_are_found(walk: Walk, rules: set[str], planted: dict[str, Any]) -> None:
    assert rules <= rules_of(await walk(**planted))


async def test_the_helpers_day_is_walked_too(guides: Path) -> None:
    library, book = load(guides), discover.book()
    planted: dict[str, Any] = {"taps": {**book.taps, "exempt:grant": broken}}
    desk = desk_of(House(library, Words(library.commune.words), replace(book, **planted)))
    found = Found()
    db = await Database.open("sqlite://")
    try:
        await db.run(explore_staff, desk, found)
    finally:
        await db.close()
    assert rules_of(found) == {"E01"}
    assert all("Đúng, ghi miễn" in finding.message for finding in found.findings)
    assert found.states > 60
