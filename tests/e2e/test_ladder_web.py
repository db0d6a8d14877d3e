"""From the office's invitations to the end of a visit: one declines, the next is silent, the coordinator comes."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin
from zipfile import ZipFile

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from bot.app import open_house, running
from bot.authoring.player import WHOLE
from bot.demo.door import HOME_CODE
from bot.desk import Desk
from bot.jobs import ladder
from bot.settings import HERE
from storage import chats, grants, units
from storage.db import Conn
from tests.browser.page_kit import needs_chromium, watch
from tests.e2e.road_kit import HELLO, INSTALL, Clock, settings
from tests.e2e.test_main_road_web import Tab, phone, sits_down

pytestmark = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]

# Longer than anybody of the demo has to answer, by day or by night.
MINUTES = 31 * 60


def somebody_silent(conn: Conn, now: datetime) -> str:
    """Another helper of the thôn has a chat, too, and never looks at it."""
    home = units.by_code(conn, HOME_CODE)
    assert home is not None
    helper = next(
        each for each in reversed(grants.holders(conn, "helper", home.id)) if not chats.of_person(conn, each.id)
    )
    chat = chats.arrive(conn, "web", "web", "nobody-looks-here", now)
    chats.set_person(conn, chat.id, helper.id)
    return helper.name


async def codes_on_the_paper(office: Tab) -> list[str]:
    """What the office prints and hands out: the personal codes, as they stand on the sheets."""
    link = office.page.locator(".card.bot a.paper").last
    answer = await office.page.context.request.get(urljoin(office.page.url, await link.get_attribute("href") or ""))
    with ZipFile(io.BytesIO(await answer.body())) as packed:
        text = re.sub(r"<[^>]+>", "\n", packed.read("word/document.xml").decode())
    return re.findall(r"\b[A-Z0-9]{4}\s[A-Z0-9]{4}\b", text)


async def comes_in(context: BrowserContext, port: int, clock: Clock, code: str, shots: Path, by: str) -> Tab:
    """With the code of one's own sheet: typed at the door, or by the square on the paper, which is a link."""
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{port}/" + (f"vao/{''.join(code.split())}" if by == "link" else ""))
    if by == "typing":
        await page.locator("#ma").fill(" ".join(code.lower().split()))
    await page.locator("form.enter button").click()
    tab = Tab(page, clock, shots)
    watch(page, tab.complaints)
    await expect(page.locator("#choices button").first).to_be_visible()
    return tab


async def invites_a_helper(office: Tab) -> str:
    await office.types("/giaoviec")
    await office.walks([("Giao việc mới", "Giao việc gì"), ("Tổ công nghệ số", "Ở thôn nào")])
    await office.types("na pan")
    await office.hears("cho ai ạ")
    await office.types("Lăng Thị Mới")
    await office.hears("cho Lăng Thị Mới, đúng không")
    await office.walks([("Đồng ý giao", "Đã giao việc cho Lăng Thị Mới")])
    [code] = await codes_on_the_paper(office)
    return code


async def invites_the_members(office: Tab) -> str:
    """A sheet for each; the code of the first of them."""
    await office.types("/giaymoi")
    await office.hears("cho thôn nào")
    await office.types("Nà Pán")
    await office.walks([("In giấy riêng", "Giấy riêng đây ạ")])
    return (await codes_on_the_paper(office))[0]


async def test_from_the_invitation_to_the_coordinator_who_comes(
    chrome: Browser, database: Path, tmp_path: Path
) -> None:
    clock = Clock()
    desk = Desk(open_house(HERE / "guides", awake=True), {"web": WHOLE})
    async with running(settings(database), clock) as bot, phone(chrome) as context:
        office, coordinator = [
            await sits_down(context, bot.port, clock, role, tmp_path) for role in ("Phòng Văn hóa", "Trưởng thôn")
        ]
        for staff in (office, coordinator):
            await staff.walks([("Đồng ý, bắt đầu", "cần xem gì")])
        helper = await comes_in(context, bot.port, clock, await invites_a_helper(office), tmp_path, "typing")
        await helper.walks([("Đồng ý, bắt đầu", "cần xem gì")])
        member = await comes_in(context, bot.port, clock, await invites_the_members(office), tmp_path, "link")
        await member.walks([*HELLO[:3], ("Android", "Bài tiếp theo là"), ("Chọn bài khác", "Các bài hướng dẫn")])
        await member.walks([("Cài máy Android", "Trước khi làm"), *INSTALL[:3], ("Chưa được", "mình thử cách khác")])
        await member.walks([("Nhờ người giúp", "muốn giúp cách nào"), ("Đến tận nhà", "Lăng Thị Mới")])
        await helper.hears("nhờ giúp: đến tận nhà")
        silent = await bot.db.run(somebody_silent, clock())
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
        for other in (helper, office):
            assert phrase[1] not in await other.page.locator("body").inner_text()
        await member.walks([("Viết cho người giúp", "gõ lời nhắn vào đây")])
        await member.types("Cháu gọi cổng bác nhé")
        await coordinator.hears("Cháu gọi cổng bác nhé")
        await coordinator.walks([("Mở phiếu này", "hẹn: sáng mai"), ("Đã giúp xong", "xong. Cảm ơn")])
        await member.hears("báo đã giúp bác xong")
        await member.walks([("Tốt lắm", "Bước 3 trong 9"), *INSTALL[3:4]])
        assert [tab.complaints for tab in (member, coordinator, helper, office)] == [[]] * 4
