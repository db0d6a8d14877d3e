"""The office's page: a workbook is handed in, looked at, confirmed; nobody else finds the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientResponse, FormData, web

from bot.channels.web import Limits, Rate, WebChannel
from bot.core.messages import Incoming
from bot.desk import Desk
from bot.jobs import housekeeping
from bot.settings import HERE
from bot.webroster import WebRoster
from bot.webstore import WebStore
from storage import chats, drafts, grants, invites, people, roster, units
from storage.db import Conn, Database
from tests.channels.web_kit import OWN_PAGE, Browser, Clock, browser, nothing_to_spawn
from tests.databases import database_url, db, postgres
from tests.engine.conftest import desk, house
from tests.roster.book_kit import HEADER, packed

__all__ = ["database_url", "db", "desk", "house", "postgres"]

SECRET = "020074001234"
ROWS = (("Vi Văn A", "Nà Pán", "Nà Pán", SECRET), ("Vi Văn B", "Nà Pán", "Nà Pán", SECRET[::-1]))
BOOK = packed(*ROWS, header=[*HEADER, "CCCD"])


class Office:
    """The house with one of the office and one helper, each with an invitation."""

    def __init__(self, database: Database, *, demo: bool = False, limits: Limits | None = None) -> None:
        self.db, self.clock = database, Clock()
        desk = WebRoster(database, self.clock, phones=False, demo=demo, timezone="Asia/Ho_Chi_Minh")
        store = WebStore(database, self.clock)
        self.channel = WebChannel(
            store, secure=False, demo=None, guides=HERE / "guides", clock=self.clock, limits=limits, roster=desk
        )

    def invite(self, conn: Conn) -> None:
        for role in ("office", "helper"):
            self.invite_one(conn, role)

    def invite_one(self, conn: Conn, role: str) -> None:
        person = people.create(conn, code=role.upper(), name="Lý Thị Lành", now=self.clock())
        grants.give(conn, person.id, role, now=self.clock())
        invites.create(conn, code=role.upper(), person_id=person.id, now=self.clock())

    async def take(self, said: Incoming) -> None:
        def sit(conn: Conn) -> None:
            chat = chats.arrive(conn, "web", "web", said.chat, self.clock())
            invite = invites.redeem(conn, said.text, self.clock())
            chats.set_person(conn, chat.id, invite.person_id if invite else None)

        await self.db.run(sit)


@asynccontextmanager
async def opened(office: Office) -> AsyncIterator[Browser]:
    await office.db.run(office.invite)
    await office.channel.start(office.take, nothing_to_spawn)
    application = web.Application(client_max_size=1024)
    application.router.add_routes([*office.channel.routes(), office.channel.stray()])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with browser(f"http://127.0.0.1:{runner.addresses[0][1]}") as desktop:
            yield desktop
    finally:
        await office.channel.close()
        await runner.cleanup()


async def hand_in(desktop: Browser, seat: str, book: bytes, **headers: str) -> ClientResponse:
    form = FormData()
    form.add_field("tep", book, filename="ds.xlsx")
    return await desktop.post(f"{seat}danh-sach", form, headers=headers or OWN_PAGE)


def mark_in(html: str) -> str:
    return html.partition('name="dau" value="')[2].partition('"')[0]


async def test_a_workbook_is_looked_at_and_confirmed(db: Database) -> None:
    office = Office(db)
    async with opened(office) as desktop:
        seat = await desktop.enter("OFFICE")
        assert 'href="danh-sach"' in await (await desktop.get(seat)).text()
        assert 'type="file"' in await (await desktop.get(f"{seat}danh-sach")).text()
        shown = await (await hand_in(desktop, seat, BOOK)).text()
        assert "2 người: 2 mới, 0 đổi, 0 không đổi." in shown
        assert "cột E: không lấy vào: số giấy tờ" in shown
        assert mark_in(await (await desktop.get(f"{seat}danh-sach")).text()) == mark_in(shown)
        assert len(await db.run(roster.everybody)) == 2  # the two who were invited
        done = await desktop.post(f"{seat}danh-sach/nhap", {"dau": mark_in(shown)})
        assert (done.status, "Đã nhập danh sách. 2 người" in await done.text()) == (200, True)
        names = [known.name for known, _, _ in await db.run(roster.members)]
        assert names == ["Vi Văn A", "Vi Văn B"]
        twice = await desktop.post(f"{seat}danh-sach/nhap", {"dau": mark_in(shown)})
        assert (twice.status, "Không còn danh sách nào" in await twice.text()) == (409, True)
        again = await (await hand_in(desktop, seat, BOOK)).text()
        assert "2 không đổi" in again
        assert "Không có gì để nhập" in again


async def test_nothing_private_waits_and_nothing_waits_long(db: Database, desk: Desk) -> None:
    office = Office(db)
    async with opened(office) as desktop:
        seat = await desktop.enter("OFFICE")
        await hand_in(desktop, seat, BOOK)
        body = await db.run(drafts.of, 1, office.clock())
        assert body is not None
        assert SECRET not in repr(body)
        tomorrow = office.clock() + timedelta(days=1)
        assert await db.run(drafts.of, 1, tomorrow) is None
        assert (await db.run(housekeeping.run, tomorrow, desk))["drafts"] == 1
        await hand_in(desktop, seat, BOOK)
        dropped = await desktop.post(f"{seat}danh-sach/thoi")
        assert (dropped.status, dropped.headers["Location"]) == (303, f"{seat}danh-sach")
        assert await db.run(drafts.of, 1, office.clock()) is None


async def test_what_changed_meanwhile_is_shown_again(db: Database) -> None:
    office = Office(db)
    async with opened(office) as desktop:
        seat = await desktop.enter("OFFICE")
        shown = await (await hand_in(desktop, seat, BOOK)).text()
        await db.run(units.create, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None)
        answer = await desktop.post(f"{seat}danh-sach/nhap", {"dau": mark_in(shown)})
        html = await answer.text()
        assert (answer.status, "vừa có thay đổi" in html) == (409, True)
        assert mark_in(html) != mark_in(shown)
        assert (await desktop.post(f"{seat}danh-sach/nhap", {"dau": mark_in(html)})).status == 200


async def test_people_in_doubt_are_named_and_left_out(db: Database) -> None:
    office = Office(db)
    async with opened(office) as desktop:
        seat = await desktop.enter("OFFICE")
        shown = await (await hand_in(desktop, seat, packed(ROWS[0][:3], ROWS[0][:3]))).text()
        assert "1 người: 1 mới, 0 đổi, 0 không đổi; 1 dòng cần xem." in shown
        assert "Còn ngờ, chưa nhập" in shown
        await desktop.post(f"{seat}danh-sach/nhap", {"dau": mark_in(shown)})
        assert len(await db.run(roster.members)) == 1


async def test_twins_told_apart_by_their_papers_both_come_in(db: Database) -> None:
    office = Office(db)
    async with opened(office) as desktop:
        seat = await desktop.enter("OFFICE")
        twins = packed((*ROWS[0][:3], SECRET), (*ROWS[0][:3], SECRET[::-1]), header=[*HEADER, "CCCD"])
        shown = await (await hand_in(desktop, seat, twins)).text()
        await desktop.post(f"{seat}danh-sach/nhap", {"dau": mark_in(shown)})
        assert [known.name for known, _, _ in await db.run(roster.members)] == ["Vi Văn A"] * 2


@pytest.mark.parametrize("role", ["member", "helper", "coordinator", "secretary", "party", "leader", "office", "admin"])
async def test_whose_page_it_is(role: str, db: Database) -> None:
    office = Office(db)
    async with opened(office) as desktop:
        if role not in ("helper", "office"):
            await db.run(lambda conn: office.invite_one(conn, role))
        seat, may = await desktop.enter(role.upper()), role in ("office", "admin")
        assert ("danh-sach" in await (await desktop.get(seat)).text()) is may
        assert (await desktop.get(f"{seat}danh-sach")).status == (200 if may else 404)
        assert (await hand_in(desktop, seat, BOOK)).status == (200 if may else 404)
        left = [] if may else [await desktop.post(f"{seat}danh-sach/{what}") for what in ("nhap", "thoi", "lay")]
        assert all(answer.status == 404 for answer in left)
        assert (
            await db.run(lambda conn: drafts.of(conn, 3 if role == "admin" else 1, office.clock())) is not None
        ) is may


async def test_nobody_comes_in_from_elsewhere(db: Database) -> None:
    async with opened(Office(db)) as desktop:
        office = await desktop.enter("OFFICE")
        assert (await hand_in(desktop, office, BOOK, **{"Sec-Fetch-Site": "cross-site"})).status == 403
        assert (await desktop.post("/s/00000000/danh-sach/lay")).status == 401


@pytest.mark.parametrize(
    ("book", "status", "told"),
    [
        (b"", 422, "không phải tệp Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", 422, "đời cũ (.xls)"),
        (packed(header=["Đơn vị"]), 422, "Không thấy người nào"),
        (b"PK" + b"x" * 30_000, 413, "Tệp lớn quá"),
    ],
)
async def test_what_cannot_be_read_says_what_to_do(book: bytes, status: int, told: str, db: Database) -> None:
    limits = replace(Limits(), largest_workbook=20_000, workbooks=Rate(2, 600))
    async with opened(Office(db, limits=limits)) as desktop:
        seat = await desktop.enter("OFFICE")
        answer = await hand_in(desktop, seat, book)
        assert (answer.status, told in await answer.text()) == (status, True)
        assert (await desktop.post(f"{seat}danh-sach", b"no form")).status == 400
        assert (await hand_in(desktop, seat, book)).status == 429


async def test_the_list_is_taken_home_and_that_is_written_down(db: Database) -> None:
    office = Office(db)
    async with opened(office) as desktop:
        seat = await desktop.enter("OFFICE")
        answer = await desktop.post(f"{seat}danh-sach/lay")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="danh-sach-dang-vien-2026-11-24.xlsx"'
        assert (await answer.read()).startswith(b"PK")
        assert answer.headers["Cache-Control"] == "no-store"

        def noted(conn: Conn) -> list[tuple[object, ...]]:
            rows = conn.exec_driver_sql("SELECT actor_person_id, action, subject FROM audit")
            return [tuple(row) for row in rows]

        assert await db.run(noted) == [(1, "roster.export", "people:0")]


async def test_the_demo_shows_and_keeps_nothing(db: Database) -> None:
    office = Office(db, demo=True)
    async with opened(office) as desktop:
        seat = await desktop.enter("OFFICE")
        shown = await (await hand_in(desktop, seat, BOOK)).text()
        assert "2 mới" in shown
        assert mark_in(shown) == ""
        assert await db.run(drafts.of, 1, office.clock()) is None
        tried = await desktop.post(f"{seat}danh-sach/nhap", {"dau": "x"})
        assert (tried.status, "xã dùng thử" in await tried.text()) == (409, True)
