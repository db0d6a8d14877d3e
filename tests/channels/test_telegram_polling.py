"""Polling: Telegram forgets no update before it is safe in the house."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.channels.telegram_http import Client
from bot.channels.telegram_inbox import ALLOWED_UPDATES
from bot.core.errors import AccountDown
from bot.core.messages import Kind
from tests.channels.telegram_kit import choices, receiving, telegram
from tests.fakes.telegram import FakeTelegram, Fault

COMMANDS = (("menu", "Về đầu"), ("giup", "Nhờ người giúp"))


def offsets(fake: FakeTelegram) -> list[int | None]:
    return [call.params.get("offset") for call in fake.called("getUpdates")]


async def test_polling_starts_with_a_clean_slate(tmp_path: Path) -> None:
    async with telegram(tmp_path, commands=COMMANDS) as kit:
        await kit.house.settle()
        assert [call.method for call in kit.fake.calls] == ["getMe", "deleteWebhook", "setMyCommands"]
        assert kit.fake.called("deleteWebhook")[0].params.get("drop_pending_updates") in (None, False)
        assert kit.fake.world.commands[1] == {"command": "giup", "description": "Nhờ người giúp"}


async def test_refused_commands_do_not_stop_the_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with telegram(tmp_path, commands=(("Giúp!", "x"),), spotless=False) as kit:
        await kit.house.settle()
        assert [record.message for record in caplog.records] == ["telegram.comfort_failed"]


async def test_a_token_telegram_does_not_know_ends_the_account(tmp_path: Path) -> None:
    async with telegram(tmp_path, start=False) as kit:
        kit.fake.faults.append(Fault("401"))
        with pytest.raises(AccountDown):
            await kit.channel.start(kit.house.take, kit.house.spawn)


async def test_where_telegram_is_down_at_start_it_is_tried_again(tmp_path: Path) -> None:
    async with telegram(tmp_path, start=False) as kit:
        kit.fake.faults.append(Fault("502", times=3))
        await kit.channel.start(kit.house.take, kit.house.spawn)
        kit.fake.world.say(42, "có ai không")
        async with receiving(kit):
            await kit.fake.until(lambda: kit.house.taken)
        assert len(kit.house.pauses) == 3


async def test_an_update_is_confirmed_only_after_it_was_taken(tmp_path: Path) -> None:
    async with telegram(tmp_path) as kit:
        first, second = kit.fake.world.say(42, "một"), kit.fake.world.say(43, "hai")
        async with receiving(kit):
            await kit.fake.until(lambda: len(offsets(kit.fake)) == 2)
        assert offsets(kit.fake) == [None, second + 1]
        assert [incoming.message for incoming in kit.house.taken] == [f"u{first}", f"u{second}"]
        assert kit.fake.world.updates == {}


async def test_the_answer_is_waited_for_and_only_what_we_read_is_asked(tmp_path: Path) -> None:
    async with telegram(tmp_path) as kit:
        async with receiving(kit):
            await kit.fake.until(lambda: kit.fake.called("getUpdates"))
            kit.fake.world.say(42, "chào")
            await kit.fake.until(lambda: len(offsets(kit.fake)) == 2)
        call = kit.fake.called("getUpdates")[0]
        assert call.params == {"timeout": 30, "allowed_updates": list(ALLOWED_UPDATES)}
        assert kit.house.texts == ["chào"]


async def test_what_could_not_be_stored_is_not_confirmed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with telegram(tmp_path) as kit:
        say = kit.fake.world.say
        ids = [say(42, "a1"), say(43, "b1"), say(42, "a2"), say(43, "b2"), say(42, "a3")]
        kit.house.refuse[f"u{ids[2]}"] = 2
        async with receiving(kit):
            await kit.fake.until(lambda: not kit.fake.world.updates)
        assert offsets(kit.fake)[:4] == [None, ids[2], ids[2], ids[4] + 1]
        assert [text for text in kit.house.texts if text[0] == "a"] == ["a1", "a2", "a3"]
        assert [text for text in kit.house.texts if text[0] == "b"] == ["b1", "b2", "b2", "b2"]
        assert len(kit.house.pauses) == 2
    assert "the disk is full" in caplog.text


async def test_pauses_grow_and_end_with_the_trouble(tmp_path: Path) -> None:
    async with telegram(tmp_path) as kit:
        kit.fake.faults.append(Fault("500", "getUpdates", times=8))
        async with receiving(kit):
            await kit.fake.until(lambda: kit.fake.called("getUpdates"))
            kit.fake.faults.append(Fault("cut", "getUpdates"))
            kit.fake.world.say(42, "x")
            await kit.fake.until(lambda: len(kit.house.pauses) == 9)
        assert all(1 <= pause <= 30 for pause in kit.house.pauses)
        assert kit.house.pauses[1] < kit.house.pauses[3] <= kit.house.pauses[7]
        assert kit.house.pauses[8] < 2


@pytest.mark.parametrize("kind", ["cut", "cut_after", "garbage", "502", "block_page", "400"])
async def test_no_trouble_loses_an_update(kind: str, tmp_path: Path) -> None:
    async with telegram(tmp_path) as kit:
        kit.fake.faults.append(Fault(kind, "getUpdates", times=2))
        kit.fake.world.say(42, "còn đây")
        async with receiving(kit):
            await kit.fake.until(lambda: not kit.fake.world.updates)
        assert kit.house.texts == ["còn đây"]


async def test_it_waits_as_long_as_telegram_says(tmp_path: Path) -> None:
    async with telegram(tmp_path) as kit:
        kit.fake.faults.append(Fault("429", "getUpdates", retry_after=44))
        async with receiving(kit):
            await kit.fake.until(lambda: kit.fake.called("getUpdates"))
        assert kit.house.pauses == [44]


async def test_a_second_bot_with_the_same_token_is_noticed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with telegram(tmp_path) as kit, receiving(kit):
        await kit.fake.until(lambda: kit.fake.called("getUpdates"))
        other = Client(kit.fake.world.token, kit.fake.url)
        await other.request.initialize()
        assert await other.call("getUpdates", {"timeout": 0}) == []
        await other.request.shutdown()
        await kit.fake.until(lambda: kit.house.pauses)
    assert "Conflict" in str(caplog.records[0].__dict__["error"])


async def test_a_revoked_token_ends_the_receiving(tmp_path: Path) -> None:
    async with telegram(tmp_path) as kit:
        kit.fake.faults.append(Fault("401", "getUpdates"))
        with pytest.raises(AccountDown):
            await kit.channel.receive()


async def test_nonsense_is_confirmed_like_the_rest(tmp_path: Path) -> None:
    async with telegram(tmp_path) as kit:
        kit.fake.world.allowed = []
        kit.fake.world.inject({"message": {"text": "no chat"}})
        kit.fake.world.inject({"edited_message": {"text": "x"}})
        kit.fake.world.say(42, "x")
        async with receiving(kit):
            await kit.fake.until(lambda: not kit.fake.world.updates)
        assert kit.house.texts == ["x"]


async def test_a_batch_without_numbers_does_not_spin(tmp_path: Path) -> None:
    async with telegram(tmp_path, spotless=False) as kit:
        kit.fake.world.updates[1] = {"message": "no id"}
        async with receiving(kit):
            await kit.fake.until(lambda: len(offsets(kit.fake)) == 3)
        assert len(kit.house.pauses) >= 2


async def test_every_tap_is_answered_also_one_that_failed(tmp_path: Path) -> None:
    async with telegram(tmp_path) as kit:
        await kit.channel.send(kit.parcel(choices=choices(("menu:main", "Về đầu"))))
        ids = [kit.fake.world.tap(42, "Về đầu") for _ in range(3)]
        kit.house.refuse[f"u{ids[1]}"] = 1
        async with receiving(kit):
            await kit.fake.until(lambda: not kit.fake.world.updates)
            await kit.house.settle()
        assert list(kit.fake.world.taps.values()) == [True] * 3
        assert [incoming.kind for incoming in kit.house.taken] == [Kind.TAP] * 3
        assert kit.house.texts == ["menu:main"] * 3


async def test_a_tap_too_old_to_answer_alarms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with telegram(tmp_path) as kit:
        tap = {"id": "1", "data": "x", "from": {"id": 42}, "message": {"chat": {"id": 42, "type": "private"}}}
        kit.fake.world.inject({"callback_query": tap})
        async with receiving(kit):
            await kit.fake.until(lambda: kit.house.taken)
            await kit.house.settle()
    assert caplog.records == []


async def test_cancelling_in_the_middle_leaves_the_update_with_telegram(tmp_path: Path) -> None:
    async with telegram(tmp_path) as kit:
        number = kit.fake.world.say(42, "x")
        kit.house.refuse[f"u{number}"] = 10**9
        async with receiving(kit):
            await kit.fake.until(lambda: kit.house.pauses)
        await asyncio.sleep(0)
        assert list(kit.fake.world.updates) == [number]
