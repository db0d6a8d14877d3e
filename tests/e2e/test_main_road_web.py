"""The main road on the web page: the real bot, a real browser, a member and a helper side by side."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.app import running
from bot.core.vietnamese import fold
from tests.browser.page_kit import needs_chromium, small_targets, violations, watch
from tests.e2e.road_kit import DONE, HELLO, INSTALL, PREPARE, ROAD, Clock, settings

pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]

# Nobody taps faster than this; the page's limits are made for people.
SECONDS_A_STEP = 6
WORDS_FOR_DONE = ("xong roi", "lam duoc roi", "duoc roi", "da xong")


@dataclass
class Tab:
    """One person's page."""

    page: Page
    clock: Clock
    shots: Path
    complaints: list[str] = field(default_factory=list)

    async def hears(self, text: str) -> None:
        """The newest message of the bot contains this; a lesson and its step stand on lines of their own."""
        await expect(self.page.locator(".card.bot").last).to_contain_text(text.replace(" · ", ""))

    async def taps(self, label: str) -> None:
        self.clock.forward(SECONDS_A_STEP)
        await self.page.bring_to_front()
        await self.page.get_by_role("button", name=re.compile(rf"^\d+\. {re.escape(label)}$")).click()

    async def types(self, text: str) -> None:
        self.clock.forward(SECONDS_A_STEP)
        await self.page.get_by_label("Gõ ở đây").fill(text)
        await self.page.keyboard.press("Enter")

    async def walks(self, road: list[tuple[str, str]]) -> None:
        for label, said in road:
            await self.taps(label)
            await self.hears(said)

    async def looks_right(self, name: str) -> None:
        """By eye (the pictures lie in the test's folder), by axe, by finger, and without scrolling sideways."""
        for width, height in ((360, 640), (1280, 800)):
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.evaluate("new Promise(requestAnimationFrame)")
            await self.page.screenshot(path=self.shots / f"{name}-{width}.png")
            assert not await self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            assert await small_targets(self.page) == []
            assert await violations(self.page) == []
        await self.page.set_viewport_size({"width": 360, "height": 640})


@asynccontextmanager
async def phone(chrome: Browser) -> AsyncIterator[BrowserContext]:
    context = await chrome.new_context(viewport={"width": 360, "height": 640})
    context.set_default_timeout(8000)
    yield context
    await context.close()


async def sits_down(context: BrowserContext, port: int, clock: Clock, role: str, shots: Path) -> Tab:
    """Through the door as one of the demo's people; the page that opens remembers that it was not reloaded."""
    door = await context.new_page()
    await door.goto(f"http://127.0.0.1:{port}/")
    async with door.expect_popup() as opening:
        await door.get_by_role("button", name=role).click()
    await door.close()
    tab = Tab(await opening.value, clock, shots)
    watch(tab.page, tab.complaints)
    await expect(tab.page.locator("#choices button").first).to_be_visible()
    await tab.page.evaluate("window.sameSince = 'the beginning'")
    return tab


async def was_reloaded(tab: Tab) -> bool:
    return bool(await tab.page.evaluate("window.sameSince !== 'the beginning'"))


async def by_button(tab: Tab, label: str, turn: int) -> None:
    await tab.taps(label)


async def by_digit(tab: Tab, label: str, turn: int) -> None:
    numbered = await tab.page.locator("#choices button").all_inner_texts()
    await tab.types(next(text.partition(".")[0] for text in numbered if text.endswith(f". {label}")))


async def by_word(tab: Tab, label: str, turn: int) -> None:
    await tab.types(WORDS_FOR_DONE[turn % len(WORDS_FOR_DONE)] if label == DONE else fold(label))


@pytest.mark.parametrize("answers", [by_button, by_digit, by_word])
async def test_a_newcomer_gets_to_the_installed_app(
    chrome: Browser, database: Path, tmp_path: Path, answers: Callable[[Tab, str, int], Awaitable[None]]
) -> None:
    clock = Clock()
    async with running(settings(database), clock) as bot, phone(chrome) as context:
        tab = await sits_down(context, bot.port, clock, "Đảng viên mới", tmp_path)
        for turn, (label, said) in enumerate(ROAD):
            await answers(tab, label, turn)
            await tab.hears(said)
        await expect(tab.page.get_by_role("button", name="Đăng nhập luôn")).to_be_visible()
        assert await tab.page.locator(".card.own .again:visible").count() == 0
        assert tab.complaints == []


