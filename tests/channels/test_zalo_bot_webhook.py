"""The webhook: only Zalo gets in, each bot by its own door, and what could not be stored is said to be so."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest

from bot.channels.base import Hook
from bot.channels.zalo_bot_account import SECRET_HEADER
from bot.channels.zalo_bot_webhook import MEANINGS
from bot.core.messages import Kind
from tests.channels.zalo_bot_kit import SECRET, Kit, a_channel, receiving, zalo
from tests.fakes.zalo_bot import Fault, Modes

SERVED: dict[str, Any] = {"updates": "webhook", "public_url": "served"}


def hook(kit: Kit) -> Hook:
    [found] = kit.channel.hooks()
    return found


async def test_a_webhook_is_announced_once_the_house_listens(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.channels")
    async with zalo(**SERVED) as kit:
        assert kit.fake.called("setWebhook") == []
        await kit.channel.receive()
        [call] = kit.fake.called("setWebhook")
        assert call.params == {"url": kit.hooks + hook(kit).path, "secret_token": SECRET}
    record = caplog.records[-1]
    assert (record.message, record.__dict__["meaning"]) == ("zalo_bot.webhook_set", "Zalo reached this machine")


async def test_without_a_public_address_nothing_is_announced() -> None:
    async with zalo(updates="webhook", public_url=None) as kit:
        await kit.channel.receive()
        assert kit.fake.called("setWebhook") == []
        assert len(kit.channel.hooks()) == 1


@pytest.mark.parametrize(
    ("public_url", "modes", "message", "meaning"),
    [
        ("http://127.0.0.1:1", Modes(), "zalo_bot.webhook_does_not_work", MEANINGS["webhook.err.conn"]),
        ("http://127.0.0.1:1", Modes(verifies=False), "zalo_bot.webhook_set", "Zalo did not say whether it works"),
        ("http://camtay.example", Modes(), "zalo_bot.webhook_refused", None),
    ],
)
async def test_what_becomes_of_the_announcement_is_told_in_words(
    public_url: str, modes: Modes, message: str, meaning: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.channels")
    async with zalo(updates="webhook", public_url=public_url, modes=modes) as kit:
        await kit.channel.receive()
        assert await kit.send()
    record = caplog.records[-1]
    assert (record.message, record.__dict__.get("meaning")) == (message, meaning)
    assert SECRET not in caplog.text


async def test_the_announcement_is_repeated_until_zalo_hears_it() -> None:
    async with zalo(**SERVED) as kit:
        kit.fake.faults += [Fault("page", "setWebhook", times=2), Fault("426", "setWebhook")]
        await kit.channel.receive()
        assert len(kit.house.pauses) == 3
        assert kit.house.pauses[2] == 6 * 3600
        assert kit.bot.webhook


@pytest.mark.parametrize("secret", [None, "", "1234567", "x" * 257, "có dấu nhé", "a b c d e f"])
def test_a_webhook_without_a_good_secret_does_not_start(secret: str | None) -> None:
    with pytest.raises(ValueError, match="secret"):
        a_channel(["1:abc"], updates="webhook", secret=secret)


def test_each_bot_has_a_door_that_does_not_show_its_token() -> None:
    tokens = ["12345689:abc-xyz", "12345690:abc-xyz"]
    paths = [found.path for found in a_channel(tokens, updates="webhook", secret=SECRET).hooks()]
    again = [found.path for found in a_channel(tokens, updates="webhook", secret=SECRET).hooks()]
    assert paths == again
    assert len(set(paths)) == 2
    assert all(re.fullmatch(r"/hooks/zalo_bot/[0-9a-f]{32}", path) for path in paths)
    assert not [path for path in paths if "1234" in path or "abc" in path]


MESSAGE = {"from": {"id": "6e"}, "chat": {"id": "6e", "chat_type": "PRIVATE"}, "text": "chào", "message_id": "1"}
TEXT = {"event_name": "message.text.received", "message": MESSAGE}
FLAT, WRAPPED = json.dumps(TEXT).encode(), json.dumps({"ok": True, "result": TEXT}).encode()
GOOD = {SECRET_HEADER: SECRET}


@pytest.mark.parametrize(
    ("headers", "body", "status", "taken"),
    [
        (GOOD, FLAT, 200, 1),
        (GOOD, WRAPPED, 200, 1),
        ({}, FLAT, 403, 0),
        ({SECRET_HEADER: ""}, FLAT, 403, 0),
        ({SECRET_HEADER: SECRET + "x"}, FLAT, 403, 0),
        ({SECRET_HEADER: SECRET.lower()}, FLAT, 403, 0),
        ({SECRET_HEADER: "bí mật"}, FLAT, 403, 0),
        ({SECRET_HEADER: "\udcff\ud800"}, FLAT, 403, 0),
        ({}, b"", 200, 0),
        ({}, b" \r\n", 200, 0),
        ({SECRET_HEADER: "wrong"}, b"", 200, 0),
        (GOOD, b"", 200, 0),
        ({}, b"{}", 403, 0),
        (GOOD, b"{}", 200, 0),
        (GOOD, b"<html>", 200, 0),
        (GOOD, b"\xff\xfe\x00", 200, 0),
        (GOOD, b"[" * 100_000, 200, 0),
        (GOOD, b"1" * 5000, 200, 0),
        (GOOD, b'{"event_name": "user.follow", "message": {}}', 200, 0),
        (GOOD, b'{"event_name": "message.text.received"}', 200, 0),
    ],
)
async def test_the_hook_lets_in_zalo_only(headers: dict[str, str], body: bytes, status: int, taken: int) -> None:
    async with zalo(updates="webhook") as kit:
        assert await hook(kit).receive(headers, body) == status
        assert len(kit.house.taken) == taken


async def test_a_body_that_cannot_be_read_is_logged_by_its_shape(caplog: pytest.LogCaptureFixture) -> None:
    async with zalo(updates="webhook") as kit:
        assert await hook(kit).receive(GOOD, b"<html>Lan 0912345678</html>") == 200
    [record] = caplog.records
    assert (record.message, record.__dict__["bytes"]) == ("zalo_bot.unreadable_body", 27)
    assert "0912345678" not in str(vars(record))


async def test_what_could_not_be_stored_is_answered_with_500(caplog: pytest.LogCaptureFixture) -> None:
    async with zalo(updates="webhook") as kit:
        kit.house.refuse["1"] = 1
        assert [await hook(kit).receive(GOOD, FLAT) for _ in range(2)] == [500, 200]
        assert kit.house.texts == ["chào"]
    assert "the disk is full" in caplog.text


async def test_before_the_bot_knows_who_it_is_nothing_is_taken() -> None:
    """People's ids are a bot's own, so an update without its bot is nobody's."""
    async with zalo(updates="webhook", start=False, public_url=None) as kit:
        kit.fake.faults.append(Fault("page", "getMe"))
        await kit.channel.start(kit.house.take, kit.house.spawn)
        assert await hook(kit).receive(GOOD, FLAT) == 503
        assert await hook(kit).receive({}, b"") == 200
        await kit.channel.receive()
        assert await hook(kit).receive(GOOD, FLAT) == 200
        assert [incoming.account for incoming in kit.house.taken] == [kit.bot.id]


