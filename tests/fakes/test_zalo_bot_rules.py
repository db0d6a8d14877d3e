"""What the fake Zalo refuses, and with which words. To add a case, add a literal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.zalo_bot_rules import FIELDS, ApiError, Modes, check

SECRET = "12345678"


def styled(style: dict[str, Any], text: str = "x") -> dict[str, Any]:
    return {"chat_id": "a", "text": text, "text_styles": [style]}


FINE: list[tuple[str, dict[str, Any]]] = [
    ("getMe", {}),
    ("getUpdates", {"timeout": 30}),
    ("getUpdates", {"timeout": "30"}),
    ("sendMessage", {"chat_id": "a", "text": "x" * 2000}),
    ("sendMessage", {"chat_id": "a", "text": "🙂" * 1000}),
    ("sendMessage", {"chat_id": "a", "text": "x", "parse_mode": "markdown"}),
    ("sendMessage", styled({"start": 0, "len": 2, "st": ["f_20", "b"]}, "🙂")),
    ("sendPhoto", {"chat_id": "a", "photo": "https://x.vn/a.png"}),
    ("sendPhoto", {"chat_id": "a", "photo": "http://x.vn/a.png", "caption": "x"}),
    ("sendVoice", {"chat_id": "a", "voice_url": "https://x.vn/a.aac"}),
    ("sendSticker", {"chat_id": "a", "sticker": "bfe4"}),
    ("sendChatAction", {"chat_id": "a", "action": "typing"}),
    ("setWebhook", {"url": "https://x.vn/h", "secret_token": SECRET}),
    ("setWebhook", {"url": "http://127.0.0.1:80/h", "secret_token": "x" * 256}),
]

WRONG: list[tuple[int, str, str, dict[str, Any]]] = [
    (404, "Not Found", "sendDocument", {}),
    (404, "Not Found", "getme", {}),
    (404, "Not Found", "editMessageText", {}),
    *((400, "The chat_id must not be empty", method, {}) for method in FIELDS if method.startswith("send")),
    (400, "The chat_id must not be empty", "sendMessage", {"chat_id": " ", "text": ""}),
    (400, "The text must not be empty", "sendMessage", {"chat_id": "a"}),
    (400, "The text must not be empty", "sendMessage", {"chat_id": "a", "text": " \n"}),
    (400, "at most 2000", "sendMessage", {"chat_id": "a", "text": "x" * 2001}),
    (400, "at most 2000", "sendMessage", {"chat_id": "a", "text": "🙂" * 1001}),
    (400, "parse_mode", "sendMessage", {"chat_id": "a", "text": "x", "parse_mode": "HTML"}),
    (400, "text_styles", "sendMessage", {"chat_id": "a", "text": "x", "text_styles": {}}),
    (400, "text_styles", "sendMessage", styled({"start": 0})),
    (400, "text_styles", "sendMessage", styled({"start": 0, "len": 2, "st": []})),
    (400, "text_styles", "sendMessage", styled({"start": 0, "len": 1, "st": ["h1"]})),
    (400, "unknown parameter reply_markup", "sendMessage", {"chat_id": "a", "text": "x", "reply_markup": {}}),
    (400, "unknown parameter reply_to_message_id", "sendMessage", {"chat_id": "a", "reply_to_message_id": "1"}),
    (400, "unknown parameter limit, offset", "getUpdates", {"offset": 1, "limit": 100}),
    (400, "The photo must not be empty", "sendPhoto", {"chat_id": "a"}),
    (400, "must start with http", "sendPhoto", {"chat_id": "a", "photo": "data:image/png;base64,AA"}),
    (400, "The photo URL is invalid", "sendPhoto", {"chat_id": "a", "photo": "https://upload.wikimedia.org/a.png"}),
    (400, "The caption must not be empty", "sendPhoto", {"chat_id": "a", "photo": "https://x.vn/a.png", "caption": ""}),
    (400, "at most 2000", "sendPhoto", {"chat_id": "a", "photo": "https://x.vn/a.png", "caption": "x" * 2001}),
    (400, ".aac", "sendVoice", {"chat_id": "a", "voice_url": "https://x.vn/a.aac?v=1"}),
    (400, ".aac", "sendVoice", {"chat_id": "a", "voice_url": "a.aac"}),
    (400, "unknown parameter caption", "sendVoice", {"chat_id": "a", "voice_url": "https://x.vn/", "caption": "x"}),
    (400, "The sticker must not be empty", "sendSticker", {"chat_id": "a"}),
    (400, "The action is invalid", "sendChatAction", {"chat_id": "a", "action": "upload_photo"}),
    (400, "The url must not be empty", "setWebhook", {"secret_token": SECRET}),
    (400, "8 to 256", "setWebhook", {"url": "https://x.vn/h"}),
    (400, "8 to 256", "setWebhook", {"url": "https://x.vn/h", "secret_token": "1234567"}),
    (400, "8 to 256", "setWebhook", {"url": "https://x.vn/h", "secret_token": "x" * 257}),
    (400, "public https", "setWebhook", {"url": "http://x.vn/h", "secret_token": SECRET}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "params"), FINE)
def test_what_is_allowed_passes(method: str, params: dict[str, Any]) -> None:
    check(method, params, Modes())


@pytest.mark.parametrize(("code", "words", "method", "params"), WRONG)
def test_what_is_wrong_is_refused(code: int, words: str, method: str, params: dict[str, Any]) -> None:
    with pytest.raises(ApiError, match=words) as caught:
        check(method, params, Modes())
    assert caught.value.code == code


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "10.1.2.3", "192.168.1.1", "[::1]"])
def test_an_address_at_home_is_refused_unless_tests_need_it(host: str) -> None:
    params = {"url": f"https://{host}/h", "secret_token": SECRET}
    check("setWebhook", params, Modes())
    with pytest.raises(ApiError, match="public https"):
        check("setWebhook", params, Modes(permits_local=False))


def test_habits_from_telegram_are_ignored_where_it_is_not_strict() -> None:
    check("getUpdates", {"offset": 1, "limit": 2}, Modes(strict=False))
