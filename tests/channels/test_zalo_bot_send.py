"""Parcels -> exact calls to Zalo, and each way a call can fail -> what the house is told."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from bot.core.errors import AccountDown, Rejected, Retry, SendError, Stopped, Unknown
from bot.core.messages import Parcel
from tests.channels.zalo_bot_kit import HASTY, PUBLIC, House, a_channel, picture, voice, zalo
from tests.fakes.zalo_bot import Fault, Modes

LONG = "Bác mở CH Play. " * 120  # 1,920 signs

REQUESTS: dict[str, tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]] = {
    "text": ({"text": "Xin chào *bác* <ạ>"}, [("sendMessage", {"text": "Xin chào *bác* <ạ>"})]),
    "decomposed text": ({"text": "bươ\u0301c mô\u0323t"}, [("sendMessage", {"text": "bước một"})]),
    "picture": (
        {"text": "Bước 1", "media": picture()},
        [("sendPhoto", {"photo": f"{PUBLIC}/media/android/step.png?v=7", "caption": "Bước 1"})],
    ),
    "picture alone": (
        {"text": "", "media": picture()},
        [("sendPhoto", {"photo": f"{PUBLIC}/media/android/step.png?v=7"})],
    ),
    "voice": (
        {"text": "", "media": voice("android/step.aac")},
        [("sendVoice", {"voice_url": f"{PUBLIC}/media/android/step.aac?v=7&as=.aac"})],
    ),
    "the same voice as Zalo wants it": (
        {"text": "", "media": voice("android/step.ogg")},
        [("sendVoice", {"voice_url": f"{PUBLIC}/media/android/step.aac?v=7&as=.aac"})],
    ),
    "voice with words": (
        {"text": "Nghe ạ", "media": voice()},
        [
            ("sendMessage", {"text": "Nghe ạ"}),
            ("sendVoice", {"voice_url": f"{PUBLIC}/media/android/step.aac?v=7&as=.aac"}),
        ],
    ),
    "a picture that is gone": (
        {"text": "Bước 1", "media": picture("android/gone.png")},
        [("sendMessage", {"text": "Bước 1\n\nNút màu xanh"})],
    ),
    "a picture of a kind that Zalo does not show": (
        {"text": "", "media": picture("android/step.webp")},
        [("sendMessage", {"text": "Nút màu xanh"})],
    ),
    "what the picture shows is said already": (
        {"text": "Bấm Nút màu xanh", "media": picture("gone.png")},
        [("sendMessage", {"text": "Bấm Nút màu xanh"})],
    ),
    "no room for what the picture shows": (
        {"text": LONG[:1899], "media": picture("gone.png")},
        [("sendMessage", {"text": LONG[:1899]})],
    ),
    "a voice that is gone, with words": (
        {"text": "Nghe ạ", "media": voice("gone.ogg")},
        [("sendMessage", {"text": "Nghe ạ"})],
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_parcel_becomes_these_calls(name: str) -> None:
    parcel, expected = REQUESTS[name]
    async with zalo() as kit:
        number = await kit.send(**parcel)
        sent = [(call.method, call.params) for call in kit.fake.calls if call.method.startswith("send")]
        chat = {"chat_id": kit.bot.person("Lan")}
        assert sent == [(method, chat | params) for method, params in expected]
        assert len(number) == 20


# What goes wrong -> what the house is told, after how long, and whether the whole account waits.
Outcome = tuple[type[SendError], float | None, bool | None]

FAULTS: dict[str, tuple[Fault, Outcome]] = {
    "400": (Fault("400", description="Bad request: The text must not be empty"), (Rejected, None, None)),
    "400 as text": (Fault("400", code="str"), (Rejected, None, None)),
    "400 as errorCode": (Fault("400", code="camel"), (Rejected, None, None)),
    "400 we forgot the chat": (Fault("400", description="The chat_id must not be empty"), (Rejected, None, None)),
    "400 about the chat": (Fault("400", description="Bad request: chat not found"), (Stopped, None, None)),
    "400 about the person": (Fault("400", description="User has blocked the bot"), (Stopped, None, None)),
    "401": (Fault("401"), (AccountDown, None, None)),
    "401 as text": (Fault("401", code="str"), (AccountDown, None, None)),
    "403": (Fault("403"), (Retry, 1, False)),
    "403 about the person": (Fault("403", description="blocked by user"), (Stopped, None, None)),
    "404": (Fault("404"), (Rejected, None, None)),
    "408": (Fault("408"), (Unknown, None, None)),
    "413": (Fault("413"), (Rejected, None, None)),
    "426": (Fault("426"), (Retry, 3600, True)),
    "429 quota": (Fault("429"), (Retry, 300, True)),
    "429 burst": (Fault("429", description="Too many requests"), (Retry, 2, True)),
    "500": (Fault("500"), (Retry, 1, False)),
    "503": (Fault("503"), (Retry, 1, False)),
    "504": (Fault("504"), (Unknown, None, None)),
    "a code nobody knows": (Fault("-32"), (Retry, 1, False)),
    "no code": (Fault("400", code="none"), (Retry, 1, False)),
    "page 429": (Fault("page", status=429), (Retry, 2, True)),
    "page 500": (Fault("page", status=500), (Retry, 1, True)),
    "page 502": (Fault("page", status=502), (Retry, 1, True)),
    "page 403 of a provider": (Fault("page", status=403), (Retry, 1, True)),
    "page 404, a wrong address": (Fault("page", status=404), (Retry, 1, True)),
    "page 401 is not the API's word": (Fault("page", status=401), (Retry, 1, True)),
    "page 504 gave up waiting": (Fault("page_after", status=504), (Unknown, None, None)),
    "page 200": (Fault("page_after", status=200), (Unknown, None, None)),
    "truncated": (Fault("truncated"), (Unknown, None, None)),
    "JSON that is not the API's": (Fault("no_ok"), (Unknown, None, None)),
    "no answer, not done": (Fault("stall"), (Unknown, None, None)),
    "no answer, done": (Fault("stall_after"), (Unknown, None, None)),
    "no HTTP at all": (Fault("garbled"), (Unknown, None, None)),
    "cut, not done": (Fault("reset"), (Unknown, None, None)),
    "cut, done": (Fault("reset_after"), (Unknown, None, None)),
}


@pytest.mark.parametrize("real_status", [False, True])
@pytest.mark.parametrize("name", FAULTS)
async def test_each_failure_says_what_happens_next(name: str, real_status: bool) -> None:
    fault, (kind, after, whole) = FAULTS[name]
    if real_status and fault.code == "none":
        kind, after, whole = Rejected, None, None  # then the status is the code
    async with zalo(timeouts=HASTY, modes=Modes(real_status=real_status)) as kit:
        kit.fake.faults.append(Fault(**vars(fault)))
        with pytest.raises(SendError) as caught:
            await kit.send()
        found = caught.value
        assert type(found) is kind
        assert (getattr(found, "after", None), getattr(found, "whole_account", None)) == (after, whole)
        assert bool(kit.texts) == fault.comes_after


async def test_what_is_unknown_for_ever_is_given_up_after_a_few_tries() -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault("-32", times=9))
        kinds = []
        for attempts in range(7):
            with pytest.raises(SendError) as caught:
                await kit.send(attempts=attempts)
            kinds.append(type(caught.value))
        assert kinds == [Retry] * 5 + [Rejected] * 2


@pytest.mark.parametrize(("attempts", "after"), [(0, 1), (3, 8), (5000, 60)])
async def test_where_nobody_listens_nothing_was_sent(attempts: int, after: float) -> None:
    async with zalo() as kit:
        await kit.fake.shut()
        with suppress(SendError):
            await kit.send()  # perhaps over a connection that nobody has noticed to be dead
        with pytest.raises(Retry) as caught:
            await kit.send(attempts=attempts)
        assert (caught.value.after, caught.value.whole_account) == (after, True)


async def test_a_name_nobody_knows_and_no_address_at_all_send_nothing() -> None:
    for url in ("http://zalo.invalid", "http://", "no address"):
        channel = a_channel(["123:abc-xyz"], url)
        house = House()
        await channel.start(house.take, house.spawn)
        assert (channel.accounts, channel.down) == ((), {})
        with pytest.raises(Retry):
            await channel.send(Parcel(1, "zalo_bot", "123", "42", "x"))
        await channel.close()


async def test_after_close_nothing_is_sent() -> None:
    async with zalo() as kit:
        await kit.channel.close()
        with pytest.raises(Retry):
            await kit.send()


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
async def test_nothing_is_never_sent(text: str) -> None:
    async with zalo() as kit:
        with pytest.raises(Rejected):
            await kit.send(text)
        with pytest.raises(Rejected):
            await kit.send(text, media=voice("gone.ogg"))
        assert kit.bot.sent == 0


async def test_ok_without_a_number_is_delivered() -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault("no_result", "sendMessage"))
        assert await kit.send() == ""
        assert len(kit.texts) == 1


@pytest.mark.parametrize("code", [400, 403])
async def test_a_chat_that_never_wrote_is_found_out(code: int) -> None:
    """With 400 at once; with 403, which may be trouble of Zalo's, once others are reached and this chat is not."""
    async with zalo(modes=Modes(stranger_code=code)) as kit:
        kinds = []
        for attempts in range(7):
            with pytest.raises(SendError) as caught:
                await kit.send(chat="0" * 20, attempts=attempts)
            kinds.append(type(caught.value))
            await kit.send()
        assert kinds[5:] == ([Stopped, Stopped] if code == 400 else [Stopped, Retry])
        assert set(kinds[:5]) == {Stopped if code == 400 else Retry}


