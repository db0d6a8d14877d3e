"""Raw updates of Telegram -> Incoming. To add a case, add a literal."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram_inbox import Me, chat_id, read, tap_id, update_id
from bot.core.messages import Incoming, Kind

ME = Me(777, "camtay_bot")
AN = {"id": 42, "is_bot": False, "first_name": "An"}
PRIVATE = {"id": 42, "type": "private", "first_name": "An"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Thôn Nà Lầu"}
BOT = {"id": 777, "is_bot": True, "first_name": "Cầm Tay", "username": "camtay_bot"}
WHEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DATE = int(WHEN.timestamp())
HEAD = {"message_id": 5, "date": DATE, "from": AN, "chat": PRIVATE}

Raw = dict[str, Any]


def private(**content: Any) -> Raw:
    return {"update_id": 9, "message": HEAD | content}


def group(**content: Any) -> Raw:
    return {"update_id": 9, "message": HEAD | {"chat": GROUP} | content}


def tap(**content: Any) -> Raw:
    below = {"message_id": 4, "date": DATE, "from": BOT, "chat": PRIVATE, "text": "Bước 1"}
    query = {"id": "c1", "from": AN, "chat_instance": "x", "message": below, "data": "menu:main"}
    return {"update_id": 9, "callback_query": query | content}


def member(old: str, new: str, chat: Raw = PRIVATE) -> Raw:
    change = {"chat": chat, "from": AN, "date": DATE}
    states = {
        "old_chat_member": {"user": BOT, "status": old},
        "new_chat_member": {"user": BOT, "status": new},
    }
    return {"update_id": 9, "my_chat_member": change | states}


def got(kind: Kind, text: str = "", chat: str = "42", sent_at: datetime | None = WHEN) -> Incoming:
    return Incoming("telegram", "777", chat, "u9", kind, text, sent_at)


FILE = {"file_id": "f", "file_unique_id": "u"}
PHOTO = [FILE | {"width": 90, "height": 90}]
CONTACT = {"phone_number": "+84912345678", "first_name": "An"}
MENTION = [{"type": "mention", "offset": 0, "length": 11}]

CASES: dict[str, tuple[Raw, Incoming | None]] = {
    "text": (private(text="Xin chào"), got(Kind.TEXT, "Xin chào")),
    "text of many lines": (private(text="một\n hai "), got(Kind.TEXT, "một\n hai ")),
    "text with emoji": (private(text="👍🏽 được"), got(Kind.TEXT, "👍🏽 được")),
    "half a surrogate pair": (private(text="a\ud800b"), got(Kind.TEXT, "a\ufffdb")),
    "NUL": (private(text="a\0b"), got(Kind.TEXT, "ab")),
    "forwarded text": (private(text="x", forward_origin={"type": "hidden_user"}), got(Kind.TEXT, "x")),
    "text through another bot": (private(text="x", via_bot=BOT), got(Kind.TEXT, "x")),
    "no date": (private(text="x", date=0), got(Kind.TEXT, "x", sent_at=None)),
    "a date beyond all years": (private(text="x", date=10**15), got(Kind.TEXT, "x", sent_at=None)),
    "start": (private(text="/start"), got(Kind.START)),
    "start with code": (private(text="/start NL7K2Q"), got(Kind.START, "NL7K2Q")),
    "start with bot's name": (private(text="/start@camtay_bot NL7K2Q "), got(Kind.START, "NL7K2Q")),
    "START typed": (private(text="/START  nl7k2q"), got(Kind.START, "nl7k2q")),
    "not quite start": (private(text="/startup"), got(Kind.TEXT, "/startup")),
    "command": (private(text="/menu"), got(Kind.TEXT, "/menu")),
    "command with words": (private(text="/nhan 17 ạ"), got(Kind.TEXT, "/nhan 17 ạ")),
    "command with bot's name": (private(text="/menu@camtay_bot 1"), got(Kind.TEXT, "/menu 1")),
    "photo": (private(photo=PHOTO), got(Kind.PHOTO)),
    "photo with caption": (private(photo=PHOTO, caption="Lỗi này"), got(Kind.PHOTO, "Lỗi này")),
    "voice": (private(voice=FILE), got(Kind.VOICE)),
    "audio": (private(audio=FILE, caption="nghe thử"), got(Kind.VOICE, "nghe thử")),
    "round video": (private(video_note=FILE), got(Kind.VOICE)),
    "document": (private(document=FILE, caption="bảng"), got(Kind.DOCUMENT, "bảng")),
    "GIF, also a document": (private(animation=FILE, document=FILE), got(Kind.UNSUPPORTED)),
    "video": (private(video=FILE, caption="xem"), got(Kind.UNSUPPORTED, "xem")),
    "sticker": (private(sticker=FILE | {"emoji": "👍"}), got(Kind.STICKER)),
    "location": (private(location={"latitude": 21.9, "longitude": 106.3}), got(Kind.LOCATION)),
    "venue": (private(venue={"title": "Nhà văn hóa"}, location={"latitude": 1}), got(Kind.LOCATION)),
    "own contact": (private(contact=CONTACT | {"user_id": 42}), got(Kind.CONTACT, "+84912345678")),
    "contact of another": (private(contact=CONTACT | {"user_id": 43}), got(Kind.CONTACT)),
    "contact without an owner": (private(contact=CONTACT), got(Kind.CONTACT)),
    "dice": (private(dice={"emoji": "🎲", "value": 3}), got(Kind.UNSUPPORTED)),
    "poll sent to the bot": (private(poll={"id": "1"}), got(Kind.UNSUPPORTED)),
    "a kind not yet invented": (private(hologram={"id": "1"}), got(Kind.UNSUPPORTED)),
    "pinned by the person": (private(pinned_message=HEAD), None),
    "auto-delete set": (private(message_auto_delete_timer_changed={"message_auto_delete_time": 9}), None),
    "wallpaper set": (private(chat_background_set={}), None),
    "from a bot": (private(text="x", **{"from": AN | {"is_bot": True}}), None),
    "tap": (tap(), got(Kind.TAP, "menu:main", sent_at=None)),
    "tap below a message too old to show": (
        tap(message={"chat": PRIVATE, "message_id": 4, "date": 0}),
        got(Kind.TAP, "menu:main", sent_at=None),
    ),
    "tap in a group": (tap(message={"chat": GROUP, "message_id": 4, "date": 0}), None),
    "tap on a game": (
        {"update_id": 9, "callback_query": {"id": "c", "message": HEAD, "game_short_name": "g"}},
        None,
    ),
    "tap below an inline message": ({"update_id": 9, "callback_query": {"id": "c", "data": "x"}}, None),
    "blocked": (member("member", "kicked"), got(Kind.LEFT)),
    "unblocked": (member("kicked", "member"), got(Kind.RETURNED)),
    "group: chatter": (group(text="tối nay họp"), None),
    "group: command": (group(text="/start"), got(Kind.GROUP, "/start", "-100123")),
    "group: command for us": (group(text="/menu@CamTay_Bot"), got(Kind.GROUP, "/menu@CamTay_Bot", "-100123")),
    "group: command for another": (group(text="/menu@other_bot"), None),
    "group: mention": (
        group(text="@CamTay_bot giúp với", entities=MENTION),
        got(Kind.GROUP, "@CamTay_bot giúp với", "-100123"),
    ),
    "group: mention in a caption": (
        group(photo=PHOTO, caption="@camtay_bot ơi"),
        got(Kind.GROUP, "@camtay_bot ơi", "-100123"),
    ),
    "group: mention of a longer name": (group(text="@camtay_bot2 ơi"), None),
    "group: mention without a name": (
        group(text="Cầm Tay ơi", entities=[{"type": "text_mention", "user": BOT}]),
        got(Kind.GROUP, "Cầm Tay ơi", "-100123"),
    ),
    "group: answer to the bot": (
        group(text="cảm ơn", reply_to_message=HEAD | {"from": BOT}),
        got(Kind.GROUP, "cảm ơn", "-100123"),
    ),
    "group: answer to another": (group(text="cảm ơn", reply_to_message=HEAD), None),
    "group: from another bot": (group(text="/start", **{"from": BOT | {"id": 5}}), None),
    "group: bot added": (member("left", "member", GROUP), got(Kind.GROUP, "", "-100123")),
    "group: bot made admin": (member("member", "administrator", GROUP), None),
    "group: bot removed": (member("member", "left", GROUP), None),
    "group: somebody joins": (group(new_chat_members=[AN]), None),
    "channel: bot added": (member("left", "administrator", {"id": -1, "type": "channel"}), None),
    "edited": ({"update_id": 9, "edited_message": HEAD | {"text": "x"}}, None),
    "channel post": ({"update_id": 9, "channel_post": HEAD | {"text": "x"}}, None),
    "poll answer": ({"update_id": 9, "poll_answer": {"poll_id": "1"}}, None),
    "reaction": ({"update_id": 9, "message_reaction": {"chat": PRIVATE}}, None),
    "nothing known": ({"update_id": 9}, None),
}

NONSENSE: dict[str, object] = {
    "null": None,
    "a list": [],
    "a number": 7,
    "no id": {"message": HEAD | {"text": "x"}},
    "id is text": {"update_id": "9", "message": HEAD},
    "id is true": {"update_id": True, "message": HEAD},
    "message is text": {"update_id": 9, "message": "x"},
    "no chat": {"update_id": 9, "message": {"text": "x"}},
    "chat id is text": private(text="x", chat={"id": "42", "type": "private"}),
    "text is a number": private(text=7),
    "caption is a list": private(photo=PHOTO, caption=[]),
    "tap with a list": tap(data=[1]),
    "tap without chat": tap(message={}),
    "member without states": {"update_id": 9, "my_chat_member": {"chat": PRIVATE}},
}


@pytest.mark.parametrize("name", CASES)
def test_an_update_becomes_what_the_person_did(name: str) -> None:
    raw, expected = CASES[name]
    assert read(json.loads(json.dumps(raw)), ME) == expected


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_logged_and_let_go(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert read(NONSENSE[name], ME) is None
    assert [record.message for record in caplog.records] == ["telegram.malformed_update"]


def test_before_the_bot_knows_its_name_only_plain_commands_address_it() -> None:
    unnamed = Me(777)
    assert read(group(text="/start"), unnamed)
    assert not read(group(text="/start@camtay_bot"), unnamed)
    assert not read(group(text="@ xin chào"), unnamed)


@pytest.mark.parametrize(
    ("update", "chat"),
    [(private(text="x"), 42), (tap(), 42), (member("left", "member", GROUP), -100123), (7, None)],
)
def test_whose_update_it_is(update: object, chat: int | None) -> None:
    assert chat_id(update) == chat


def test_a_tap_wants_to_be_answered_whatever_it_says() -> None:
    assert tap_id(tap(data=[1], message=None)) == "c1"
    assert tap_id(private(text="x")) is None
    assert tap_id({"callback_query": {"id": 7}}) is None


FIELDS = (
    *("update_id", "message", "callback_query", "my_chat_member", "chat", "from", "id", "type", "text"),
    *("caption", "date", "data", "contact", "user_id", "phone_number", "photo", "voice", "entities"),
    *("reply_to_message", "old_chat_member", "new_chat_member", "status", "is_bot", "user"),
)
NAMES = st.sampled_from(FIELDS)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["private", "group", "supergroup", "/start x", "@camtay_bot", "kicked"])
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)
CHATS = st.fixed_dictionaries({"id": LEAVES, "type": LEAVES})
MESSAGES = st.dictionaries(NAMES, TREES, max_size=6).flatmap(
    lambda rest: CHATS.map(lambda chat: {**rest, "chat": chat, "message": {"chat": chat}})
)
UPDATES = TREES | st.fixed_dictionaries(
    {"update_id": st.integers()},
    optional=dict.fromkeys(FIELDS[1:4], MESSAGES),
)


@settings(max_examples=60)
@given(UPDATES)
def test_no_update_whatsoever_raises(update: object) -> None:
    found = read(update, ME)
    if found:
        assert found.message == f"u{update_id(update)}"
        assert found.text.encode().decode() == found.text
    assert isinstance(chat_id(update), int | None)
    assert isinstance(tap_id(update), str | None)
