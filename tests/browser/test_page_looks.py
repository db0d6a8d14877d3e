"""What one sees: contrast, sizes, no sideways scrolling; by eye, by axe and by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.page_kit import SPEAKING_PHONE, needs_chromium, phone, small_targets, violations
from tests.channels.web_kit import PICTURE, USUAL

pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]

STEP = (
    'Cài trên máy Android · Bước 4 trong 9\n\nChạm chữ "Cài đặt".\n\n'
    "Cần người giúp, gọi 0205 3 123 456. https://bacson.langson.gov.vn/mot-dia-chi-rat-la-dai-khong-co-cho-ngat"
)


async def sideways(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


async def is_fine(page: Page) -> None:
    assert await violations(page) == []
    assert await small_targets(page) == []
    assert not await sideways(page)


@pytest.mark.parametrize(
    "looks",
    [
        {},
        {"color_scheme": "dark"},
        {"contrast": "more"},
        {"viewport": {"width": 1280, "height": 800}},
    ],
    ids=["phone", "dark", "contrast", "desk"],
)
async def test_door_and_conversation_are_clear(chrome: Browser, tmp_path: Path, looks: dict[str, Any]) -> None:
    async with phone(chrome, tmp_path, demo=True, script=SPEAKING_PHONE, **looks) as it:
        await it.page.goto(it.base)
        await is_fine(it.page)
        async with it.page.expect_popup() as opening:
            await it.page.get_by_role("button", name="Người hỗ trợ").click()
        page = await opening.value
        await page.locator("#choices button").first.click()
        await expect(page.locator(".card.bot")).to_have_count(2)
        it.house.say(it.chat, STEP, USUAL)
        await expect(page.locator(".card.bot")).to_have_count(3)
        await is_fine(page)
        await it.page.context.set_offline(True)
        await page.get_by_label("Gõ ở đây").fill("Tin không gửi được")
        await page.keyboard.press("Enter")
        await expect(page.locator(".again:visible")).to_have_count(1)
        await is_fine(page)


async def test_the_largest_type_is_remembered_and_still_fits(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        assert await it.run("getComputedStyle(document.body).fontSize") == "20px"
        await it.page.get_by_role("button", name="Chữ rất to").click()
        it.house.say(it.chat, STEP, USUAL)
        await it.hears("Bước 4 trong 9")
        assert await it.run("getComputedStyle(document.body).fontSize") == "28px"
        await is_fine(it.page)
        await it.page.reload()
        await it.hears("Bước 4 trong 9")
        assert await it.run("getComputedStyle(document.body).fontSize") == "28px"
        pressed = it.page.get_by_role("button", name="Chữ rất to")
        await expect(pressed).to_have_attribute("aria-pressed", "true")


async def test_choices_are_wide_numbered_and_one_a_row(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        labels = await it.page.locator("#choices button").all_inner_texts()
        assert labels == ["1. Làm được rồi", "2. Chưa được", "3. Quay lại", "4. Nhờ người giúp"]
        boxes = [await button.bounding_box() for button in await it.page.locator("#choices button").all()]
        assert all(box and box["height"] >= 48 and box["width"] >= 330 for box in boxes)
        assert len({box["y"] for box in boxes if box}) == 4


async def test_a_keyboard_is_enough(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.page.goto(f"{it.base}/?ma=BACSON7")
        await it.page.keyboard.press("Tab")
        assert await it.run("document.activeElement.className") == "skip"
        await it.page.get_by_label("Mã mời").focus()
        assert await it.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        await it.page.keyboard.press("Tab")
        await it.page.keyboard.press("Enter")
        await expect(it.page.locator(".card.bot")).to_have_count(1)
        order = await tab_through(it.page, 10)
        assert order[:4] == ["skip", "size 1", "size 2", "size 3"]
        assert order[4:10] == ["guide:done:1", "guide:not_yet:1", "nav:back", "help:ask", "text", "Gửi"]
        assert it.complaints == []


async def tab_through(page: Page, times: int) -> list[str]:
    seen: list[str] = []
    for _ in range(times):
        await page.keyboard.press("Tab")
        seen.append(
            await page.evaluate(
                """() => { const it = document.activeElement, size = it.dataset.size;
                return it.dataset.key || (size && 'size ' + size) || it.id || it.className.split(' ')[0] === 'button'
                    && it.textContent || it.className; }"""
            )
        )
    return seen


async def test_after_an_answer_the_focus_stays_at_the_choices(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        await it.page.locator("#choices button").first.focus()
        await it.page.keyboard.press("Enter")
        await it.hears("guide:done:1")
        assert await it.run("document.activeElement.id") == "choices"
        await it.page.keyboard.press("Tab")
        assert await it.run("document.activeElement.dataset.key") == "guide:done:1"
        await it.page.get_by_label("Gõ ở đây").focus()
        it.house.say(it.chat, "Một tin nữa", USUAL)
        await it.hears("Một tin nữa")
        assert await it.run("document.activeElement.id") == "text"


async def test_a_new_message_is_read_from_its_beginning(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        it.house.say(it.chat, "Dòng đầu\n" + "\n".join(f"Dòng {n}" for n in range(40)), USUAL)
        await it.hears("Dòng 39")
        top = "document.querySelector('.card.bot:last-child').getBoundingClientRect().top"
        assert 0 <= await it.run(top) < 40
        more = it.page.get_by_role("button", name="Xem tiếp bên dưới")
        await more.click()
        await expect(it.page.get_by_role("button", name="4. Nhờ người giúp")).to_be_in_viewport()
        await it.run("window.scrollTo(0, 0)")
        it.house.say(it.chat, "Tin báo")
        await it.page.get_by_role("button", name="Có tin mới").click()
        await expect(it.page.get_by_text("Tin báo")).to_be_in_viewport()


async def test_reading_aloud_starts_and_stops(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path, script=SPEAKING_PHONE) as it:
        await it.enter()
        hear = it.page.get_by_role("button", name="Nghe")
        await hear.click()
        assert "Chào bác ạ" in (await it.run("window.spoken"))[0]
        await it.page.get_by_role("button", name="Dừng").click()
        assert (await it.run("window.spoken"))[-1] == "(stopped)"
        await expect(hear).to_be_visible()


async def test_a_phone_without_a_vietnamese_voice_offers_none(chrome: Browser, tmp_path: Path) -> None:
    mute = SPEAKING_PHONE.replace("vi_VN", "en_US")
    async with phone(chrome, tmp_path, script=mute) as it:
        await it.enter()
        await expect(it.page.locator(".hear")).to_be_hidden()


async def test_markup_in_a_message_stays_text(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        evil = '<img src=x onerror="document.title=1"><b>đậm</b> javascript:alert(1)'
        it.house.say(it.chat, evil, USUAL)
        await it.hears(evil)
        await it.page.get_by_label("Gõ ở đây").fill(evil)
        await it.page.keyboard.press("Enter")
        await expect(it.page.locator(".card.own")).to_contain_text(evil)
        assert await it.page.locator(".card img, .card b, .card a").count() == 0
        assert await it.page.title() == "Cầm Tay"


async def test_a_picture_has_its_words(chrome: Browser, tmp_path: Path) -> None:
    (tmp_path / "android").mkdir()
    icon = Path(__file__).parents[2] / "bot" / "channels" / "web_page" / "icon-192.png"
    (tmp_path / PICTURE.path).write_bytes(icon.read_bytes())
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        it.house.say(it.chat, STEP, USUAL, PICTURE)
        picture = it.page.get_by_alt_text(PICTURE.alt)
        await expect(picture).to_be_visible()
        assert await picture.evaluate("it => it.naturalWidth") == 192
        assert await it.page.get_by_role("link", name="0205 3 123 456").get_attribute("href") == "tel:02053123456"
        assert it.complaints == []
