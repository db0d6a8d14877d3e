"""A commune of its own in a folder of its own, as `camtay` finds it on a machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.roster import book_kit
from tests.roster.book_kit import Somebody


@pytest.fixture
def commune(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder; its database is `camtay.db`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("CAMTAY_DATA", str(tmp_path))
    monkeypatch.setenv("DEMO", "false")
    return tmp_path


@pytest.fixture(scope="session")
def everybody() -> list[Somebody]:
    return book_kit.people()


@pytest.fixture(scope="session")
def book(everybody: list[Somebody]) -> Callable[[str], bytes]:
    """One of the untidy workbooks of everybody, made once."""
    made: dict[str, bytes] = {}

    def book(name: str) -> bytes:
        if name not in made:
            made[name] = book_kit.BOOKS[name](everybody)
        return made[name]

    return book
