"""Raw events of Zalo in, what a person did out: a table of literals."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.zalo_oa_inbox import instant, read
from bot.core.messages import Incoming, Kind

APP, OA, USER = "1234567890123456789", "579745863508352884", "5510185758261927916"
STAMP = "1717061839659"
SENT = datetime(2024, 5, 30, 9, 37, 19, 659000, UTC)
HEAD = {"app_id": APP, "sender": {"id": USER}, "recipient": {"id": OA}, "user_id_by_app": "552", "timestamp": STAMP}
BACK = {**HEAD, "sender": {"id": OA}, "recipient": {"id": USER}}
FOLLOW = {"oa_id": OA, "follower": {"id": USER}, "source": "oa_profile", "app_id": APP, "timestamp": STAMP}


def said(text: object, **more: Any) -> dict[str, Any]:
    return {**HEAD, "event_name": "user_send_text", "message": {"text": text, "msg_id": "m1"}, **more}


def shown(kind: str, payload: dict[str, Any], **message: Any) -> dict[str, Any]:
    attachments = {"attachments": [{"type": kind, "payload": payload}]}
    return {**HEAD, "event_name": f"user_send_{kind}", "message": {"msg_id": "m1", **message, **attachments}}


PLACE = {"coordinates": {"latitude": "10.79", "longitude": "106.78"}}
FORM = {"name": "Nguyễn Văn A", "phone": "84912345678", "address": "…", "ward": "…"}

READ: dict[str, tuple[dict[str, Any], Kind, str, str]] = {
    "text": (said("Xin chào"), Kind.TEXT, "Xin chào", "m1"),
    "empty text": (said(""), Kind.TEXT, "", "m1"),
    "a text without the field": ({**said("x"), "message": {"msg_id": "m1"}}, Kind.TEXT, "", "m1"),
    "button": (said("#guide:done"), Kind.TAP, "guide:done", "m1"),
    "button with arguments": (said(" #help:call:and-3:2 "), Kind.TAP, "help:call:and-3:2", "m1"),
    "typed, a word after a hash": (said("#xong 1"), Kind.TEXT, "#xong 1", "m1"),
    "typed, capitals": (said("#Guide:done"), Kind.TEXT, "#Guide:done", "m1"),
    "typed, a key without a hash": (said("guide:done"), Kind.TEXT, "guide:done", "m1"),
    "typed, one word": (said("#menu"), Kind.TEXT, "#menu", "m1"),
    "typed, a key too long": (said("#a:" + "b" * 59), Kind.TEXT, "#a:" + "b" * 59, "m1"),
    "typed, digits of another script": (said("#a:b:٣"), Kind.TEXT, "#a:b:٣", "m1"),
    "typed, two lines": (said("#a:b\n#a:c"), Kind.TEXT, "#a:b\n#a:c", "m1"),
    "NUL and half a character": (said("a\0b\ud83d"), Kind.TEXT, "ab\ufffd", "m1"),
    "picture": (shown("image", {"url": "https://x/a.jpg"}), Kind.PHOTO, "", "m1"),
    "picture with words": (shown("image", {"url": "u"}, text="ảnh đây"), Kind.PHOTO, "ảnh đây", "m1"),
    "voice": (shown("audio", {"url": "u.aac"}), Kind.VOICE, "", "m1"),
    "file": (shown("file", {"url": "u", "name": "a.pdf", "size": "1"}), Kind.DOCUMENT, "", "m1"),
    "sticker": (shown("sticker", {"id": "1", "url": "u"}), Kind.STICKER, "", "m1"),
    "gif": (shown("gif", {"url": "u"}), Kind.STICKER, "", "m1"),
    "video": (shown("video", {"url": "u"}), Kind.UNSUPPORTED, "", "m1"),
    "business card": (shown("business_card", {"odd": 1}), Kind.UNSUPPORTED, "", "m1"),
    "something new": (shown("hologram", {}), Kind.UNSUPPORTED, "", "m1"),
    "link": (shown("link", {"url": "u"}), Kind.UNSUPPORTED, "", "m1"),
    "link with words": (shown("link", {"url": "u"}, text="xem này"), Kind.TEXT, "xem này", "m1"),
    "location": (shown("location", PLACE, text="Nà Pán"), Kind.LOCATION, "Nà Pán", "m1"),
    "follow": ({**FOLLOW, "event_name": "follow"}, Kind.START, "", f"follow:{USER}:{STAMP}"),
    "unfollow": ({**FOLLOW, "event_name": "unfollow"}, Kind.LEFT, "", f"unfollow:{USER}:{STAMP}"),
    "form": (
        {**HEAD, "event_name": "user_submit_info", "info": FORM},
        Kind.CONTACT,
        "84912345678",
        f"user_submit_info:{USER}:{STAMP}",
    ),
    "form, the phone as a number": (
        {**HEAD, "event_name": "user_submit_info", "info": {"phone": 84912345678}},
        Kind.CONTACT,
        "84912345678",
        f"user_submit_info:{USER}:{STAMP}",
    ),
    "form without a phone": (
        {**HEAD, "event_name": "user_submit_info", "info": {"phone": None}},
        Kind.CONTACT,
        "",
        f"user_submit_info:{USER}:{STAMP}",
    ),
    "opened the chat": (
        {"event_name": "user_click_chatnow", "user_id": USER, "oa_id": OA, "app_id": APP, "timestamp": STAMP},
        Kind.RETURNED,
        "",
        f"user_click_chatnow:{USER}:{STAMP}",
    ),
    "the office wrote by hand": (
        {**BACK, "event_name": "oa_send_text", "admin_id": "7", "message": {"text": "x", "msg_id": "m1"}},
        Kind.TAKEN_OVER,
        "",
        "m1",
    ),
    "the office sent a picture": (
        {**BACK, "event_name": "oa_send_image", "admin_id": 7, "message": {"msg_id": "m1"}},
        Kind.TAKEN_OVER,
        "",
        "m1",
    ),
    "ids as numbers": (said("a", sender={"id": int(USER)}, timestamp=int(STAMP)), Kind.TEXT, "a", "m1"),
}

IGNORED: dict[str, tuple[object, list[str]]] = {
    "our own echo": ({**BACK, "event_name": "oa_send_text", "message": {"text": "x", "msg_id": "m1"}}, []),
    "receipt": ({**HEAD, "event_name": "user_received_message", "message": {"msg_id": "m1"}}, []),
    "seen": ({**HEAD, "event_name": "user_seen_message", "message": {"msg_ids": ["m1"]}}, []),
    "reaction": ({**HEAD, "event_name": "user_reacted_message", "message": {"msg_id": "m1"}}, []),
    "consent": ({**HEAD, "event_name": "oa_send_consent"}, []),
    "anonymous": ({**HEAD, "event_name": "anonymous_send_text", "message": {"text": "x"}}, ["zalo_oa.event_ignored"]),
    "group": ({**HEAD, "event_name": "user_send_group_text"}, ["zalo_oa.event_ignored"]),
    "group echo": ({**HEAD, "event_name": "oa_send_group_text", "admin_id": "7"}, ["zalo_oa.event_ignored"]),
    "unheard of": ({**HEAD, "event_name": "shop_has_order"}, ["zalo_oa.event_ignored"]),
    "another app": (said("x", app_id="1"), ["zalo_oa.not_ours"]),
    "another OA": (said("x", recipient={"id": "1"}), ["zalo_oa.not_ours"]),
    "no sender": (said("x", sender=None), ["zalo_oa.malformed_event"]),
    "an empty sender": (said("x", sender={"id": ""}), ["zalo_oa.malformed_event"]),
    "text that is none": (said(["x"]), ["zalo_oa.malformed_event"]),
    "no message": ({**HEAD, "event_name": "user_send_text", "timestamp": None}, ["zalo_oa.malformed_event"]),
    "follow without a follower": ({**FOLLOW, "event_name": "follow", "follower": 1}, ["zalo_oa.malformed_event"]),
    "no name": (HEAD, ["zalo_oa.malformed_event"]),
    "a list": ([], ["zalo_oa.malformed_event"]),
    "nothing": (None, ["zalo_oa.malformed_event"]),
}


@pytest.mark.parametrize("name", READ)
def test_an_event_becomes_what_a_person_did(name: str) -> None:
    event, kind, text, message = READ[name]
    assert read(event, APP, OA) == Incoming("zalo_oa", OA, USER, message, kind, text, SENT)


@pytest.mark.parametrize("name", IGNORED)
def test_what_asks_nothing_of_us_is_let_go(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    event, records = IGNORED[name]
    assert read(event, APP, OA) is None
    assert [record.message for record in caplog.records] == records


def test_what_people_wrote_is_not_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for event in (said("bí mật", recipient={"id": "1"}), said("bí mật", event_name="anonymous_send_text")):
        read(event, APP, OA)
    shown_ = "".join(str(vars(record)) for record in caplog.records)
    assert shown_
    assert "bí mật" not in shown_


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [(STAMP, SENT), ("", None), ("soon", None), ("9" * 40, None), ("-1717061839659", None), ("99999999999999", True)],
)
def test_a_moment_is_milliseconds_written_out(stamp: str, moment: object) -> None:
    found = instant(stamp)
    assert found is not None if moment is True else found == moment


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "text", "msg_id"]), inner),
    max_leaves=6,
)


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from(["user_send_text", "follow", "oa_send_text", "user_submit_info", "user_click_chatnow", "x"]),
    st.dictionaries(st.sampled_from([*HEAD, "message", "follower", "oa_id", "info", "admin_id", "user_id"]), _ANY),
)
def test_no_event_however_odd_raises(name: str, rest: dict[str, Any]) -> None:
    found = read({"event_name": name, **rest}, APP, OA)
    assert found is None or found.account == OA
