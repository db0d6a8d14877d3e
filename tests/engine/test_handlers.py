"""What every handler owes: help, words that exist, buttons that lead somewhere; and the glossary its roles."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

import handlers
from bot.authoring.player import ROLES
from bot.context import House
from bot.core.forms import FORMS
from bot.core.routing import Address, Routes
from bot.render import TEXTS
from bot.settings import HERE

NAMES = sorted(found.name for found in iter_modules(handlers.__path__))


@pytest.mark.parametrize("name", NAMES)
def test_a_handler_has_its_help_its_name_and_its_words(name: str) -> None:
    module = import_module(f"handlers.{name}")
    assert (module.__doc__ or "").strip()
    assert isinstance(module.route, Routes)
    assert module.route.name == name
    assert name in ("nav", "oops") or (TEXTS / f"{name}.j2").exists()


def test_every_command_is_described_in_every_form(house: House) -> None:
    for command, by in house.book.described_by.items():
        assert command.isascii()
        for form in FORMS:
            said = house.words.say(f"{by}.command_{command}", form).text
            assert 3 <= len(said) <= 60, command


@pytest.mark.parametrize("path", sorted(TEXTS.glob("*.j2")), ids=lambda path: path.stem)
def test_every_button_in_the_texts_leads_somewhere(house: House, path: object) -> None:
    text = (TEXTS / f"{getattr(path, 'stem', '')}.j2").read_text(encoding="utf-8")
    for key in re.findall(r"^\[([a-z_]+:[^\]]*)\] ", text, re.MULTILINE):
        plain = re.sub(r"\{\{.*?\}\}", "1", key)
        assert house.book.takes(plain), f"{key}: nobody takes {Address.parse(plain)}"


def test_every_screen_that_listens_exists_and_every_lone_tap_too(house: House) -> None:
    assert set(house.book.ears) <= set(house.book.screens)
    assert house.book.sharp <= set(house.book.ears)
    assert house.book.always <= set(house.book.taps)
    assert not set(house.book.taps) & set(house.book.screens)


@pytest.mark.parametrize("role", ["member", *ROLES, "admin"])
def test_the_glossary_knows_each_role(role: str) -> None:
    glossary = (HERE / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert f"role `{role}`" in glossary
