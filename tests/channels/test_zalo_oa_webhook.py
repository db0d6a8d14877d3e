"""The webhook: only Zalo gets in, what is answered with 200 is durable, and all within two seconds."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.channels.zalo_oa import PATH
from bot.channels.zalo_oa_signature import HEADER, Signature, mac
from bot.core.messages import Kind
from tests.channels.zalo_oa_kit import Kit, choices, serving, zalo_oa
from tests.fakes.zalo_oa_push import raw

VECTOR = (
    '{"app_id":"1234567890123456789","sender":{"id":"5510185758261927916"},"recipient":{"id":"579745863508352884"},'
    '"user_id_by_app":"552177279717587730","event_name":"user_send_text","message":{"text":"Xin chào",'
    '"msg_id":"e2a641af6661713b2874"},"timestamp":"1717061839659"}'
).encode()
MAC = "c4c734dc3ff9b339e65afdefbbb467076ac68a04c185091fd9aa3622cf759ba0"
APP, STAMP, SECRET = "1234567890123456789", "1717061839659", "oa-secret-key-for-tests"


def test_the_signature_of_the_reference() -> None:
    assert len(VECTOR) == 269
    assert mac(APP, VECTOR, STAMP, SECRET) == MAC


@pytest.mark.parametrize("shown", [f"mac={MAC}", MAC, f" mac={MAC.upper()} "])
def test_a_signature_fits_with_and_without_its_name(shown: str) -> None:
    assert Signature(APP, {"oa": SECRET}).fits(shown, VECTOR, STAMP)


@pytest.mark.parametrize(
    ("shown", "body", "stamp"),
    [
        ("", VECTOR, STAMP),
        ("mac=", VECTOR, STAMP),
        (f"mac={MAC[:-1]}1", VECTOR, STAMP),
        (f"mac={MAC}", VECTOR + b" ", STAMP),
        (f"mac={MAC}", VECTOR, "1717061839658"),
        ("mac=\udcff\ud800", VECTOR, "\ud800"),
    ],
)
def test_anything_else_does_not(shown: str, body: bytes, stamp: str) -> None:
    assert not Signature(APP, {"oa": SECRET, "app": "another"}).fits(shown, body, stamp)


def test_either_secret_fits_and_which_one_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    signature = Signature(APP, {"oa_secret_key": "x", "app_secret": SECRET})
    for _ in range(2):
        assert signature.fits(MAC, VECTOR, STAMP)
    assert [(record.message, record.__dict__["secret"]) for record in caplog.records] == [
        ("zalo_oa.signed_with", "app_secret")
    ]


def test_without_a_secret_nobody_gets_in() -> None:
    with pytest.raises(ValueError, match="secret"):
        Signature(APP, {"oa_secret_key": "", "app_secret": ""})


async def test_what_people_do_arrives_within_two_seconds(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit, serving(kit):
        fake = kit.fake
        await kit.channel.send(kit.parcel(choices=choices(("guide:done", "Đã xong"))))
        fake.do("follow", user="42")
        fake.do("say", user="42", text="Xin chào")
        fake.do("tap", user="42", title="Đã xong")
        fake.do("show", user="42", kind="image", payload={"url": "u"}, text="ảnh")
        fake.do("fill_form", user="42", phone=84912345678)
        fake.do("open_chat", user="42")
        fake.do("take_over", user="42", text="để tôi")
        fake.do("echo", user="42", text="của máy")
        fake.do("receipt", user="42")
        fake.do("unfollow", user="42")
        await fake.pusher.settle()
        assert fake.pusher.complaints == []
        assert len(fake.pusher.deliveries) == 10
        assert {(one.kind, one.text) for one in kit.house.taken} == {
            (Kind.START, ""),
            (Kind.TEXT, "Xin chào"),
            (Kind.TAP, "guide:done"),
            (Kind.PHOTO, "ảnh"),
            (Kind.CONTACT, "84912345678"),
            (Kind.RETURNED, ""),
            (Kind.TAKEN_OVER, ""),
            (Kind.LEFT, ""),
        }
        assert {(one.chat, one.account) for one in kit.house.taken} == {("42", fake.world.oa_id)}


@pytest.mark.parametrize(
    ("more", "status", "taken"),
    [
        ({"secret": "another"}, 403, 0),
        ({"secret": "Fake4App7Secret0For9Tests"}, 200, 1),
        ({"header": ""}, 403, 0),
        ({"header": "mac=abc"}, 403, 0),
        ({"times": 3}, 200, 3),
    ],
)
async def test_only_zalo_gets_in(more: dict[str, object], status: int, taken: int, tmp_path: Path) -> None:
    """A duplicate comes in as often as it is sent: the house knows it by its message id."""
    async with zalo_oa(tmp_path) as kit, serving(kit):
        kit.fake.pusher.push(kit.fake.people.say("42", "x"), **more)  # type: ignore[arg-type]
        await kit.fake.pusher.settle()
        assert {one.status for one in kit.fake.pusher.deliveries} == {status}
        assert len(kit.house.taken) == taken
        assert len({one.message for one in kit.house.taken}) == min(taken, 1)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe\x00", b"[" * 100_000, b"1" * 5000])
async def test_a_body_that_is_no_json_is_refused(body: bytes, tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        [hook] = kit.channel.hooks()
        assert hook.path == PATH == "/hooks/zalo_oa"
        assert await hook.receive({HEADER: f"mac={MAC}"}, body) == 400


@pytest.mark.parametrize("event", [[], 7, None, {}, {"event_name": "user_send_text", "timestamp": "1"}])
async def test_a_signed_event_that_makes_no_sense_is_acknowledged(event: object, tmp_path: Path) -> None:
    """Sent again it would make no more sense."""
    async with zalo_oa(tmp_path) as kit:
        status, taken = await receive(kit, event)
        assert (status, taken) == (200, 0)


async def test_what_was_not_stored_is_not_acknowledged_and_comes_again(tmp_path: Path) -> None:
    """No answer until Zalo has hung up, since only a time-out is promised to be repeated."""
    async with zalo_oa(tmp_path) as kit, serving(kit):
        kit.fake.pusher.patience = 0.05
        kit.house.refuse["quan trọng"] = 1
        kit.channel._sleep = slowly  # the real one: longer than Zalo's patience
        kit.fake.do("say", user="42", text="quan trọng")
        await kit.fake.pusher.settle()
        assert [(one.status, one.repeat) for one in kit.fake.pusher.deliveries] == [(0, 0), (200, 1)]
        assert kit.house.texts == ["quan trọng"]


async def slowly(seconds: float) -> None:
    assert seconds > 2
    await asyncio.sleep(0.1)


async def test_a_slow_database_is_waited_for_and_the_late_answer_hurts_nobody(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit, serving(kit):
        kit.fake.pusher.patience = 0.05
        kit.house.slow = 0.07
        kit.fake.do("say", user="42", text="chậm")
        await kit.fake.until(lambda: kit.fake.pusher.deliveries)
        kit.house.slow = 0
        await kit.fake.pusher.settle()
        assert [one.status for one in kit.fake.pusher.deliveries] == [0, 200]
        assert {one.message for one in kit.house.taken} == {kit.house.taken[0].message}


async def test_until_the_oa_is_known_nothing_is_acknowledged(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path, start=False) as kit:
        assert await receive(kit, kit.fake.people.say("42", "sớm")) == (503, 0)
        assert kit.house.pauses[-1] > 2


async def test_an_event_older_than_the_last_repeat_is_not_taken_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with zalo_oa(tmp_path) as kit:
        event = kit.fake.people.say("42", "cũ")
        kit.fake.world.advance(2 * 3600)
        assert await receive(kit, event) == (200, 1)
        kit.fake.world.advance(3600)
        assert await receive(kit, event) == (200, 1)
    assert [record.message for record in caplog.records] == ["zalo_oa.too_old"]


async def receive(kit: Kit, event: object) -> tuple[int, int]:
    """Bring a signed event to the hook: the status, and how many were taken in so far."""
    [hook] = kit.channel.hooks()
    body = raw(event)  # type: ignore[arg-type]  # also what is no event at all
    stamp = str(event.get("timestamp", "")) if isinstance(event, dict) else ""
    signed = mac(kit.fake.world.app_id, body, stamp, kit.fake.world.oa_secret)
    return await hook.receive({HEADER: f"mac={signed}"}, body), len(kit.house.taken)
