"""The main road on Telegram: the real bot beside a strict Telegram of our own, by polling and by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import Running, running
from bot.demo.door import invite_for
from storage import chats
from storage.db import Conn
from tests.e2e.road_kit import HELLO, INSTALL, PREPARE, ROAD, Clock, with_telegram
from tests.fakes.telegram import FakeTelegram, Fault
from tests.fakes.telegram_world import Chat

MEMBER, HELPER, GROUP = 1001, 1002, -77

Updates = Literal["polling", "webhook"]
both_ways = pytest.mark.parametrize("updates", ["polling", "webhook"])


@dataclass
class Person:
    """Somebody with Telegram on the phone, and the bot on the other side."""

    fake: FakeTelegram
    number: int

    @property
    def chat(self) -> Chat:
        return self.fake.world.chat(self.number)

    async def does(self, act: Callable[[], object], said: str, seconds: float = 5) -> None:
        """After this the newest message says so."""
        heard = len(self.chat.texts)
        act()
        await self.hears(said, heard, seconds)

    async def hears(self, said: str, heard: int = 0, seconds: float = 5) -> None:
        try:
            await self.fake.until(lambda: len(self.chat.texts) > heard and said in self.chat.texts[-1], seconds)
        except TimeoutError:
            raise AssertionError(f"not heard: {said!r}; the last was: {self.chat.texts[heard:]}") from None

    async def says(self, text: str, said: str, seconds: float = 5) -> None:
        await self.does(lambda: self.fake.world.say(self.number, text), said, seconds)

    async def taps(self, label: str, said: str, seconds: float = 5) -> None:
        await self.does(lambda: self.fake.world.tap(self.number, label), said, seconds)

    async def starts(self, said: str, code: str = "") -> None:
        await self.does(lambda: self.fake.world.start(self.number, code), said)

    async def types_number_of(self, label: str, said: str) -> None:
        labels = list(self.chat.keyboards[max(self.chat.keyboards)].values())
        await self.says(str(labels.index(label) + 1), said)

    async def walks(self, road: list[tuple[str, str]]) -> None:
        for label, said in road:
            await self.taps(label, said)


@dataclass
class Road:
    fake: FakeTelegram
    bot: Running
    clock: Clock
    member: Person
    helper: Person

    async def invited(self, role: str) -> str:
        return await self.bot.db.run(invite_for, role, self.clock())

    async def is_tidy(self) -> None:
        """Every tap was answered, only the newest question has buttons, no call offended the schema."""
        await self.fake.until(lambda: all(self.fake.world.taps.values()))
        for chat in (self.member.chat, self.helper.chat):
            await self.fake.until(lambda chat=chat: set(chat.keyboards) <= set(newest(chat)))  # type: ignore[misc]
        assert self.fake.violations == []


def newest(chat: Chat) -> list[int]:
    return [message["message_id"] for message in chat.said_by_bot[-1:]]


@asynccontextmanager
async def road(database: Path, updates: Updates = "polling", **more: Any) -> AsyncIterator[Road]:
    clock = Clock()
    async with FakeTelegram() as fake, running(with_telegram(fake, database, updates, **more), clock) as bot:
        yield Road(fake, bot, clock, Person(fake, MEMBER), Person(fake, HELPER))
    assert fake.violations == []


@both_ways
async def test_the_whole_lesson_with_taps_and_typed_numbers(database: Path, updates: Updates) -> None:
    async with road(database, updates) as it:
        await it.member.starts("Cháu là Cầm Tay")
        for turn, (label, said) in enumerate(ROAD):
            await (it.member.types_number_of if turn % 2 else it.member.taps)(label, said)
        assert len(it.member.chat.texts) == 1 + len(ROAD)
        await it.is_tidy()


@both_ways
async def test_a_call_for_help_between_two_chats(database: Path, updates: Updates) -> None:
    async with road(database, updates) as it:
        await it.helper.starts("trợ lý của", await it.invited("helper"))
        await it.helper.walks([("Đồng ý, bắt đầu", "cần xem gì")])
        await it.member.starts("Cháu là Cầm Tay", await it.invited("member"))
        await it.member.walks([*HELLO[:3], ("Android", "Bài tiếp theo là"), *PREPARE[:3]])
        await it.member.walks([("Nhờ người giúp", "muốn giúp cách nào"), ("Gọi điện thoại", "gọi vào số nào")])
        await it.member.says("0912 345 678", "số phiếu")
        await it.helper.hears("nhờ giúp: gọi điện thoại")
        assert "0912" not in it.helper.chat.texts[-1], "only who takes the call may see the number"
        await it.helper.walks([("Nhận ngay", "0912345678")])
        await it.member.hears("nhận giúp bác")
        await it.helper.walks([("Giúp ngay", "đã nhắn giờ")])
        await it.member.hears("gọi cho bác trước")
        await it.helper.walks([("Đã giúp xong", "Cảm ơn")])
        await it.member.hears("báo đã giúp bác xong")
        await it.member.walks([("Tốt lắm", PREPARE[2][1]), PREPARE[3]])
        await it.is_tidy()


@both_ways
async def test_blocked_and_unblocked(database: Path, updates: Updates) -> None:
    async with road(database, updates) as it:
        await it.member.starts("Cháu là Cầm Tay")
        await it.member.walks([*HELLO, *PREPARE[:2]])
        await it.is_tidy()
        it.fake.world.block(MEMBER)
        await eventually(it, is_reachable, False)
        it.fake.world.unblock(MEMBER)
        await eventually(it, is_reachable, True)
        await it.member.says("xong roi", PREPARE[2][1])
        await it.is_tidy()


@both_ways
async def test_whatever_one_sends_has_one_answer_that_leads_on(database: Path, updates: Updates) -> None:
    async with road(database, updates) as it:
        await it.member.starts("Cháu là Cầm Tay")
        await it.member.walks([*HELLO, *PREPARE[:2]])
        photo = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 16}
        for content, said in (
            ({"photo": [photo]}, "không giữ ảnh này"),
            ({"document": {"file_id": "f", "file_unique_id": "u"}}, "không giữ ảnh này"),
            ({"sticker": {**photo, "type": "regular", "is_animated": False, "is_video": False}}, "Bước 2 trong 7"),
            ({"contact": {"phone_number": "+84912345678", "first_name": "Tư", "user_id": MEMBER}}, "Bước 2 trong 7"),
            ({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}}, "mời người gọi lại"),
        ):
            heard = len(it.member.chat.texts)
            await it.member.does(lambda content=content: it.fake.world.show(MEMBER, content), said)  # type: ignore[misc]
            assert len(it.member.chat.texts) == heard + 1
        await it.member.says("quay lai", "Bước 2 trong 7")
        await it.is_tidy()


@both_ways
async def test_edited_messages_and_groups_disturb_nobody(database: Path, updates: Updates) -> None:
    async with road(database, updates) as it:
        await it.member.starts("Cháu là Cầm Tay")
        message = {**it.member.chat.messages[0], "text": "sửa rồi", "edit_date": 1}
        it.fake.world.allowed = []  # as if Telegram sent what was never asked for
        it.fake.world.inject({"edited_message": message})
        it.fake.world.say(GROUP, "chào cả nhà")
        group = Person(it.fake, GROUP)
        await group.says(f"@{it.fake.world.username} ơi", "nhắn riêng")
        it.fake.world.say(GROUP, f"/start@{it.fake.world.username}")
        await it.member.taps(*HELLO[0])
        assert len(group.chat.texts) == 1
        assert group.chat.keyboards == {}
        assert len(it.member.chat.texts) == 2
        await it.is_tidy()


@both_ways
async def test_stale_and_doubled_taps_are_answered_and_change_nothing(database: Path, updates: Updates) -> None:
    async with road(database, updates) as it:
        await it.member.starts("Cháu là Cầm Tay")
        old = it.member.chat.said_by_bot[-1]["message_id"]
        await it.member.walks([*HELLO, *PREPARE[:2]])
        await it.member.does(lambda: it.fake.world.tap(MEMBER, "hello:begin", old), "Nút này cũ rồi ạ")
        assert "Bước 2 trong 7" in it.member.chat.texts[-1]
        heard = len(it.member.chat.texts)
        step = it.member.chat.said_by_bot[-1]["message_id"]
        for _ in range(3):
            it.fake.world.tap(MEMBER, "guide:done:chuan-bi:CB-2", step)
        await it.member.says("nhac lai", "Bước 3 trong 7")
        await it.fake.until(lambda: len(it.member.chat.texts) == heard + 2)
        it.fake.world.tap(MEMBER, "không-có:nút-này", step)
        it.fake.world.tap(MEMBER, "calls:take:999999", step)
        await it.is_tidy()


@pytest.mark.parametrize("kind", ["429", "500", "502", "cut", "cut_after", "garbage"])
async def test_troubles_on_the_way_lose_and_double_nothing(database: Path, kind: str) -> None:
    async with road(database, "webhook") as it:
        await it.member.starts("Cháu là Cầm Tay")
        await it.member.walks(HELLO[:1])
        it.fake.faults.append(Fault(kind, "sendMessage", retry_after=1))
        await it.member.walks(HELLO[1:])
        texts = it.member.chat.texts
        assert len(set(texts)) == 1 + len(HELLO)
        assert len(texts) - len(set(texts)) == (1 if kind == "cut_after" else 0)
        assert await it.bot.db.run(doubtful_rows) == (0 if kind == "429" else 1)


@pytest.mark.parametrize("kind", ["403", "400"])
async def test_a_refused_message_is_written_off_and_the_next_one_arrives(database: Path, kind: str) -> None:
    async with road(database) as it:
        await it.member.starts("Cháu là Cầm Tay")
        it.fake.faults.append(Fault(kind, "sendMessage"))
        it.fake.world.tap(MEMBER, HELLO[0][0])
        await it.fake.until(lambda: it.fake.faults[0].times == 0)
        await eventually(it, is_reachable, kind == "400")
        await it.member.says("nhac lai", HELLO[0][1])
        assert len(it.member.chat.texts) == 2
        await it.is_tidy()


async def test_troubles_of_fetching_and_answering_taps_stop_nothing(database: Path) -> None:
    async with road(database) as it:
        await it.member.starts("Cháu là Cầm Tay")
        for method in ("getUpdates", "answerCallbackQuery", "editMessageReplyMarkup"):
            it.fake.faults.append(Fault("502", method))
        await it.member.walks([*HELLO, *PREPARE, *INSTALL])
        assert len(it.member.chat.texts) == 1 + len(ROAD)
        assert it.fake.violations == []


async def test_the_commands_are_set_at_the_start(database: Path) -> None:
    async with road(database) as it:
        await it.fake.until(lambda: it.fake.world.commands)
        names = {command["command"] for command in it.fake.world.commands}
        assert {"start", "menu", "giup", "khancap"} <= names


async def test_a_refusal_of_the_commands_stops_nothing(database: Path) -> None:
    async with FakeTelegram(faults=[Fault("400", "setMyCommands", times=9)]) as fake:
        async with running(with_telegram(fake, database)):
            await Person(fake, MEMBER).starts("Cháu là Cầm Tay")
        assert fake.world.commands == []


@pytest.mark.parametrize("token", ["7770001:not-the-token-of-this-bot", "nonsense"])
async def test_a_bad_token_leaves_the_web_page_standing(database: Path, token: str) -> None:
    async with FakeTelegram() as fake:
        bad = with_telegram(fake, database, telegram_bot_token=SecretStr(token))
        async with running(bad) as bot, aiohttp.ClientSession() as browser:
            async with browser.get(f"http://127.0.0.1:{bot.port}/") as page:
                assert page.status == 200
                assert "Đảng viên mới" in await page.text()
            assert not bot.supervisor.failed.done()


async def test_a_telegram_that_cannot_be_reached_is_waited_for(database: Path) -> None:
    async with FakeTelegram() as fake:
        fake.faults += [Fault("502", "getMe", times=1)]
        async with running(with_telegram(fake, database)):
            await Person(fake, MEMBER).starts("Cháu là Cầm Tay")


async def eventually(it: Road, question: Callable[[Conn], bool], wanted: bool) -> None:
    """Ask the database until it is so: what changes without a word said cannot be waited for otherwise."""
    for _ in range(250):
        if await it.bot.db.run(question) is wanted:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{question.__name__} never became {wanted}")


def is_reachable(conn: Conn) -> bool:
    chat = chats.find(conn, "telegram", "7770001", str(MEMBER))
    return chat is not None and chat.reachable


def doubtful_rows(conn: Conn) -> int:
    return int(conn.exec_driver_sql("select count(*) from outbox where doubtful").scalar() or 0)