async def test_a_helper_in_another_tab_takes_the_call_and_the_member_is_told(
    chrome: Browser, database: Path, tmp_path: Path
) -> None:
    clock = Clock()
    async with running(settings(database), clock) as bot, phone(chrome) as context:
        helper = await sits_down(context, bot.port, clock, "Người hỗ trợ", tmp_path)
        await helper.walks([("Đồng ý, bắt đầu", "cần xem gì")])
        member = await sits_down(context, bot.port, clock, "Đảng viên thôn Nà Pán", tmp_path)
        await member.walks([*HELLO[:3], ("Android", "Bài tiếp theo là"), *PREPARE[:3]])
        await member.walks([("Nhờ người giúp", "muốn giúp cách nào"), ("Đến tận nhà", "số phiếu")])
        await helper.hears("nhờ giúp: đến tận nhà")
        await helper.hears("Đang ở: Chuẩn bị, bước 3")
        await helper.walks([("Nhận ngay", "giúp lúc nào")])
        await member.hears("nhận giúp bác")
        await helper.walks([("Để ngày mai", "buổi nào"), ("Chiều mai", "đã nhắn giờ cho người nhờ")])
        await member.hears("đến nhà bác chiều mai")
        await helper.walks([("Đã giúp xong", "xong. Cảm ơn")])
        await member.hears("báo đã giúp bác xong")
        await member.walks([("Tốt lắm", "Bước 3 trong 7"), *PREPARE[3:4]])
        assert not await was_reloaded(member)
        assert member.complaints + helper.complaints == []


async def test_a_restart_in_the_middle_is_not_noticed(chrome: Browser, database: Path, tmp_path: Path) -> None:
    clock = Clock()
    async with phone(chrome) as context:
        async with running(settings(database), clock) as bot:
            port = bot.port
            tab = await sits_down(context, port, clock, "Đảng viên mới", tmp_path)
            await tab.walks([*HELLO, *PREPARE[:2]])
        await tab.types("xong roi")
        await expect(tab.page.locator(".again:visible")).to_have_count(1)
        async with running(settings(database, port=port), clock):
            await tab.hears(PREPARE[2][1])
            await expect(tab.page.get_by_role("status")).to_be_empty()
            await tab.walks([*PREPARE[3:], *INSTALL])
        assert not await was_reloaded(tab)
        own = await tab.page.locator(".card.own").count()
        assert own == len(ROAD)
        assert [found for found in tab.complaints if "net::ERR" not in found] == []


async def test_the_screens_look_right(chrome: Browser, database: Path, tmp_path: Path) -> None:
    clock = Clock()
    async with running(settings(database), clock) as bot, phone(chrome) as context:
        door = Tab(await context.new_page(), clock, tmp_path)
        watch(door.page, door.complaints)
        await door.page.goto(f"http://127.0.0.1:{bot.port}/")
        await door.looks_right("door")
        tab = await sits_down(context, bot.port, clock, "Đảng viên mới", tmp_path)
        await tab.looks_right("first-message")
        await tab.walks([*HELLO, *PREPARE, *INSTALL[:3]])
        await tab.looks_right("step")
        await expect(tab.page.get_by_text("Bước 3 trong 9")).to_be_in_viewport()
        await tab.walks([("Chưa được", "mình thử cách khác")])
        await tab.walks([("Nhờ người giúp", "muốn giúp cách nào")])
        await tab.looks_right("help")
        await tab.walks([("Đến tận nhà", "thôn hay khối phố nào")])
        await tab.types("na pan")
        await tab.hears("biết tên")
        await tab.types("Hoàng Văn Tư")
        await tab.hears("số phiếu")
        await tab.looks_right("help-sent")
        assert door.complaints + tab.complaints == []
