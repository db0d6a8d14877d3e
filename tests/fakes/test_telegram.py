"""The fake Telegram is strict, remembers, and behaves like the real one where it matters to us."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_rules import violations

ROOT = Path(__file__).resolve().parents[2]
PNG = b"\x89PNG"


def button(**fields: Any) -> dict[str, Any]:
    return {"text": "x", "callback_data": "k"} | fields


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[item] for item in buttons]}}


def command(name: str = "menu", description: str = "x") -> dict[str, Any]:
    return {"commands": [{"command": name, "description": description}]}


FINE: list[tuple[str, dict[str, Any], dict[str, bytes]]] = [
    ("getMe", {}, {}),
    ("sendMessage", {"chat_id": "1", "text": "🙂" * 2048, "link_preview_options": {"is_disabled": True}}, {}),
    ("sendMessage", keyboard(*[button(callback_data="k" * 64)] * 100), {}),
    ("sendPhoto", {"chat_id": 1, "caption": "c" * 1024}, {"photo": PNG}),
    ("sendPhoto", {"chat_id": 1, "photo": "photo-1"}, {}),
    ("sendVoice", {"chat_id": 1}, {"voice": b"\0\0\0\x20ftypM4A "}),
    ("setMyCommands", command("a_1"), {}),
    ("setWebhook", {"url": "https://x.vn/h", "secret_token": "a-B_9", "allowed_updates": ["message"]}, {}),
    ("setWebhook", {"url": "http://127.0.0.1:8080/h"}, {}),
    ("getUpdates", {"offset": -1, "limit": 100, "timeout": 50}, {}),
]

WRONG: list[tuple[str, str, dict[str, Any], dict[str, bytes]]] = [
    ("no method", "sendMessages", {}, {}),
    ("no field", "sendMessage", {"chat_id": 1, "text": "x", "disable_preview": True}, {}),
    ("is missing", "sendMessage", {"chat_id": 1}, {}),
    ("is not Integer", "sendMessage", {"chat_id": 1.5, "text": "x"}, {}),
    ("is not Integer", "sendMessage", {"chat_id": True, "text": "x"}, {}),
    ("is not String", "sendMessage", {"chat_id": 1, "text": 7}, {}),
    ("is not Boolean", "sendMessage", {"chat_id": 1, "text": "x", "protect_content": "true"}, {}),
    ("which we do not use", "sendMessage", {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 1}}, {}),
    ("characters", "sendMessage", {"chat_id": 1, "text": ""}, {}),
    ("characters", "sendMessage", {"chat_id": 1, "text": "🙂" * 2049}, {}),
    ("characters", "sendPhoto", {"chat_id": 1, "caption": "c" * 1025}, {"photo": PNG}),
    ("is missing", "sendPhoto", {"chat_id": 1}, {}),
    ("is no picture", "sendPhoto", {"chat_id": 1}, {"photo": b"<html>"}),
    ("over 10 MB", "sendPhoto", {"chat_id": 1}, {"photo": PNG + bytes(10 * 2**20)}),
    ("neither OGG", "sendVoice", {"chat_id": 1}, {"voice": b"RIFF"}),
    ("no field colour", "sendMessage", keyboard(button(colour="red")), {}),
    ("text is missing", "sendMessage", keyboard({"callback_data": "k"}), {}),
    ("does 0 things", "sendMessage", keyboard({"text": "x"}), {}),
    ("does 2 things", "sendMessage", keyboard(button(url="https://x.vn")), {}),
    ("without words", "sendMessage", keyboard(button(text=" ")), {}),
    ("bytes", "sendMessage", keyboard(button(callback_data="ế" * 22)), {}),
    ("bytes", "sendMessage", keyboard(button(callback_data="")), {}),
    ("101 buttons", "sendMessage", keyboard(*[button()] * 101), {}),
    ("empty row", "sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[]]}}, {}),
    ("is not Array", "sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [button()]}}, {}),
    ("no command name", "setMyCommands", command("Menu"), {}),
    ("no command name", "setMyCommands", command("m" * 33), {}),
    ("description", "setMyCommands", command(description=""), {}),
    ("100 commands", "setMyCommands", {"commands": command()["commands"] * 101}, {}),
    ("not https", "setWebhook", {"url": "http://x.vn/h"}, {}),
    ("secret_token", "setWebhook", {"url": "https://x.vn/h", "secret_token": "bí mật"}, {}),
    ("max_connections", "setWebhook", {"url": "https://x.vn/h", "max_connections": 101}, {}),
    ("no kind of update", "setWebhook", {"url": "https://x.vn/h", "allowed_updates": ["messages"]}, {}),
    ("limit", "getUpdates", {"limit": 101}, {}),
    ("timeout", "getUpdates", {"timeout": 51}, {}),
    ("names no message", "editMessageReplyMarkup", {"chat_id": 1}, {}),
    ("characters", "answerCallbackQuery", {"callback_query_id": ""}, {}),
]


@pytest.mark.parametrize(("method", "params", "files"), FINE)
def test_what_is_allowed_passes(method: str, params: dict[str, Any], files: dict[str, bytes]) -> None:
    assert violations(method, params, files) == []


@pytest.mark.parametrize(("words", "method", "params", "files"), WRONG)
def test_what_is_wrong_is_named(words: str, method: str, params: dict[str, Any], files: dict[str, bytes]) -> None:
    [found] = violations(method, params, files)
    assert words in found


@asynccontextmanager
async def api() -> AsyncIterator[tuple[FakeTelegram, aiohttp.ClientSession]]:
    async with FakeTelegram() as fake, aiohttp.ClientSession(f"{fake.url}/bot{fake.world.token}/") as http:
        yield fake, http


async def ask(http: aiohttp.ClientSession, method: str, **params: Any) -> tuple[int, Any]:
    async with http.post(method, json=params) as response:
        answer = await response.json()
        return response.status, answer.get("result", answer.get("description"))


async def test_a_form_is_read_like_json() -> None:
    async with api() as (fake, http):
        fake.world.chat(7)
        form = {
            "chat_id": "7",
            "text": "123",
            "protect_content": "true",
            "link_preview_options": '{"is_disabled":true}',
        }
        async with http.post("sendMessage", data=form) as response:
            assert response.status == 200
        assert fake.calls[0].params == form | {"protect_content": True, "link_preview_options": {"is_disabled": True}}


async def test_an_update_comes_again_until_a_higher_offset_confirms_it() -> None:
    async with api() as (fake, http):
        ids = [fake.world.say(7, text) for text in "abc"]
        for _ in range(2):
            _, updates = await ask(http, "getUpdates", limit=2)
            assert [update["update_id"] for update in updates] == ids[:2]
        _, updates = await ask(http, "getUpdates", offset=ids[1])
        assert [update["update_id"] for update in updates] == ids[1:]
        _, updates = await ask(http, "getUpdates", offset=-1)
        assert [update["update_id"] for update in updates] == ids[2:]
        assert await ask(http, "getUpdates", offset=ids[2] + 1) == (200, [])


async def test_a_second_poll_ends_the_first() -> None:
    async with api() as (fake, http):
        first = asyncio.create_task(ask(http, "getUpdates", timeout=50))
        await fake.until(lambda: fake.calls)
        assert await ask(http, "getUpdates") == (200, [])
        assert (await first)[0] == 409


async def test_a_webhook_shuts_out_polling() -> None:
    async with api() as (_, http):
        assert (await ask(http, "setWebhook", url="https://127.0.0.1:1/h"))[0] == 200
        assert (await ask(http, "getUpdates"))[0] == 409
        assert (await ask(http, "deleteWebhook", drop_pending_updates=True))[0] == 200
        assert (await ask(http, "getUpdates"))[0] == 200


@pytest.mark.parametrize(
    ("method", "params", "status", "words"),
    [
        ("sendMessage", {"chat_id": 8, "text": "x"}, 400, "chat not found"),
        ("sendMessage", {"chat_id": "@someone", "text": "x"}, 400, "chat not found"),
        ("sendMessage", {"chat_id": 9, "text": "x"}, 403, "blocked"),
        ("sendPhoto", {"chat_id": 7, "photo": "photo-99"}, 400, "wrong file identifier"),
        ("editMessageReplyMarkup", {"chat_id": 7, "message_id": 99}, 400, "not found"),
        ("answerCallbackQuery", {"callback_query_id": "99"}, 400, "query is too old"),
    ],
)
async def test_the_world_refuses_what_it_does_not_know(
    method: str, params: dict[str, Any], status: int, words: str
) -> None:
    async with api() as (fake, http):
        fake.world.chat(7)
        fake.world.block(9)
        found, description = await ask(http, method, **params)
        assert found == status
        assert words in description


async def test_a_keyboard_that_is_gone_cannot_go_again() -> None:
    async with api() as (fake, http):
        fake.world.chat(7)
        _, message = await ask(http, "sendMessage", **(keyboard(button()) | {"chat_id": 7}))
        where = {"chat_id": 7, "message_id": message["message_id"]}
        assert fake.world.chat(7).keyboards == {message["message_id"]: {"k": "x"}}
        assert (await ask(http, "editMessageReplyMarkup", **where))[0] == 200
        assert await ask(http, "editMessageReplyMarkup", **where) == (400, "Bad Request: message is not modified")
        with pytest.raises(LookupError):
            fake.world.tap(7, "x")


async def test_a_wrong_token_is_unauthorized() -> None:
    async with api() as (fake, http), http.post(f"{fake.url}/bot1:wrong/getMe") as response:
        assert response.status == 401


async def test_it_runs_by_hand_and_is_driven_over_http() -> None:
    words = [sys.executable, "-m", "tests.fakes.telegram", "--port", "0"]
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    lines = [(await process.stdout.readline()).decode().strip().partition("=")[2] for _ in range(2)]
    try:
        async with aiohttp.ClientSession(lines[0]) as http:
            await drive(http, f"/bot{lines[1]}")
    finally:
        process.terminate()
        await process.wait()


async def drive(http: aiohttp.ClientSession, bot: str) -> None:
    async def post(path: str, body: dict[str, Any]) -> tuple[int, Any]:
        async with http.post(path, json=body) as response:
            return response.status, await response.json()

    _, number = await post("/control/do", {"act": "say", "chat": 7, "text": "chào"})
    await post("/control/inject", {"updates": [{"update_id": 7, "message": {}}]})
    await post("/control/fault", {"kind": "429", "method": "sendMessage", "retry_after": 3})
    await post("/control/settings", {"strict": False})
    status, refusal = await post(f"{bot}/sendMessage", {"chat_id": 7, "text": "x"})
    assert (status, refusal["parameters"]) == (429, {"retry_after": 3})
    assert (await post(f"{bot}/sendMessage", {"chat_id": 7, "text": "x", "extra": 1}))[0] == 200
    async with http.get("/control/state") as response:
        state = await response.json()
    assert [message["text"] for message in state["chats"]["7"]["messages"]] == ["chào", "x"]
    assert [update["update_id"] for update in state["waiting"]] == [number, 7]
    assert state["violations"] == []
