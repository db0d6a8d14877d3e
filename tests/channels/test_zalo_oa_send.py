"""Parcels become CS messages, and each refusal says what happens next."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.zalo_oa_codes import CODES, Act, send_error, verdict
from bot.channels.zalo_oa_outbox import V2, V3, title
from bot.core.errors import AccountDown, Rejected, Retry, SendError, Stopped, Unknown
from bot.core.messages import Media, MediaKind, Rank
from tests.channels.zalo_oa_kit import PNG, choices, picture, zalo_oa
from tests.fakes.zalo_oa import Fault

TWO = choices(("guide:done", "Đã xong"), ("help:call:and-3", "Nhờ người giúp"))
BUTTONS = [
    {"title": "Đã xong", "type": "oa.query.hide", "payload": "#guide:done"},
    {"title": "Nhờ người giúp", "type": "oa.query.hide", "payload": "#help:call:and-3"},
]
VOICE = Media(MediaKind.VOICE, "android/step.ogg", "Nghe hướng dẫn")

MESSAGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "text": ({"text": "Chào bác"}, {"text": "Chào bác"}),
    "text and buttons": (
        {"text": "Bước 1", "choices": TWO},
        {"text": "Bước 1", "attachment": {"type": "template", "payload": {"buttons": BUTTONS}}},
    ),
    "more choices than buttons": (
        {"text": "1. a", "choices": choices(*((f"a:b:{n}", f"Nút {n}") for n in range(7)))},
        {
            "text": "1. a",
            "attachment": {
                "type": "template",
                "payload": {
                    "buttons": [
                        {"title": f"Nút {n}", "type": "oa.query.hide", "payload": f"#a:b:{n}"} for n in range(5)
                    ]
                },
            },
        },
    ),
    "a voice it cannot send": ({"text": "", "media": VOICE}, {"text": "Nghe hướng dẫn"}),
    "a picture of another kind": ({"text": "Xem", "media": picture("android/step.gif")}, {"text": "Xem"}),
    "a picture that is not there": ({"text": "", "media": picture("android/gone.png")}, {"text": "Nút màu xanh"}),
    "a picture too large": ({"text": "Xem", "media": picture("android/large.png")}, {"text": "Xem"}),
    "a picture that is none": ({"text": "Xem", "media": picture("android/none.png")}, {"text": "Xem"}),
}


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    (tmp_path / "android").mkdir()
    files = {"step.png": PNG, "step.gif": b"GIF89a", "large.png": PNG + bytes(2**20), "none.png": b"text"}
    for name, content in files.items():
        (tmp_path / "android" / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("name", MESSAGES)
async def test_a_parcel_becomes_one_message(name: str, guides: Path) -> None:
    parcel, message = MESSAGES[name]
    async with zalo_oa(guides) as kit:
        number = await kit.channel.send(kit.parcel(**parcel))
        [call] = kit.fake.called(V3)
        assert call.body == {"recipient": {"user_id": "42"}, "message": message}
        assert kit.fake.world.person("42").said == [{"message_id": number, **message}]


EXPECTED: dict[int, type[SendError]] = {
    **dict.fromkeys((-32, -200, -214, -218, -234), Retry),
    **dict.fromkeys((-100, -201, -210, -233, -249), Rejected),
    **dict.fromkeys((-213, -217, -227, -230, -232, -237, -244, -403), Stopped),
    **dict.fromkeys((-204, -205, -209, -211, -212, -219, -221, -223, -224, -238, -241, -242), AccountDown),
    **dict.fromkeys((-216, -220, -235, -240, -248, -320, -321), AccountDown),
}


def test_the_table_holds_every_code() -> None:
    assert set(EXPECTED) == set(CODES)


async def test_each_code_says_what_happens_next(guides: Path) -> None:
    """Asked again as often as the code allows, and then not any more."""
    async with zalo_oa(guides) as kit:
        found: dict[int, tuple[type[BaseException], int, bool]] = {}
        for code in EXPECTED:
            fault = Fault("code", "message", times=9, number=code)
            kit.fake.faults[:] = [fault]
            with pytest.raises(SendError) as caught:
                await kit.channel.send(kit.parcel())
            found[code] = (caught.type, 9 - fault.times, bool(kit.channel.down))
            kit.fake.faults.clear()
            assert await kit.channel.send(kit.parcel())
        tries = {Act.REFRESH: 2, Act.OTHER_ENDPOINT: 2}
        assert found == {
            code: (kind, tries.get(CODES[code].act, 1), kind is AccountDown) for code, kind in EXPECTED.items()
        }
        assert len(kit.fake.world.person("42").said) == len(EXPECTED)


def test_a_code_nobody_knows_is_refused_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    for code in (-999, 77):
        assert isinstance(send_error(code, "what"), Rejected)
    assert [record.message for record in caplog.records] == ["zalo_oa.unknown_code"] * 2


def test_what_failed_once_more_is_refused() -> None:
    assert isinstance(send_error(-200, "", 0), Retry)
    assert isinstance(send_error(-200, "", 1), Rejected)


@pytest.mark.parametrize(("attempts", "after"), [(0, 15), (1, 30), (5, 60)])
def test_too_many_calls_hold_the_whole_account_back(attempts: int, after: float) -> None:
    error = send_error(-32, "", attempts)
    assert isinstance(error, Retry)
    assert (error.after, error.whole_account) == (after, True)


def test_a_person_who_has_enough_for_today_holds_nobody_else_back() -> None:
    error = send_error(-218, "")
    assert isinstance(error, Retry)
    assert not error.whole_account
    assert verdict(-218).after == 3600


ROAD: dict[str, tuple[type[SendError], bool]] = {
    "502": (Unknown, False),
    "garbage": (Unknown, False),
    "truncated": (Unknown, True),
    "503": (Retry, False),
    "429": (Retry, False),
    "block_page": (Retry, False),
    "hang": (Unknown, False),
    "hang_after": (Unknown, True),
    "cut": (Unknown, False),
    "cut_after": (Unknown, True),
}


async def test_each_failure_of_the_road(guides: Path) -> None:
    """The kind of failure, and whether the message had arrived all the same."""
    async with zalo_oa(guides, answer_seconds=0.1) as kit:
        found = {}
        for kind in ROAD:
            kit.fake.faults[:] = [Fault(kind, "message")]
            kit.fake.world.person("42").said.clear()
            with pytest.raises(SendError) as caught:
                await kit.channel.send(kit.parcel())
            found[kind] = (caught.type, bool(kit.fake.world.person("42").said))
        assert found == ROAD


async def test_where_nobody_listens_nothing_was_sent(guides: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with zalo_oa(guides, api_url=f"http://127.0.0.1:{port}", start=False) as kit:
        await kit.channel.start(kit.house.take, kit.house.spawn)
        with pytest.raises(Retry) as caught:
            await kit.channel.send(kit.parcel(attempts=3))
        assert (caught.value.after, caught.value.whole_account) == (8, True)


@pytest.mark.parametrize(
    ("mode", "expected"), [("no_package", AccountDown), ("state_oa", None), ("expired_as_216", None)]
)
async def test_the_modes_of_an_oa(mode: str, expected: type[SendError] | None, guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        setattr(kit.fake.world.modes, mode, True)
        if expected:
            with pytest.raises(expected):
                await kit.channel.send(kit.parcel())
        else:
            assert await kit.channel.send(kit.parcel())


async def test_an_oa_of_the_state_is_pinned_to_the_old_endpoint(guides: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with zalo_oa(guides) as kit:
        kit.fake.world.modes.state_oa = True
        for _ in range(2):
            await kit.channel.send(kit.parcel(choices=TWO))
        assert [call.path for call in kit.fake.calls if "message" in call.path] == [V3, V2, V2]
        assert len(kit.fake.world.person("42").said) == 2
    assert "zalo_oa.endpoint_pinned" in [record.message for record in caplog.records]


async def test_a_wrong_pin_finds_its_way_back(guides: Path) -> None:
    async with zalo_oa(guides, v2_endpoint=True) as kit:
        for _ in range(2):
            await kit.channel.send(kit.parcel())
        assert [call.path for call in kit.fake.calls if "message" in call.path] == [V2, V3, V3]


async def test_outside_the_window_the_chat_is_not_reached_until_they_write(guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        kit.fake.world.advance(8 * 86400)
        with pytest.raises(Stopped):
            await kit.channel.send(kit.parcel())
        kit.fake.world.interact("42")
        assert await kit.channel.send(kit.parcel())


async def test_blocked_and_unknown_people(guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        with pytest.raises(Rejected):
            await kit.channel.send(kit.parcel(chat="nobody"))
        kit.fake.people.block("42")
        with pytest.raises(Stopped):
            await kit.channel.send(kit.parcel())


async def test_quota_is_read_and_never_assumed(guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        await kit.channel.send(kit.parcel())
        kit.fake.world.advance(3 * 86400)
        await kit.channel.send(kit.parcel())
        seen = {kind: (quota.remain, quota.total) for kind, quota in kit.channel.quota_seen.items()}
        assert seen == {"reply": (7, 8), "sub_quota": (499, 500)}
        assert kit.channel.quota_seen["sub_quota"].at == kit.fake.world.now()
        kit.fake.world.modes.quota_left = 0
        with pytest.raises(AccountDown):
            await kit.channel.send(kit.parcel())


async def test_when_no_call_remains_only_answers_go_on(guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        kit.fake.world.advance(60)
        kit.fake.world.modes.calls_a_minute = 2
        for _ in range(2):
            await kit.channel.send(kit.parcel())
        with pytest.raises(Retry) as caught:
            await kit.channel.send(kit.parcel(rank=Rank.BULK))
        assert (caught.value.after, caught.value.whole_account) == (15, True)
        with pytest.raises(Retry, match="-32"):
            await kit.channel.send(kit.parcel())
        kit.fake.world.advance(60)
        assert await kit.channel.send(kit.parcel(rank=Rank.BULK))


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Đã xong", "Đã xong"),
        ("a" * 30, "a" * 30),
        ("a" * 31, "a" * 29 + "…"),
        ("😀" * 20, "😀" * 14 + "…"),
        ("Tie\u0302\u0301ng  Vie\u0323\u0302t", "Tiếng Việt"),
        ("a" * 28 + "b\u0325\u0329c" + "d" * 9, "a" * 28 + "…"),
    ],
)
def test_titles_fit_a_button(label: str, shown: str) -> None:
    assert title(label) == shown


async def test_an_answer_that_names_no_message_is_unknown(guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        kit.fake.faults.append(Fault("code", "message", number=0))
        with pytest.raises(Unknown):
            await kit.channel.send(kit.parcel())


async def test_the_channel_says_what_it_can(guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        can = kit.channel.capabilities
        assert (kit.channel.name, kit.channel.accounts) == ("zalo_oa", (kit.fake.world.oa_id,))
        assert (can.buttons, can.max_text, can.max_caption) == (5, 1900, 1900)
        assert (can.files_out, can.pictures, can.voice) == (False, True, False)
        assert (can.proactive, can.window) == ("window", timedelta(days=7))
        kit.channel.settled(kit.parcel())
