"""Polling: reading consumes, so an update is kept in hand until it is safe in the house."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.errors import AccountDown
from bot.core.messages import Kind
from tests.channels.zalo_bot_kit import HASTY, Kit, receiving, zalo
from tests.fakes.zalo_bot import Fault, Modes


def polls(kit: Kit) -> int:
    return len(kit.fake.called("getUpdates"))


async def test_polling_starts_with_a_clean_slate() -> None:
    async with zalo() as kit:
        kit.bot.webhook = {"url": "https://old.example", "secret_token": "12345678", "updated_at": 1}
        async with receiving(kit):
            await kit.fake.until(lambda: kit.bot.polls)
        assert [call.method for call in kit.fake.calls] == ["getMe", "deleteWebhook", "getUpdates"]
        assert kit.fake.called("getUpdates")[0].params == {"timeout": 30}
        assert kit.bot.webhook == {}


@pytest.mark.parametrize("code", ["400", "404"])
async def test_where_there_is_no_webhook_to_delete_polling_starts(code: str) -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault(code, "deleteWebhook"))
        async with receiving(kit):
            await kit.fake.until(lambda: kit.bot.polls)
        assert kit.house.pauses == []


async def test_while_a_webhook_may_be_set_polling_does_not_start() -> None:
    """It would yield nothing, for ever and without a word."""
    async with zalo() as kit:
        kit.fake.faults.append(Fault("page", "deleteWebhook", times=3))
        async with receiving(kit):
            await kit.fake.until(lambda: kit.bot.polls)
        assert len(kit.house.pauses) == 3


async def test_updates_come_one_by_one_and_in_order() -> None:
    async with zalo() as kit:
        for text in ("một", "hai", "ba"):
            kit.bot.say("Lan", text)
        async with receiving(kit):
            await kit.fake.until(lambda: polls(kit) == 4)
            kit.bot.voice("Lan")
            await kit.fake.until(lambda: polls(kit) == 5)
        assert kit.house.texts == ["một", "hai", "ba", ""]
        assert kit.house.taken[-1].kind is Kind.VOICE
        assert {incoming.account for incoming in kit.house.taken} == {kit.bot.id}
        assert {incoming.chat for incoming in kit.house.taken} == {kit.bot.person("Lan")}
        assert kit.house.pauses == []


@pytest.mark.parametrize("real_status", [False, True])
async def test_no_news_is_no_failure(real_status: bool) -> None:
    async with zalo(modes=Modes(real_status=real_status)) as kit:
        kit.fake.faults.append(Fault("408", "getUpdates", times=2))
        async with receiving(kit):
            await kit.fake.until(lambda: kit.bot.polls)
        assert kit.house.pauses == []


@pytest.mark.parametrize("kind", ["empty_result", "null_result", "no_result", "odd_result"])
async def test_odd_ways_to_say_nothing_are_tolerated(kind: str) -> None:
    async with zalo(modes=Modes(longest_poll=0.01)) as kit:
        kit.fake.faults.append(Fault("408", "getUpdates"))
        kit.bot.inject({"event_name": "x.y", "message": {}})  # what the spoiled answer takes with it
        kit.fake.faults.append(Fault(kind, "getUpdates"))
        async with receiving(kit):
            await kit.fake.until(lambda: not kit.bot.queue)
            kit.bot.say("Lan", "còn đây")
            await kit.fake.until(lambda: polls(kit) > 2)
        assert kit.house.texts == ["còn đây"]


async def test_an_answer_without_news_that_never_waits_does_not_spin() -> None:
    async with zalo(modes=Modes(longest_poll=0)) as kit, receiving(kit):
        await kit.fake.until(lambda: polls(kit) > 8)
        assert len(kit.house.pauses) >= 4


async def test_what_could_not_be_stored_is_kept_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    async with zalo() as kit:
        first, second = kit.bot.say("Lan", "một"), kit.bot.say("Lan", "hai")
        kit.house.refuse[first] = 3
        async with receiving(kit):
            await kit.fake.until(lambda: polls(kit) == 3)
        assert [incoming.message for incoming in kit.house.taken] == [first, second]
        assert len(kit.house.pauses) == 3
        assert kit.house.pauses[0] < kit.house.pauses[2]
    assert "the disk is full" in caplog.text


async def test_being_stopped_while_storing_loses_nothing() -> None:
    async with zalo() as kit:
        kit.house.refuse[kit.bot.say("Lan", "một")] = 10**6
        kit.bot.say("Lan", "hai")
        async with receiving(kit):
            async with asyncio.timeout(5):
                _ = await kit.house.paused.wait()
            await asyncio.sleep(0.01)
        kit.house.refuse.clear()
        assert kit.house.taken == []
        assert polls(kit) == 1  # and "hai" is still with Zalo
        await kit.house.settle()
        assert kit.house.texts == ["một"]


async def test_pauses_grow_and_end_with_the_trouble() -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault("page", "getUpdates", times=9))
        async with receiving(kit):
            await kit.fake.until(lambda: kit.bot.polls)
            kit.fake.faults.append(Fault("500", "getUpdates"))
            kit.bot.say("Lan", "x")
            await kit.fake.until(lambda: len(kit.house.pauses) == 10)
        assert all(0.75 <= pause <= 60 for pause in kit.house.pauses)
        assert kit.house.pauses[1] < kit.house.pauses[3] < kit.house.pauses[8] == 60
        assert kit.house.pauses[9] < 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault("reset"),
        Fault("stall"),
        Fault("page", status=429),
        Fault("page", status=502),
        Fault("429", description="Too many requests"),
        Fault("400"),
        Fault("403"),
        Fault("-32"),
        Fault("500", code="none"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
async def test_trouble_before_the_reading_loses_nothing(fault: Fault) -> None:
    async with zalo(timeouts=HASTY) as kit:
        kit.fake.faults.append(Fault(**vars(fault) | {"method": "getUpdates", "times": 2}))
        kit.bot.say("Lan", "còn đây")
        async with receiving(kit):
            await kit.fake.until(lambda: kit.house.taken or not kit.bot.queue)
            await kit.fake.until(lambda: polls(kit) > 1)
        assert kit.house.texts == ["còn đây"]
        assert len(kit.house.pauses) >= 2


async def test_a_token_refused_while_polling_ends_the_receiving(caplog: pytest.LogCaptureFixture) -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault("401", "getUpdates"))
        with pytest.raises(AccountDown):
            await kit.channel.receive()
        assert kit.channel.accounts == ()
        assert kit.channel.down == {f"bot 1 ({kit.bot.id})": "401 Unauthorized"}
    assert [record.message for record in caplog.records] == ["zalo_bot.account_refused"]


async def test_nonsense_is_consumed_like_the_rest() -> None:
    async with zalo() as kit:
        kit.bot.inject({"event_name": "user.follow", "message": {"from": {"id": "1"}}})
        kit.bot.inject({"event_name": "message.text.received", "message": {"text": "no chat"}})
        kit.bot.unsupported("Lan")
        async with receiving(kit):
            await kit.fake.until(lambda: polls(kit) == 4)
        assert [incoming.kind for incoming in kit.house.taken] == [Kind.UNSUPPORTED]


async def test_after_a_restart_the_backlog_is_read_where_zalo_keeps_one() -> None:
    async with zalo() as kit:
        async with receiving(kit):
            await kit.fake.until(lambda: kit.bot.polls)
        kit.bot.say("Lan", "lúc máy tắt")
        async with receiving(kit):
            await kit.fake.until(lambda: not kit.bot.queue)
            await kit.fake.until(lambda: kit.bot.polls)
        assert kit.house.texts == ["lúc máy tắt"]


async def test_where_zalo_keeps_nothing_a_poll_is_open_again_after_each_update() -> None:
    async with zalo(modes=Modes(live_only=True)) as kit:
        kit.bot.say("Lan", "lúc máy tắt")
        async with receiving(kit):
            for number in range(3):
                await kit.fake.until(lambda: kit.bot.polls)
                kit.bot.say("Lan", str(number))
                await kit.fake.until(lambda: not kit.bot.queue)
            await kit.fake.until(lambda: kit.bot.polls)
        assert kit.house.texts == ["0", "1", "2"]
        assert len(kit.bot.dropped) == 1


async def test_the_same_message_twice_has_the_same_number() -> None:
    """So that the house, which has seen it, stays quiet."""
    async with zalo() as kit:
        kit.bot.say("Lan", "một")
        kit.bot.queue.append(kit.bot.queue[0])
        async with receiving(kit):
            await kit.fake.until(lambda: polls(kit) == 3)
        assert len(kit.house.taken) == 2
        assert kit.house.taken[0] == kit.house.taken[1]
