"""One Chromium for all browser tests; each test has its own server and its own empty profile in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.page_kit import launched


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chrome() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser
