"""The webhook: only Telegram gets in, and it repeats what was not stored."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.channels.telegram import PATH, SECRET_HEADER, TelegramChannel
from bot.channels.telegram_inbox import ALLOWED_UPDATES
from tests.channels.telegram_kit import SECRET, Kit, choices, telegram


async def test_a_webhook_is_announced(tmp_path: Path) -> None:
    async with telegram(tmp_path, updates="webhook", public_url="https://camtay.example/") as kit:
        assert kit.fake.world.webhook == {
            "url": "https://camtay.example/hooks/telegram",
            "secret_token": SECRET,
            "allowed_updates": list(ALLOWED_UPDATES),
            "max_connections": 100,
        }
        await kit.channel.receive()


async def test_without_a_public_address_nothing_is_announced(tmp_path: Path) -> None:
    async with telegram(tmp_path, updates="webhook") as kit:
        assert kit.fake.called("setWebhook") == []


async def test_a_refused_webhook_is_told_and_sending_still_works(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram(tmp_path, updates="webhook", public_url="http://camtay.example", spotless=False) as kit:
        assert [record.message for record in caplog.records] == ["telegram.webhook_refused"]
        assert await kit.channel.send(kit.parcel())


def test_a_webhook_without_a_secret_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="secret"):
        TelegramChannel("1:a", api_url="http://x", updates="webhook", secret="", guides=tmp_path, public_url=None)


TEXT = {"update_id": 5, "message": {"chat": {"id": 42, "type": "private"}, "from": {"id": 42}, "text": "chào"}}


@pytest.mark.parametrize(
    ("headers", "body", "status", "taken"),
    [
        ({SECRET_HEADER: SECRET}, json.dumps(TEXT).encode(), 200, 1),
        ({}, json.dumps(TEXT).encode(), 403, 0),
        ({SECRET_HEADER: ""}, json.dumps(TEXT).encode(), 403, 0),
        ({SECRET_HEADER: SECRET + "x"}, json.dumps(TEXT).encode(), 403, 0),
        ({SECRET_HEADER: SECRET.lower()}, json.dumps(TEXT).encode(), 403, 0),
        ({SECRET_HEADER: "bí mật"}, json.dumps(TEXT).encode(), 403, 0),
        ({SECRET_HEADER: "\udcff\ud800"}, json.dumps(TEXT).encode(), 403, 0),
        ({SECRET_HEADER: SECRET}, b"", 400, 0),
        ({SECRET_HEADER: SECRET}, b"<html>", 400, 0),
        ({SECRET_HEADER: SECRET}, b"\xff\xfe\x00", 400, 0),
        ({SECRET_HEADER: SECRET}, b"[" * 100_000, 400, 0),
        ({SECRET_HEADER: SECRET}, b"1" * 5000, 400, 0),
        ({SECRET_HEADER: SECRET}, b"[]", 200, 0),
        ({SECRET_HEADER: SECRET}, b'{"update_id": 5}', 200, 0),
    ],
)
async def test_the_hook_lets_in_telegram_only(
    headers: dict[str, str], body: bytes, status: int, taken: int, tmp_path: Path
) -> None:
    async with telegram(tmp_path, updates="webhook") as kit:
        [hook] = kit.channel.hooks()
        assert hook.path == "/hooks/telegram"
        assert await hook.receive(headers, body) == status
        assert len(kit.house.taken) == taken


@asynccontextmanager
async def serving(kit: Kit) -> AsyncIterator[str]:
    """The channel's hooks on a port of their own; the fake is told their address."""
    [hook] = kit.channel.hooks()

    async def receive(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return web.Response(status=await hook.receive(headers, await request.read()))

    app = web.Application()
    app.router.add_post(PATH, receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_telegram_repeats_what_was_not_stored(tmp_path: Path) -> None:
    async with telegram(tmp_path, updates="webhook") as kit, serving(kit) as url:
        first, second = kit.fake.world.say(42, "một"), kit.fake.world.say(42, "hai")
        kit.house.refuse[f"u{first}"] = 1
        kit.fake.world.answer("setWebhook", {"url": url + PATH, "secret_token": SECRET}, {})
        kit.fake.pusher.offer_all()
        await kit.fake.until(lambda: not kit.fake.world.updates)
        assert kit.fake.pusher.pushes == [(first, 500), (first, 200), (second, 200)]
        assert kit.house.texts == ["một", "hai"]


async def test_a_tap_over_the_webhook_is_answered_also_when_it_failed(tmp_path: Path) -> None:
    async with telegram(tmp_path, updates="webhook") as kit, serving(kit) as url:
        kit.fake.world.webhook = {"url": url + PATH, "secret_token": SECRET}
        await kit.channel.send(kit.parcel(choices=choices(("menu:main", "Về đầu"))))
        tap = kit.fake.world.tap(42, "menu:main")
        kit.house.refuse[f"u{tap}"] = 1
        await kit.fake.until(lambda: kit.house.taken)
        await kit.fake.until(lambda: not kit.fake.world.updates)
        assert list(kit.fake.world.taps.values()) == [True]


async def test_a_forged_update_reaches_nobody_and_is_noticed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with telegram(tmp_path, updates="webhook") as kit, serving(kit) as url:
        caplog.set_level(logging.WARNING)
        kit.fake.world.webhook = {"url": url + PATH, "secret_token": "another"}
        kit.fake.world.say(42, "x")
        await kit.fake.until(lambda: kit.fake.pusher.pushes)
        assert kit.fake.pusher.pushes[0][1] == 403
        assert kit.house.taken == []
    assert caplog.records[0].message == "telegram.wrong_secret"
    assert SECRET not in caplog.text
