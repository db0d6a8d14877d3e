"""What one does: tapping, typing, losing the network, coming back; nothing is lost and nothing comes twice."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Route, expect

from bot.channels.web import Limits, Rate
from bot.core.messages import Incoming
from tests.browser.page_kit import OLD_PHONE, needs_chromium, phone, watch
from tests.channels.web_kit import build, nothing_to_spawn, serving

pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]


async def test_tapping_and_typing_go_to_the_house_and_back(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        await it.page.get_by_role("button", name="1. Làm được rồi").click()
        await it.hears("Đã nghe: guide:done:1")
        await it.page.get_by_label("Gõ ở đây").fill("2")
        await it.page.get_by_role("button", name="Gửi").click()
        await it.hears("Đã nghe: 2")
        await it.page.get_by_label("Gõ ở đây").fill("lam duoc roi")
        await it.page.keyboard.press("Enter")
        await it.hears("Đã nghe: lam duoc roi")
        assert await it.page.locator(".card.own .state").all_inner_texts() == ["Đã gửi"] * 3
        assert [heard.text for heard in it.house.taken[1:]] == ["guide:done:1", "2", "lam duoc roi"]
        assert it.complaints == []


async def test_a_double_tap_is_one_tap(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        await it.page.get_by_role("button", name="1. Làm được rồi").dblclick()
        await it.hears("Đã nghe")
        assert len(it.house.taken) == 2


async def test_what_is_written_without_signal_goes_out_when_it_is_back(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        await it.page.context.set_offline(True)
        for text in ("một", "hai"):
            await it.page.get_by_label("Gõ ở đây").fill(text)
            await it.page.keyboard.press("Enter")
        await expect(it.page.get_by_role("status")).to_contain_text("Mất mạng")
        await expect(it.page.locator(".again:visible")).to_have_count(1)
        await it.page.context.set_offline(False)
        await it.hears("Đã nghe: hai")
        await expect(it.page.get_by_role("status")).to_be_empty()
        assert [heard.text for heard in it.house.taken[1:]] == ["một", "hai"]


async def test_what_waits_survives_closing_the_page(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        await it.page.route("**/say", lambda route: route.abort())
        await it.page.get_by_label("Gõ ở đây").fill("không mất đâu")
        await it.page.keyboard.press("Enter")
        await expect(it.page.locator(".again:visible")).to_have_count(1)
        address = it.page.url
        await it.page.close()
        it.page = await it.page.context.new_page()
        watch(it.page, it.complaints)
        await it.page.goto(address)
        await it.hears("Đã nghe: không mất đâu")
        await it.page.reload()
        await it.hears("Đã nghe: không mất đâu")
        assert len(it.house.taken) == 2
        kept = "Object.keys(localStorage).map(key => localStorage[key]).join()"
        assert "không mất" not in await it.run(kept), "a delivered message must not stay on the phone"


async def test_an_answer_that_got_lost_on_the_way_back_is_not_asked_twice(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        tries: list[str] = []

        async def deliver_but_lose_the_first_answer(route: Route) -> None:
            tries.append(str(route.request.post_data))
            if len(tries) == 1:
                await route.fetch()
                await route.abort()
            else:
                await route.continue_()

        await it.page.route("**/say", deliver_but_lose_the_first_answer)
        await it.page.get_by_role("button", name="1. Làm được rồi").click()
        await expect(it.page.locator(".own .state")).to_have_text("Đã gửi")
        assert tries[0] == tries[1]
        assert len(it.house.taken) == 2
        await expect(it.page.locator(".card.bot")).to_have_count(2)


async def test_the_page_finds_a_restarted_server_again(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        first = build(tmp_path, store=it.house.store)
        async with serving(first) as base:
            port = urlsplit(base).port or 0
            it.base, it.house = base, first
            await it.enter()
        chat = first.taken[0].chat
        await it.page.get_by_label("Gõ ở đây").fill("còn đó không")
        await it.page.keyboard.press("Enter")
        await expect(it.page.get_by_role("status")).to_contain_text("Mất mạng")
        second = build(tmp_path, store=first.store)
        second.say(chat, "Tin khi máy chủ nghỉ")
        async with serving(second, port):
            await it.hears("Đã nghe: còn đó không")
            await expect(it.page.get_by_text("Tin khi máy chủ nghỉ")).to_have_count(1)
            second.say(chat, "Tin sau đó")
            await it.hears("Tin sau đó")
            await expect(it.page.locator(".card.bot")).to_have_count(4)
            assert len(second.taken) == 1


async def test_an_old_phone_without_streams_asks_now_and_then(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path, script=OLD_PHONE) as it:
        await it.page.clock.install()
        await it.enter()
        it.house.say(it.chat, "Tin mới")
        await it.page.clock.run_for(5000)
        await it.hears("Tin mới")
        assert it.complaints == []


async def test_too_fast_waits_by_itself(chrome: Browser, tmp_path: Path) -> None:
    limits = Limits(said_by_seat=Rate(1, 30))
    async with phone(chrome, tmp_path, limits=limits) as it:
        await it.page.clock.install()
        await it.enter()
        for text in ("một", "hai"):
            await it.page.get_by_label("Gõ ở đây").fill(text)
            await it.page.keyboard.press("Enter")
        await expect(it.page.get_by_role("status")).to_contain_text("hơi dồn")
        it.house.clock.forward(31)
        await it.page.clock.run_for(31_000)
        await it.hears("Đã nghe: hai")


async def test_a_closed_conversation_leads_to_the_door(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.enter()
        it.house.store.chats.clear()
        await it.page.get_by_label("Gõ ở đây").fill("alo")
        await it.page.keyboard.press("Enter")
        await it.page.get_by_role("link", name="Về trang đầu").click()
        await expect(it.page.get_by_label("Mã mời")).to_be_visible()


async def test_buttons_come_back_when_no_new_question_does(chrome: Browser, tmp_path: Path) -> None:
    async with phone(chrome, tmp_path) as it:
        await it.page.clock.install()
        await it.enter()
        await it.house.channel.start(take_silently, nothing_to_spawn)
        await it.page.get_by_role("button", name="1. Làm được rồi").click()
        await expect(it.page.locator("#choices")).to_have_class("choices resting")
        await expect(it.page.locator(".own .state")).to_have_text("Đã gửi")
        await it.page.clock.run_for(7000)
        await expect(it.page.locator("#choices")).to_have_class("choices")


async def take_silently(incoming: Incoming) -> None:
    """A second identical tap within seconds is answered with silence."""
