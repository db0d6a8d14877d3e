"""The help ladder in a real browser: one helper declines, the next is silent, the coordinator comes."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.app import open_house, running
from bot.authoring.player import WHOLE
from bot.demo.door import HOME_CODE
from bot.desk import Desk
from bot.jobs import ladder
from bot.settings import HERE
from storage import chats, grants, units
from storage.db import Conn
from tests.browser.page_kit import needs_chromium
from tests.e2e.road_kit import HELLO, PREPARE, Clock, settings
from tests.e2e.test_main_road_web import phone, sits_down

pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]

# Longer than anybody of the demo has to answer, by day or by night.
MINUTES = 31 * 60


def somebody_silent(conn: Conn, now: datetime) -> str:
    """The last helper of the thôn has a chat, too, and never looks at it."""
    home = units.by_code(conn, HOME_CODE)
    assert home is not None
    helper = grants.holders(conn, "helper", home.id)[-1]
    chat = chats.arrive(conn, "web", "web", "nobody-looks-here", now)
    chats.set_person(conn, chat.id, helper.id)
    return helper.name


async def test_from_a_helper_who_declines_to_the_coordinator_who_comes(
    chrome: Browser, database: Path, tmp_path: Path
) -> None:
    clock = Clock()
    desk = Desk(open_house(HERE / "guides", awake=True), {"web": WHOLE})
    async with running(settings(database), clock) as bot, phone(chrome) as context:
        helper, coordinator, member = [
            await sits_down(context, bot.port, clock, role, tmp_path)
            for role in ("Người hỗ trợ", "Trưởng thôn", "Đảng viên thôn Nà Pán")
        ]
        silent = await bot.db.run(somebody_silent, clock())
        for staff in (helper, coordinator):
            await staff.walks([("Đồng ý, bắt đầu", "cần xem gì")])
        await member.walks([*HELLO[:3], ("Android", "Bài tiếp theo là"), *PREPARE[:3]])
        await member.walks([("Nhờ người giúp", "muốn giúp cách nào"), ("Đến tận nhà", "tổ công nghệ số")])
        await helper.hears("nhờ giúp: đến tận nhà")
        await helper.walks([("Đang bận", "tìm người khác")])
        await member.hears(f"đang hỏi {silent}")
        clock.forward(MINUTES)
        await bot.db.run(ladder.run, clock(), desk)
        await member.types("giúp")
        await member.hears("trưởng thôn")
        await coordinator.hears("nhờ giúp: đến tận nhà")
        await coordinator.walks([("Nhận ngay", "giúp lúc nào"), ("Để ngày mai", "buổi nào"), ("Sáng mai", "sáng mai")])
        await member.hears("đến nhà bác sáng mai")
        said = await member.page.locator(".card.bot").last.inner_text()
        phrase = re.search(r"“(.+?)”", said)
        assert phrase
        await expect(coordinator.page.locator(".card.bot").last).to_contain_text(phrase[1])
        await member.walks([("Viết cho người giúp", "gõ lời nhắn vào đây")])
        await member.types("Cháu gọi cổng bác nhé")
        await coordinator.hears("Cháu gọi cổng bác nhé")
        await coordinator.walks([("Mở phiếu này", "hẹn: sáng mai"), ("Đã giúp xong", "xong. Cảm ơn")])
        await member.hears("báo đã giúp bác xong")
        await member.walks([("Tốt lắm", "Bước 3 trong 7"), *PREPARE[3:4]])
        assert member.complaints + coordinator.complaints == []
