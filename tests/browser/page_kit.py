"""A phone with the web page open: Chromium, a real server, and what went wrong on the page."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.channels.web import Limits
from tests.channels.web_kit import OWN_PAGE, House, build, serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE = Path(__file__).with_name("axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# A phone with a Vietnamese voice, which writes down what it was asked to say.
SPEAKING_PHONE = """
window.spoken = [];
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: function () { return [{ lang: 'vi_VN', name: 'Linh' }]; },
  speak: function (said) { window.spoken.push(said.text); },
  cancel: function () { window.spoken.push('(stopped)'); }
} });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""
OLD_PHONE = "delete window.EventSource;"

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CAMTAY_REQUIRE_ALL") != "1", reason="no Chromium on this machine"
)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    assert CHROMIUM, "CAMTAY_REQUIRE_ALL=1, but there is no Chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(slots=True)
class Phone:
    """One open page, and every complaint of its console."""

    house: House
    base: str
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def chat(self) -> str:
        return next(iter(self.house.store.chats))

    async def enter(self) -> None:
        """Sit down without the door, which has tests of its own."""
        asked = self.page.context.request
        answer = await asked.post(f"{self.base}/vao", form={"ma": "BACSON7"}, headers=OWN_PAGE, max_redirects=0)
        await self.page.goto(self.base + answer.headers["location"])
        await expect(self.page.locator(".card.bot")).to_have_count(1)

    async def hears(self, text: str) -> None:
        """The newest message of the bot contains this text."""
        await expect(self.page.locator(".card.bot").last).to_contain_text(text)

    async def run(self, script: str) -> Any:
        return await self.page.evaluate(script)


@asynccontextmanager
async def phone(
    browser: Browser, tmp_path: Path, *, demo: bool = False, limits: Limits | None = None, **options: Any
) -> AsyncIterator[Phone]:
    """A 360 px phone on a fresh house. `script` runs before the page's own; the rest is Playwright's."""
    script = options.pop("script", "")
    house = build(tmp_path, demo=demo, limits=limits)
    async with serving(house) as base:
        context = await browser.new_context(**{"viewport": {"width": 360, "height": 640}, **options})
        context.set_default_timeout(5000)
        if script:
            await context.add_init_script(script)
        opened = Phone(house, base, await context.new_page())
        watch(opened.page, opened.complaints)
        yield opened
        await context.close()


def watch(page: Page, complaints: list[str]) -> None:
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))


async def violations(page: Page) -> list[str]:
    """What axe finds, with contrast of at least 7:1 demanded."""
    await page.evaluate(AXE)
    found = await page.evaluate(
        """tags => axe.run(document, {
            runOnly: tags,
            rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } }
        }).then(result => result.violations)""",
        TAGS,
    )
    return [f"{rule['id']}: {node['html']}: {node['failureSummary']}" for rule in found for node in rule["nodes"]]


async def small_targets(page: Page) -> list[str]:
    """Buttons, links and boxes to type in that are lower or narrower than 48 px. Links within a text are not."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('button, input:not([type=hidden]), textarea, a')]
            .filter(it => it.offsetParent && !it.closest('.card p') && !it.matches('.skip'))
            .map(it => [it.getBoundingClientRect(), it.outerHTML])
            .filter(([box]) => box.width && (box.height < 48 || box.width < 48))
            .map(([box, html]) => `${box.width} x ${box.height}: ${html}`)"""
    )
    return found