@pytest.mark.parametrize("modes", [Modes(), Modes(wrapped=True, photo_key="photo", named=False)])
async def test_deliveries_arrive_whichever_shape_they_have(modes: Modes) -> None:
    async with zalo(modes=modes, **SERVED) as kit:
        await kit.channel.receive()
        kit.bot.say("Lan", "chào")
        kit.bot.photo("Lan", "Lỗi này")
        kit.bot.mention("thôn", "Lan", "giúp")
        await kit.fake.until(lambda: len(kit.fake.pusher.pushes) == 3)
        assert [status for _, status in kit.fake.pusher.pushes] == [200] * 3
        got = [(incoming.kind, incoming.text) for incoming in kit.house.taken]
        assert got == [(Kind.TEXT, "chào"), (Kind.PHOTO, "Lỗi này"), (Kind.GROUP, "giúp")]


async def test_duplicates_and_another_order_change_no_numbers() -> None:
    async with zalo(**SERVED) as kit:
        await kit.channel.receive()
        kit.fake.pusher.held = []
        numbers = [kit.bot.say("Lan", text) for text in ("một", "hai", "ba")]
        kit.fake.pusher.held.append(kit.fake.pusher.held[0])
        kit.fake.pusher.release(backwards=True)
        await kit.fake.until(lambda: len(kit.fake.pusher.pushes) == 4)
        assert [incoming.message for incoming in kit.house.taken] == [numbers[place] for place in (0, 2, 1, 0)]
        assert [incoming.sent_at for incoming in kit.house.taken if incoming.sent_at is None] == []


async def test_where_zalo_repeats_what_was_not_stored_it_is_stored_then() -> None:
    async with zalo(modes=Modes(redeliver=3), **SERVED) as kit:
        await kit.channel.receive()
        kit.house.refuse[number := kit.bot.say("Lan", "một")] = 2
        await kit.fake.until(lambda: len(kit.fake.pusher.pushes) == 3)
        assert kit.fake.pusher.pushes == [(number, 500), (number, 500), (number, 200)]
        assert kit.house.texts == ["một"]


async def test_a_forged_update_reaches_nobody_and_is_noticed(caplog: pytest.LogCaptureFixture) -> None:
    async with zalo(**SERVED) as kit:
        kit.bot.webhook = {"url": kit.hooks + hook(kit).path, "secret_token": "another-secret"}
        kit.bot.say("Lan", "x")
        await kit.fake.until(lambda: kit.fake.pusher.pushes)
        assert kit.fake.pusher.pushes[0][1] == 403
        assert kit.house.taken == []
    assert caplog.records[0].message == "zalo_bot.wrong_secret"
    assert SECRET not in caplog.text


async def test_with_a_webhook_nothing_is_polled() -> None:
    async with zalo(**SERVED) as kit, receiving(kit):
        await kit.fake.until(lambda: kit.bot.webhook)
        assert kit.fake.called("getUpdates") == []
