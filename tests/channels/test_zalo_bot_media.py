"""Pictures, voices and larger letters are comforts: where Zalo will not have them, the words arrive all the same."""

from __future__ import annotations

import pytest

from bot.core.errors import Rejected, Retry, Stopped, Unknown
from tests.channels.zalo_bot_kit import HASTY, picture, voice, zalo
from tests.fakes.zalo_bot import Fault


@pytest.mark.parametrize(
    "fault",
    [
        Fault("400", "sendPhoto", description="Bad request: The photo URL is invalid"),
        Fault("404", "sendPhoto"),
        Fault("413", "sendPhoto"),
    ],
)
async def test_a_refused_picture_does_not_cost_the_words(fault: Fault) -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault(**vars(fault)))
        await kit.send("Bước 1", media=picture())
        assert kit.texts == ["Bước 1\n\nNút màu xanh"]


async def test_a_host_that_zalo_does_not_like_does_not_cost_the_words() -> None:
    async with zalo(public_url="https://upload.wikimedia.org") as kit:
        await kit.send("Bước 1", media=picture())
        assert kit.texts == ["Bước 1\n\nNút màu xanh"]


@pytest.mark.parametrize("kind", ["403", "500", "page", "stall", "reset_after", "-32"])
async def test_a_picture_that_zalo_stumbles_over_goes_as_words_the_next_time(kind: str) -> None:
    async with zalo(timeouts=HASTY) as kit:
        kit.fake.faults.append(Fault(kind, "sendPhoto", times=9))
        with pytest.raises((Retry, Unknown)):
            await kit.send("Bước 1", media=picture())
        await kit.send("Bước 1", media=picture(), attempts=1)
        assert len(kit.fake.called("sendPhoto")) == (kind == "reset_after")
        assert kit.texts[-1] == "Bước 1\n\nNút màu xanh"


async def test_a_picture_that_had_to_wait_still_goes() -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault("429", "sendPhoto", description="Too many requests"))
        with pytest.raises(Retry):
            await kit.send("Bước 1", media=picture())
        kit.clock.now += 2
        await kit.send("Bước 1", media=picture(), attempts=1)
        assert [message["method"] for message in kit.bot.chat("Lan").sent] == ["sendPhoto"]


async def test_a_person_who_left_is_not_sent_the_words_either() -> None:
    async with zalo() as kit:
        kit.bot.block("Lan")
        with pytest.raises(Stopped):
            await kit.send(media=picture())
        assert kit.fake.called("sendMessage") == []


async def test_a_voice_that_is_refused_does_not_cost_the_words() -> None:
    async with zalo() as kit:
        kit.fake.faults.append(Fault("500", "sendVoice"))
        assert await kit.send("Nghe ạ", media=voice())
        assert kit.texts == ["Nghe ạ"]


async def test_larger_letters_cover_the_whole_text() -> None:
    async with zalo(large_text=True) as kit:
        await kit.send("Xin chào 🙂")
        [call] = kit.fake.called("sendMessage")
        assert call.params["text_styles"] == [{"start": 0, "len": 11, "st": ["f_20"]}]


async def test_where_larger_letters_are_refused_the_words_go_without() -> None:
    async with zalo(large_text=True) as kit:
        kit.fake.faults.append(Fault("400", "sendMessage", description="Bad request: text_styles"))
        await kit.send("một")
        await kit.send("hai")
        assert kit.texts == ["một", "hai"]
        styled = ["text_styles" in call.params for call in kit.fake.called("sendMessage")]
        assert styled == [False, False]


async def test_words_that_are_refused_either_way_do_not_switch_larger_letters_off() -> None:
    async with zalo(large_text=True) as kit:
        kit.fake.faults.append(Fault("400", "sendMessage", times=2))
        with pytest.raises(Rejected):
            await kit.send("một")
        await kit.send("hai")
        assert "text_styles" in kit.fake.called("sendMessage")[-1].params
