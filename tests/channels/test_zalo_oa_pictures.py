"""Pictures go up once and then by their id; whatever is wrong with one, its words arrive."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.errors import AccountDown, Retry, SendError
from tests.channels.zalo_oa_kit import PNG, choices, picture, zalo_oa
from tests.fakes.zalo_oa import Fault

TWO = choices(("guide:done", "Đã xong"), ("help:call:and-3", "Nhờ người giúp"))
BUTTONS = [
    {"title": "Đã xong", "type": "oa.query.hide", "payload": "#guide:done"},
    {"title": "Nhờ người giúp", "type": "oa.query.hide", "payload": "#help:call:and-3"},
]


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    (tmp_path / "android").mkdir()
    (tmp_path / "android/step.png").write_bytes(PNG)
    return tmp_path


async def test_a_picture_goes_with_its_words_and_buttons_in_one_message(guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        await kit.channel.send(kit.parcel("Bước 1", media=picture(), choices=TWO))
        [attachment] = kit.fake.world.uploads
        element = {"media_type": "image", "attachment_id": attachment}
        payload = {"template_type": "media", "elements": [element], "buttons": BUTTONS}
        [message] = kit.fake.world.person("42").said
        assert message["text"] == "Bước 1"
        assert message["attachment"] == {"type": "template", "payload": payload}


async def test_a_picture_goes_up_once_in_six_days(guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        await asyncio.gather(*(kit.channel.send(kit.parcel(media=picture())) for _ in range(5)))
        assert len(kit.fake.world.uploads) == 1
        kit.fake.world.advance(timedelta(days=6).total_seconds())
        await kit.channel.send(kit.parcel(media=picture()))
        assert len(kit.fake.world.uploads) == 2
        (guides / "android/step.png").write_bytes(PNG + b"new")
        await kit.channel.send(kit.parcel(media=picture()))
        assert [upload.size for upload in kit.fake.world.uploads.values()] == [40, 40, 43]


async def test_a_picture_zalo_has_forgotten_goes_up_again_once(guides: Path) -> None:
    async with zalo_oa(guides) as kit:
        await kit.channel.send(kit.parcel(media=picture()))
        kit.fake.faults.append(Fault("code", "message", number=-100))
        await kit.channel.send(kit.parcel("Bước 1", media=picture()))
        assert len(kit.fake.world.uploads) == 2
        kit.fake.faults.append(Fault("code", "message", times=2, number=-100))
        await kit.channel.send(kit.parcel("Bước 2", media=picture()))
        assert kit.fake.world.person("42").texts[1:] == ["Bước 1", "Bước 2"]
        assert "attachment" not in kit.fake.world.person("42").said[-1]


async def test_an_upload_without_an_answer_is_simply_repeated(guides: Path) -> None:
    """Nobody was told anything yet."""
    async with zalo_oa(guides, answer_seconds=0.1) as kit:
        for kind in ("hang", "hang_after", "cut", "502", "503"):
            (guides / "android/step.png").write_bytes(PNG + kind.encode())
            kit.fake.faults.append(Fault(kind, "upload"))
            with pytest.raises(Retry):
                await kit.channel.send(kit.parcel(media=picture()))
            await kit.channel.send(kit.parcel(media=picture()))
        assert len(kit.fake.world.person("42").said) == 5


@pytest.mark.parametrize(("code", "expected"), [(-201, None), (-210, None), (-32, Retry), (-224, AccountDown)])
async def test_a_refused_upload_does_not_cost_the_words(
    code: int, expected: type[SendError] | None, guides: Path
) -> None:
    async with zalo_oa(guides) as kit:
        kit.fake.faults.append(Fault("code", "upload", number=code))
        if expected:
            with pytest.raises(expected):
                await kit.channel.send(kit.parcel("Bước 1", media=picture()))
        else:
            await kit.channel.send(kit.parcel("Bước 1", media=picture()))
            assert kit.fake.world.person("42").texts == ["Bước 1"]