async def test_while_nobody_gets_through_a_403_is_no_persons_fault() -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault("403", times=20))
        for attempts in range(20):
            with pytest.raises(Retry):
                await kit.send(attempts=attempts)


async def test_a_spent_quota_is_not_hammered(caplog: pytest.LogCaptureFixture) -> None:
    async with zalo(modes=Modes(quota=1)) as kit:
        await kit.send()
        waits = []
        for _ in range(6):
            for _ in range(10):  # of many that want to go out, one asks Zalo
                with pytest.raises(Retry) as caught:
                    await kit.send()
            waits.append(caught.value.after)
            kit.clock.now += caught.value.after
        assert waits == [300, 600, 1200, 2400, 3600, 3600]
        assert len(kit.fake.called("sendMessage")) == 7
        kit.fake.modes.quota = 3000
        assert await kit.send()
        assert await kit.send()
    assert [record.message for record in caplog.records] == ["zalo_bot.quota_spent"]


async def test_a_burst_is_over_in_seconds() -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault("page", "sendMessage", status=429))
        with pytest.raises(Retry) as caught:
            await kit.send()
        kit.clock.now += caught.value.after
        assert await kit.send()


@pytest.mark.parametrize(("public_url", "shows"), [(PUBLIC, True), ("", False), (None, False)])
def test_the_channel_says_what_it_can(public_url: str | None, shows: bool) -> None:
    channel = a_channel(["1:abc"], public_url=public_url, media_address=str, monthly_quota=3000, users_cap=50)
    can = channel.capabilities
    assert (channel.name, channel.accounts, channel.hooks(), channel.down) == ("zalo_bot", (), (), {})
    assert (can.buttons, can.max_text, can.max_caption, can.files_out, can.media_by_url_only) == (
        *(0, 1900, 1900),
        *(False, True),
    )
    assert (can.pictures, can.voice, can.proactive) == (shows, shows, "always")
    assert (can.monthly_quota, can.users_cap, can.pace, can.chat_pace) == (3000, 50, 5, 1)
    channel.settled(Parcel(1, "zalo_bot", "1", "42", "x"))
