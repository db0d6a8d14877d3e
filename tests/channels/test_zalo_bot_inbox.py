"""Raw updates of Zalo -> Incoming. To add a case, add a literal."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.zalo_bot_inbox import events, read
from bot.core.messages import Incoming, Kind

ME = "1459232241454765289"
NAMES = ("bot.VDKyGxQvc", "Bot Xã Bắc Sơn")
TED = {"id": "6ede9afa66b88fe6d6a9", "display_name": "Ted", "is_bot": False}
PRIVATE = {"id": "6ede9afa66b88fe6d6a9", "chat_type": "PRIVATE"}
GROUP = {"id": "aa11bb22cc33dd44ee55", "chat_type": "GROUP"}
NUMBER = "2d758cb5e222177a4e35"
HEAD: dict[str, Any] = {"from": TED, "chat": PRIVATE, "message_id": NUMBER, "date": 1750316131602}
WHEN = datetime(2025, 6, 19, 6, 55, 31, 602000, UTC)


def update(event: str = "text", /, **content: Any) -> dict[str, Any]:
    return {"event_name": f"message.{event}.received", "message": {**HEAD, **content}}


def without(*names: str, **content: Any) -> dict[str, Any]:
    message = {name: value for name, value in {**HEAD, **content}.items() if name not in names}
    return {"event_name": "message.text.received", "message": message}


def got(kind: Kind, text: str = "", **more: Any) -> Incoming:
    usual = {"chat": TED["id"], "message": NUMBER, "sent_at": WHEN}
    return Incoming(**{"channel": "zalo_bot", "account": ME, "kind": kind, "text": text, **usual, **more})


def group(text: str) -> dict[str, Any]:
    return update(text=text, chat=GROUP)


def grouped(text: str) -> Incoming:
    return got(Kind.GROUP, text, chat=GROUP["id"])


PHOTO = "https://photo-example.zdn.vn/jpg/abc.jpg"

CASES: dict[str, tuple[dict[str, Any], Incoming | None]] = {
    "text": (update(text="Xin chào"), got(Kind.TEXT, "Xin chào")),
    "text of many lines": (update(text="một\n hai "), got(Kind.TEXT, "một\n hai ")),
    "half a surrogate pair": (update(text="a\ud800b"), got(Kind.TEXT, "a\ufffdb")),
    "NUL": (update(text="a\0b"), got(Kind.TEXT, "ab")),
    "a code is a text like any other": (update(text="/start NL7K2Q"), got(Kind.TEXT, "/start NL7K2Q")),
    "text without a text": (update(), got(Kind.UNSUPPORTED)),
    "text that is a number": (update(text=7), got(Kind.UNSUPPORTED)),
    "no name": (update(text="x", **{"from": {"id": TED["id"]}}), got(Kind.TEXT, "x")),
    "no sender": (without("from", text="x"), got(Kind.TEXT, "x")),
    "no chat": (without("chat", text="x"), got(Kind.TEXT, "x")),
    "no kind of chat": (update(text="x", chat={"id": TED["id"]}), got(Kind.TEXT, "x")),
    "kind of chat in small letters": (update(text="x", chat=PRIVATE | {"chat_type": "private"}), got(Kind.TEXT, "x")),
    "ids as numbers": (update(text="x", chat={"id": 42}, message_id=7), got(Kind.TEXT, "x", chat="42", message="7")),
    "no date": (without("date", text="x"), got(Kind.TEXT, "x", sent_at=None)),
    "date as text": (update(text="x", date="1750316131602"), got(Kind.TEXT, "x")),
    "date in seconds": (update(text="x", date=1750316131), got(Kind.TEXT, "x", sent_at=None)),
    "date beyond all years": (update(text="x", date=10**18), got(Kind.TEXT, "x", sent_at=None)),
    "date that is true": (update(text="x", date=True), got(Kind.TEXT, "x", sent_at=None)),
    "photo as captured": (update("image", photo_url=PHOTO, caption=""), got(Kind.PHOTO)),
    "photo as documented": (update("image", photo=PHOTO), got(Kind.PHOTO)),
    "photo with words": (update("image", photo_url=PHOTO, caption="Lỗi này"), got(Kind.PHOTO, "Lỗi này")),
    "sticker": (update("sticker", sticker="bfe4", url="https://zalo.example/s"), got(Kind.STICKER)),
    "voice": (update("voice", voice_url="https://v.zdn.vn/a.aac", message_type="CHAT_VOICE"), got(Kind.VOICE)),
    "unsupported": (update("unsupported"), got(Kind.UNSUPPORTED)),
    "from a bot": (update(text="x", **{"from": TED | {"is_bot": True}}), None),
    "group: account name": (group("@bot.VDKyGxQvc giúp với"), grouped("giúp với")),
    "group: name of several words": (group("@Bot Xã Bắc Sơn, giúp"), grouped("giúp")),
    "group: name in other letters": (group(" @bot xã bắc sơn: 1"), grouped("1")),
    "group: a longer name": (group("@Bot Xã Bắc Sơnn x"), grouped("@Bot Xã Bắc Sơnn x")),
    "group: an answer to the bot": (group("cảm ơn"), grouped("cảm ơn")),
    "group: a sticker": (update("sticker", chat=GROUP), grouped("")),
    "group: from a bot": (update(text="x", chat=GROUP, **{"from": {"id": "1", "is_bot": True}}), None),
}

UNKNOWN: dict[str, tuple[object, str]] = {
    "follow": ({"event_name": "user.follow", "message": HEAD}, "user.follow"),
    "file": (update("file", text="secret"), "message.file.received"),
    "no event": ({"message": HEAD}, "(NoneType)"),
    "an event with odd signs": ({"event_name": "a b\n0912345678", "message": HEAD}, "(str)"),
    "an event that is a list": ({"event_name": [], "message": HEAD}, "(list)"),
    "null": (None, "(NoneType)"),
    "a number": (7, "(NoneType)"),
}

NONSENSE: dict[str, dict[str, Any]] = {
    "no message": {"event_name": "message.text.received"},
    "message is text": {"event_name": "message.text.received", "message": "x"},
    "no chat and no sender": without("chat", "from", text="x"),
    "chat id is a list": update(text="x", chat={"id": []}, **{"from": {}}),
    "chat id without end": update(text="x", chat={"id": "x" * 129}, **{"from": {}}),
    "group without id": update(text="x", chat={"chat_type": "GROUP"}),
}


@pytest.mark.parametrize("name", CASES)
def test_an_update_becomes_what_the_person_did(name: str) -> None:
    raw, expected = CASES[name]
    assert read(json.loads(json.dumps(raw)), ME, NAMES) == expected


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_event_is_logged_by_its_name_only(name: str, caplog: pytest.LogCaptureFixture) -> None:
    raw, shown = UNKNOWN[name]
    with caplog.at_level(logging.DEBUG):
        assert read(raw, ME) is None
    [record] = caplog.records
    assert (record.message, record.__dict__["event"]) == ("zalo_bot.unknown_event", shown)


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_logged_and_let_go(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert read(NONSENSE[name], ME) is None
    assert [record.message for record in caplog.records] == ["zalo_bot.malformed_update"]


def test_without_an_id_the_same_update_is_still_the_same() -> None:
    first, again, other = (read(without("message_id", text=text), ME) for text in ("x", "x", "y"))
    assert first
    assert other
    assert first == again
    assert first.message != other.message


def test_before_the_bot_knows_its_name_a_mention_stays() -> None:
    found = read(group("@Bot Xã giúp"), ME)
    assert found == grouped("@Bot Xã giúp")


FLAT = update(text="x")


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (FLAT, 1),
        ({"ok": True, "result": FLAT}, 1),
        ({"ok": True, "result": [FLAT, FLAT], "error_code": 0}, 2),
        ([FLAT, FLAT], 2),
        ([FLAT, None, {}, 7], 1),
        ({"ok": True, "result": {}}, 0),
        ({"ok": True, "result": []}, 0),
        ({}, 0),
        ([], 0),
        (None, 0),
        (7, 0),
        ("x", 0),
    ],
)
def test_updates_are_found_flat_wrapped_and_in_lists(body: object, count: int) -> None:
    assert events(body) == [FLAT] * count


FIELDS = (
    *("event_name", "message", "result", "from", "chat", "id", "chat_type", "text", "caption", "date"),
    *("message_id", "is_bot", "display_name", "photo", "photo_url", "sticker"),
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["PRIVATE", "GROUP", "message.text.received", "message.image.received", "@bot x"])
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=25,
)
MESSAGES = st.dictionaries(st.sampled_from(FIELDS), TREES, max_size=8)
UPDATES = TREES | MESSAGES.map(lambda message: {"event_name": "message.text.received", "message": message})


@settings(max_examples=60)
@given(UPDATES)
def test_no_update_whatsoever_raises(raw: object) -> None:
    assert isinstance(events(raw), list)
    found = read(raw, ME, NAMES)
    if found:
        assert 0 < len(found.message) <= 128
        assert 0 < len(found.chat) <= 128
        assert (found.text + found.message + found.chat).encode().decode() == found.text + found.message + found.chat
