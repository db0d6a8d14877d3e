"""The guides of this repository: they load, the check is clean, and every sample conversation goes as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import discover
from bot.authoring import check, talk, whole
from bot.authoring.player import desk_of
from bot.content import load
from bot.context import House
from bot.core.rules import errors
from bot.render import Words
from bot.turn import Desk
from storage.db import Database

GUIDES = Path(__file__).resolve().parent.parent / "guides"
SCRIPTS, FAULTS = talk.scripts(GUIDES)


@pytest.fixture(scope="module")
def desk() -> Desk:
    library = load(GUIDES)
    return desk_of(House(library, Words(library.commune.words), discover.book()))


def test_the_rules_find_no_fault() -> None:
    assert list(errors(check.inspect(GUIDES)[1])) == []


def test_every_guide_has_conversations() -> None:
    assert FAULTS == []
    assert {script.source.file.split("/")[-2] for script in SCRIPTS} == set(load(GUIDES).guides)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
async def test_a_sample_conversation_goes_as_written(desk: Desk, script: talk.Script) -> None:
    db = await Database.open("sqlite://")
    try:
        assert await db.run(talk.play, desk, script) == []
    finally:
        await db.close()


def test_nobody_is_left_alone_anywhere() -> None:
    """The walk of `camtay check` through every state that can be reached."""
    result = whole.check(GUIDES)
    assert list(errors(result.findings)) == []
    assert result.states > 100
    assert result.moves > 15 * result.states
