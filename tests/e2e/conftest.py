"""One furnished commune, copied for each test, and one Chromium for all of them."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.app import running
from tests.browser.page_kit import launched
from tests.e2e.road_kit import settings


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chrome() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo commune as its first start leaves it: to invent 1,600 people takes a moment."""
    database = tmp_path_factory.mktemp("commune") / "demo.db"
    async with running(settings(database)):
        pass
    return database


@pytest.fixture
def database(furnished: Path, tmp_path: Path) -> Path:
    """A demo commune of this test's own."""
    return Path(shutil.copy(furnished, tmp_path / "demo.db"))
