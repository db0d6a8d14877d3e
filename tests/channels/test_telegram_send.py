"""Parcels -> exact calls, and each way a call can fail -> what the house is told."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import AccountDown, NoPaper, Rejected, Retry, SendError, Stopped, Unknown
from bot.core.messages import Media, MediaKind, Paper, Parcel
from tests.channels.telegram_kit import OGG, PNG, House, a_channel, choices, picture, telegram
from tests.fakes.telegram import Fault

NO_PREVIEW = {"is_disabled": True}
VOICE = Media(MediaKind.VOICE, "android/step.ogg")
TWO = choices(("guide:done:android:AND-3", "Làm được rồi"), ("nav:back", "Quay lại"))
TWO_ROWS = {
    "inline_keyboard": [
        [{"text": "Làm được rồi", "callback_data": "guide:done:android:AND-3"}],
        [{"text": "Quay lại", "callback_data": "nav:back"}],
    ]
}

REQUESTS: dict[str, tuple[dict[str, Any], str, dict[str, Any], dict[str, int]]] = {
    "text": (
        {"text": "Xin chào bác ạ"},
        "sendMessage",
        {"chat_id": "42", "text": "Xin chào bác ạ", "link_preview_options": NO_PREVIEW},
        {},
    ),
    "text with choices": (
        {"text": "Bước 1", "choices": TWO},
        "sendMessage",
        {"chat_id": "42", "text": "Bước 1", "link_preview_options": NO_PREVIEW, "reply_markup": TWO_ROWS},
        {},
    ),
    "text as long as Telegram takes": (
        {"text": "🙂" * 2048},
        "sendMessage",
        {"chat_id": "42", "text": "🙂" * 2048, "link_preview_options": NO_PREVIEW},
        {},
    ),
    "picture": (
        {"text": "Bước 1", "choices": TWO, "media": picture()},
        "sendPhoto",
        {"chat_id": "42", "caption": "Bước 1", "reply_markup": TWO_ROWS},
        {"photo": len(PNG)},
    ),
    "picture alone": ({"text": "", "media": picture()}, "sendPhoto", {"chat_id": "42"}, {"photo": len(PNG)}),
    "voice": (
        {"text": "Nghe ạ", "media": VOICE},
        "sendVoice",
        {"chat_id": "42", "caption": "Nghe ạ"},
        {"voice": len(OGG)},
    ),
}

FAULTS: dict[str, tuple[Fault, type[SendError]]] = {
    "429": (Fault("429"), Retry),
    "500": (Fault("500"), Unknown),
    "502 page": (Fault("502"), Unknown),
    "page of a provider": (Fault("block_page"), Retry),
    "not JSON": (Fault("garbage"), Unknown),
    "blocked": (Fault("403"), Stopped),
    "deactivated": (Fault("403", description="Forbidden: user is deactivated"), Stopped),
    "chat gone": (Fault("400", description="Bad Request: chat not found"), Stopped),
    "group became supergroup": (
        Fault("400", description="Bad Request: group chat was upgraded to a supergroup chat"),
        Stopped,
    ),
    "refused": (Fault("400"), Rejected),
    "token revoked": (Fault("401"), AccountDown),
    "no answer, not done": (Fault("hang"), Unknown),
    "no answer, done": (Fault("hang_after"), Unknown),
    "cut, not done": (Fault("cut"), Unknown),
    "cut, done": (Fault("cut_after"), Unknown),
}


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    (tmp_path / "android").mkdir()
    (tmp_path / "android/step.png").write_bytes(PNG)
    (tmp_path / "android/step.ogg").write_bytes(OGG)
    return tmp_path


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_parcel_becomes_one_call(name: str, guides: Path) -> None:
    parcel, method, params, files = REQUESTS[name]
    async with telegram(guides) as kit:
        number = await kit.channel.send(kit.parcel(**parcel))
        [call] = kit.fake.called(method)
        assert (call.params, call.files) == (params, files)
        assert number == str(kit.fake.world.chat(42).messages[-1]["message_id"])


@pytest.mark.parametrize("name", FAULTS)
async def test_each_failure_says_what_happens_next(name: str, guides: Path) -> None:
    fault, expected = FAULTS[name]
    async with telegram(guides, answer_seconds=0.05) as kit:
        kit.fake.faults.append(fault)
        with pytest.raises(expected) as caught:
            await kit.channel.send(kit.parcel())
        assert type(caught.value) is expected
        assert bool(kit.fake.world.chat(42).texts) == fault.kind.endswith("_after")


class Maker:
    """Makes every document but the forbidden and the broken one."""

    async def build(self, paper: Paper) -> bytes:
        if paper.recipe == "gone":
            raise NoPaper
        if paper.recipe == "broken":
            raise RuntimeError("a fault in the report")
        return b"PK" + paper.recipe.encode()

    def opened(self, token: str) -> Paper | None:
        return None


async def test_a_document_is_made_and_goes_as_a_file(guides: Path) -> None:
    async with telegram(guides, papers=Maker()) as kit:
        await kit.channel.send(kit.parcel("Giấy mời", choices=TWO, paper=Paper("invites:unit:1:docx", "giay.docx", 1)))
        [call] = kit.fake.called("sendDocument")
        assert call.params == {"chat_id": "42", "caption": "Giấy mời", "reply_markup": TWO_ROWS}
        assert call.files == {"document": len(b"PKinvites:unit:1:docx")}


@pytest.mark.parametrize("recipe", ["gone", "broken"])
async def test_a_document_that_cannot_be_had_is_told_about(recipe: str, guides: Path) -> None:
    async with telegram(guides, papers=Maker()) as kit:
        paper = Paper(recipe, "giay.docx", 1, "Chưa làm được tệp này.")
        await kit.channel.send(kit.parcel("Giấy mời", choices=TWO, paper=paper))
        assert kit.fake.world.chat(42).texts == ["Chưa làm được tệp này."]
        assert kit.fake.called("sendMessage")[0].params["reply_markup"] == TWO_ROWS


async def test_a_limit_holds_back_one_chat_for_as_long_as_told(guides: Path) -> None:
    async with telegram(guides) as kit:
        kit.fake.faults.append(Fault("429", retry_after=31))
        with pytest.raises(Retry) as caught:
            await kit.channel.send(kit.parcel())
        assert (caught.value.after, caught.value.whole_account) == (31, False)


@pytest.mark.parametrize(("attempts", "after"), [(0, 1), (3, 8), (50, 60)])
async def test_where_nobody_listens_nothing_was_sent(attempts: int, after: float, guides: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    channel = a_channel(f"http://127.0.0.1:{port}", guides)
    house = House()
    await channel.start(house.take, house.spawn)
    with pytest.raises(Retry) as caught:
        await channel.send(Parcel(1, "telegram", "1", "42", "x", attempts=attempts))
    assert (caught.value.after, caught.value.whole_account) == (after, True)
    await channel.close()


async def test_after_close_nothing_is_sent(guides: Path) -> None:
    async with telegram(guides) as kit:
        await kit.channel.close()
        with pytest.raises(Retry):
            await kit.channel.send(kit.parcel())


async def test_a_text_too_long_or_a_key_too_long_is_our_fault(guides: Path) -> None:
    async with telegram(guides, spotless=False) as kit:
        for parcel in (kit.parcel("a" * 4097), kit.parcel(choices=choices(("k" * 65, "x"))), kit.parcel("")):
            with pytest.raises(Rejected):
                await kit.channel.send(parcel)
        assert len(kit.fake.violations) == 3


async def test_a_picture_goes_up_once(guides: Path) -> None:
    async with telegram(guides) as kit:
        await asyncio.gather(*(kit.channel.send(kit.parcel(media=picture())) for _ in range(10)))
        calls = kit.fake.called("sendPhoto")
        assert [call.files for call in calls] == [{"photo": len(PNG)}] + [{}] * 9
        assert {call.params.get("photo") for call in calls} == {None, *kit.fake.world.files}


async def test_a_changed_picture_goes_up_again(guides: Path) -> None:
    async with telegram(guides) as kit:
        await kit.channel.send(kit.parcel(media=picture()))
        (guides / "android/step.png").write_bytes(PNG + b"new")
        await kit.channel.send(kit.parcel(media=picture()))
        assert [call.files["photo"] for call in kit.fake.called("sendPhoto")] == [len(PNG), len(PNG) + 3]


async def test_a_picture_telegram_has_forgotten_goes_up_again(guides: Path) -> None:
    async with telegram(guides) as kit:
        await kit.channel.send(kit.parcel(media=picture()))
        kit.fake.world.files.clear()
        await kit.channel.send(kit.parcel(media=picture()))
        await kit.channel.send(kit.parcel(media=picture()))
        assert [len(call.files) for call in kit.fake.called("sendPhoto")] == [1, 0, 1, 0]
        assert len(kit.fake.world.chat(42).texts) == 3


@pytest.mark.parametrize("description", ["Bad Request: IMAGE_PROCESS_FAILED", "Bad Request: caption is too long"])
async def test_a_refused_picture_does_not_cost_the_words(description: str, guides: Path) -> None:
    async with telegram(guides) as kit:
        kit.fake.faults.append(Fault("400", "sendPhoto", description=description))
        await kit.channel.send(kit.parcel("Bước 1", media=picture()))
        assert kit.fake.world.chat(42).texts == ["Bước 1"]


async def test_a_missing_picture_is_told_in_words(guides: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with telegram(guides) as kit:
        await kit.channel.send(kit.parcel("", media=picture("android/gone.png", alt="Nút màu xanh")))
        assert kit.fake.world.chat(42).texts == ["Nút màu xanh"]
    assert [record.message for record in caplog.records] == ["telegram.media_missing"]


async def test_a_person_who_left_is_not_sent_the_words_either(guides: Path) -> None:
    async with telegram(guides) as kit:
        kit.fake.faults.append(Fault("400", "sendPhoto", description="Bad Request: chat not found"))
        with pytest.raises(Stopped):
            await kit.channel.send(kit.parcel(media=picture()))
        assert not kit.fake.called("sendMessage")


async def test_an_unanswered_upload_is_unknown(guides: Path) -> None:
    async with telegram(guides, answer_seconds=0.05) as kit:
        kit.fake.faults.append(Fault("hang_after", "sendPhoto"))
        with pytest.raises(Unknown):
            await kit.channel.send(kit.parcel(media=picture()))


async def test_the_old_keyboard_goes_once_the_answer_is_there(guides: Path) -> None:
    async with telegram(guides) as kit:
        old = await kit.channel.send(kit.parcel(choices=TWO))
        new = await kit.channel.send(kit.parcel(choices=TWO, clears=old))
        await kit.house.settle()
        assert list(kit.fake.world.chat(42).keyboards) == [int(new)]


async def test_the_old_keyboard_stays_where_no_answer_came(guides: Path) -> None:
    async with telegram(guides) as kit:
        old = await kit.channel.send(kit.parcel(choices=TWO))
        kit.fake.faults.append(Fault("500", "sendMessage"))
        with pytest.raises(Unknown):
            await kit.channel.send(kit.parcel(clears=old))
        await kit.house.settle()
        assert list(kit.fake.world.chat(42).keyboards) == [int(old)]


@pytest.mark.parametrize(
    ("fault", "records"),
    [
        (Fault("400", description="Bad Request: message is not modified"), []),
        (Fault("400", description="Bad Request: message to edit not found"), []),
        (Fault("400", description="Bad Request: message can't be edited"), []),
        (Fault("502"), ["telegram.comfort_failed"]),
        (Fault("429"), ["telegram.comfort_failed"]),
    ],
)
async def test_a_keyboard_that_will_not_go_hurts_nobody(
    fault: Fault, records: list[str], guides: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with telegram(guides) as kit:
        fault.method = "editMessageReplyMarkup"
        kit.fake.faults.append(fault)
        await kit.channel.send(kit.parcel(clears="1"))
        await kit.house.settle()
    assert [record.message for record in caplog.records] == records


async def test_many_at_once_share_few_connections(guides: Path) -> None:
    async with telegram(guides) as kit:
        numbers = await asyncio.gather(*(kit.channel.send(kit.parcel(f"{n}")) for n in range(100)))
        assert len(set(numbers)) == 100


def test_the_channel_says_what_it_can(guides: Path) -> None:
    channel = a_channel("http://127.0.0.1:1", guides)
    assert (channel.name, channel.accounts, channel.hooks()) == ("telegram", ("123",), ())
    assert (channel.capabilities.buttons, channel.capabilities.max_text) == (100, 4096)
    channel.settled(Parcel(1, "telegram", "123", "42", "x"))
