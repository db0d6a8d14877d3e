"""The walk through every state: a small guides folder is walked whole, and a planted fault of the engine is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import discover
from bot.authoring.explore import Found, explore
from bot.authoring.player import desk_of
from bot.content import load
from bot.context import Answer, Context, House
from bot.core.messages import Kind, Reply
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


def crowded(ctx: Context, *args: str) -> Reply:
    reply = ctx.reply("menu.more")
    return replace(reply, choices=(*reply.choices, *ctx.reply("hello.form_2").choices))


def endless(ctx: Context, *args: str) -> Reply:
    return Reply("rất dài " * 2000)


def talkative(ctx: Context) -> Answer:
    return Answer((Reply(f"Nghe rồi: {ctx.chat.key} Hoa@1955xyz"),))


def particular(ctx: Context, *args: str) -> Answer:
    return ctx.go("menu:main" if ctx.heard.kind is Kind.TEXT else "menu:more")


@pytest.mark.parametrize(
    ("rule", "table", "route", "handler"),
    [
        ("E01", "taps", "guide:not_yet", broken),
        ("E02", "intents", "heard_sticker", silent),
        ("E03", "intents", "help_human", lost),
        ("E04", "taps", "guide:done", particular),
        ("E05", "intents", "back", lost),
        ("E06", "screens", "guide:end", endless),
        ("E07", "screens", "menu:more", crowded),
        ("E08", "intents", "unclear", lost),
        ("E09", "intents", "heard_secret", talkative),
        ("E10", "taps", "guide:start", lost),
    ],
)
async def test_a_planted_fault_is_found(walk: Walk, rule: str, table: str, route: str, handler: Any) -> None:
    assert rule in rules_of(await walk(**{table: {route: handler}}))
