"""The main road on Zalo, on its bots and on the Official Account: one set of handlers, four ways to be reached.

The Android lesson, a call for help and a reminder from end to end, with the real bot and people who type digits,
number words and labels without tone marks, or tap.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.e2e.road_kit import HELLO, INSTALL, PREPARE, ROAD
from tests.e2e.zalo_road import ROADS, OnBots, OnOa, Road, road
from tests.fakes.zalo_oa import FakeZaloOa

KNOWN = [*HELLO[:3], ("Android", "Bài tiếp theo là"), *PREPARE[:3]]


@pytest.mark.parametrize("kind", ROADS)
async def test_the_whole_lesson_and_a_restart_that_nobody_notices(database: Path, kind: str) -> None:
    async with road(kind, database) as it:
        async with it.open():
            await it.member.says("xin chào", "Cháu là Cầm Tay")
            await it.member.walks(*HELLO, *PREPARE, *INSTALL[:3])
        heard = len(it.member.texts)
        if kind == "polling":  # Zalo keeps for a poll what nobody asked for yet; a webhook's is lost
            it.zalo.answer(it.member.name, INSTALL[3][0], "plain")
        async with it.open():
            if kind == "polling":
                await it.member.hears(INSTALL[3][1], heard)
            else:
                await it.member.walks(INSTALL[3])
            await it.member.walks(*INSTALL[4:])
        assert len(it.member.texts) == 1 + len(ROAD), "nothing was said twice"
        steps = sum("· Bước" in text for text in it.member.texts)
        assert it.zalo.pictures() == steps - 1, "one step has no picture until the commune confirms the app's name"
        it.is_tidy()


async def test_a_call_for_help_between_two_chats(furnished: Path, tmp_path: Path) -> None:
    await side_by_side(a_call_for_help, furnished, tmp_path)


async def a_call_for_help(database: Path, kind: str) -> None:
    async with road(kind, database) as it, it.open():
        await it.helper.says(await it.invited("helper"), "trợ lý của")
        await it.helper.walks(("Đồng ý, bắt đầu", "cần xem gì"))
        await it.member.says(await it.invited("member"), "Cháu là Cầm Tay")
        await it.member.walks(*KNOWN)
        await it.member.walks(("Nhờ người giúp", "muốn giúp cách nào"), ("Gọi điện thoại", "gọi vào số nào"))
        await it.member.says("0912 345 678", "số phiếu")
        await it.helper.hears("nhờ giúp: gọi điện thoại")
        assert "0912" not in it.helper.texts[-1], "only who takes the call may see the number"
        await it.helper.says("1", "Ý đồng chí là")  # of this notice, or of the list above it?
        await it.helper.walks(("Nhận ngay", "0912345678"))
        await it.member.hears("nhận giúp bác")
        await it.helper.walks(("Giúp ngay", "đã nhắn giờ"))
        await it.member.hears("gọi cho bác trước")
        await it.helper.walks(("Đã giúp xong", "Cảm ơn"))
        await it.member.hears("báo đã giúp bác xong")
        await it.member.says("tot lam", PREPARE[2][1])
        await it.member.walks(PREPARE[3])
        it.is_tidy()


async def test_a_reminder_in_the_morning_and_the_lesson_goes_on(furnished: Path, tmp_path: Path) -> None:
    await side_by_side(a_reminder, furnished, tmp_path)


async def a_reminder(database: Path, kind: str) -> None:
    async with road(kind, database) as it, it.open():
        await it.member.says(await it.invited("member"), "Cháu là Cầm Tay")
        await it.member.walks(*KNOWN)
        it.sleep_until(9)
        heard = len(it.member.texts)
        it.ring("nudge")
        await it.member.hears('Bài "Chuẩn bị" bác đang làm đến bước 3 trong 7', heard)
        it.ring("nudge")
        await it.member.walks(("Làm tiếp", PREPARE[2][1]), PREPARE[3])
        assert len(it.member.texts) == heard + 3, "reminded once a day"
        await it.member.says("thôi nhắc", "thôi nhắc. Bài đang làm")
        await it.member.says("cứ nhắc", "lại nhắc bác")
        it.is_tidy()


async def test_what_zalo_does_not_pass_on_brings_a_person(furnished: Path, tmp_path: Path) -> None:
    await side_by_side(a_call_without_words, furnished, tmp_path)


async def a_call_without_words(database: Path, kind: str) -> None:
    async with road(kind, database) as it, it.open():
        await it.helper.says(await it.invited("helper"), "trợ lý của")
        await it.helper.walks(("Đồng ý, bắt đầu", "cần xem gì"))
        await it.member.says(await it.invited("member"), "Cháu là Cầm Tay")
        await it.member.walks(*KNOWN)
        await it.member.hides("không đọc được tin của bác, nên mời người giúp ạ")
        assert "số phiếu" in it.member.texts[-1]
        await it.helper.hears("nhờ giúp")
        it.is_tidy()


async def test_a_stranger_whose_first_words_zalo_hides_is_asked_nothing_that_needs_words(database: Path) -> None:
    async with road("polling", database) as it, it.open():
        await it.member.hides("Gửi thêm một tin nữa là cháu mời người giúp ngay")
        await it.member.hides("số phiếu")
        it.is_tidy()


async def test_whoever_follows_is_greeted_and_whoever_unfollows_is_let_go(database: Path) -> None:
    async with road("oa", database) as it, it.open():
        oa = oa_of(it)
        await it.member.does(lambda: oa.do("follow", user=it.member.name), "Cháu là Cầm Tay")
        await it.member.walks(*HELLO)
        oa.do("unfollow", user=it.member.name)
        await oa.pusher.settle()
        await it.member.does(lambda: oa.do("follow", user=it.member.name), "Bài tiếp theo là")
        it.is_tidy()


async def test_a_person_of_the_office_who_takes_over_is_not_interrupted(database: Path) -> None:
    async with road("oa", database) as it, it.open():
        oa = oa_of(it)
        await it.member.says("xin chào", "Cháu là Cầm Tay")
        await it.member.walks(*HELLO, *PREPARE[:2])
        oa.do("take_over", user=it.member.name, text="Bác để em gọi lại nhé")
        await oa.pusher.settle()
        heard = len(it.member.texts)
        it.zalo.say(it.member.name, "cảm ơn cán bộ")
        await oa.pusher.settle()
        await it.member.says("giup toi voi", "muốn giúp cách nào")
        assert len(it.member.texts) == heard + 1, "only the cry for help was answered"
        it.clock.forward(31 * 60)
        await it.member.says("quay lại", "Bước 2 trong 7")
        it.is_tidy()


async def test_a_picture_that_zalo_cannot_fetch_is_told_in_words(database: Path) -> None:
    async with road("polling", database) as it:
        assert isinstance(it.zalo, OnBots)
        it.zalo.fake.modes.deny.append("127.0.0.1")
        async with it.open():
            await it.member.says("xin chào", "Cháu là Cầm Tay")
            await it.member.walks(*HELLO, *PREPARE, *INSTALL[:2])
        assert len(it.member.texts) == 3 + len(HELLO) + len(PREPARE)
        assert 'Hình tam giác nhiều màu có chữ "CH Play"' in it.member.texts[-2]


def oa_of(it: Road) -> FakeZaloOa:
    assert isinstance(it.zalo, OnOa)
    return it.zalo.fake


async def side_by_side(walk: Callable[[Path, str], Awaitable[None]], furnished: Path, folder: Path) -> None:
    """On all four roads at once: nobody is written to unasked more than once a second, which takes its time."""

    async def one(kind: str) -> None:
        try:
            await walk(Path(shutil.copy(furnished, folder / f"{kind}.db")), kind)
        except BaseException as error:
            error.add_note(f"on the road {kind}")
            raise

    async with asyncio.TaskGroup() as together:
        for kind in ROADS:
            together.create_task(one(kind))
