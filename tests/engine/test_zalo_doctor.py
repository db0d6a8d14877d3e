"""`camtay doctor zalo` against the strict fake: what it learns, what it keeps, and what it leaves behind."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.channels.zalo_bot_account import PATH
from bot.channels.zalo_bot_inbox import events, read
from bot.channels.zalo_bot_token import Token
from bot.core.messages import Kind
from bot.settings import Settings
from bot.zalo_doctor.visit import Waits
from storage.lock import hold
from tests.channels.test_zalo_bot_secrets import assert_hidden, listening
from tests.engine.zalo_doctor_kit import ELDER, LAN, SAID, SECRET, Kit, doctor, free_port, row
from tests.fakes.zalo_bot import Fault, Modes


def assert_nobody_in(kit: Kit, shown: str) -> None:
    assert_hidden(kit.bot.token, shown)
    people = {LAN, ELDER, SAID, SECRET, kit.bot.id, kit.bot.name, kit.bot.person(LAN), kit.bot.person(ELDER)}
    people |= {"0912345678", "abc.jpg", Token(kit.bot.token).hook_id}
    assert [one for one in people if one in shown] == []


USUAL: dict[str, tuple[str, str]] = {
    "Loại bot": ("BASIC", "đúng"),
    "Mã HTTP khi Zalo nói không": ("200", "đúng"),
    "Hỏi mà không có tin thì đáp": ("ok=false, mã 408", "đúng"),
    "Tin chữ đến là": ("message.text.received", "đúng"),
    "Địa chỉ ảnh nằm ở": ("photo_url", "đúng"),
    "Vị trí đến là": ("message.unsupported.received", "đúng"),
    "Tin nhắn lúc máy không nghe thì": ("còn", "KHÁC"),
    "2.000 chữ được đếm bằng": ("đơn vị UTF-16", "đúng"),
    "Hình của bài gửi đi thì": ("hiện", "đúng"),
    "Chữ to thì": ("to hơn", "đúng"),
    "Gửi cho người đã chặn bot thì": ("mã 400", "đúng"),
    "Cầm Tay hiểu lời ấy là": ("ngừng gửi cho người ấy", "đúng"),
    "Zalo gọi thử webhook thì": ("webhook.ok", "đúng"),
    "Thân webhook": ("phẳng", "đúng"),
    "Webhook đáp lỗi 500 thì Zalo": ("không gửi lại", "đúng"),
    "Lời bác cao tuổi nhắn": ("bị che (unsupported)", "KHÁC"),
}
OTHER = {
    "Mã HTTP khi Zalo nói không": ("408", "KHÁC"),
    "Địa chỉ ảnh nằm ở": ("photo", "KHÁC"),
    "Tin nhắn lúc máy không nghe thì": ("mất", "đúng"),
    "Gửi cho người đã chặn bot thì": ("mã 403", "đúng"),
    "Thân webhook": ("bọc trong result", "KHÁC"),
    "Webhook đáp lỗi 500 thì Zalo": ("gửi lại sau 0 giây", "KHÁC"),
}


@pytest.mark.parametrize(
    ("modes", "learnt"),
    [
        (Modes(fetches=True), USUAL),
        (
            Modes(
                real_status=True, live_only=True, wrapped=True, photo_key="photo", stranger_code=403, redeliver=1,
                no_webhook_is_404=False,
            ),
            USUAL | OTHER,
        ),
    ],
    ids=["queue, flat, always 200", "live only, wrapped, real status"],
)  # fmt: skip
async def test_all_is_learnt_and_nobody_is_in_what_is_kept(
    tmp_path: Path, modes: Modes, learnt: dict[str, tuple[str, str]]
) -> None:
    with listening() as ear:
        async with doctor(tmp_path, modes) as kit:
            report = await kit.examine()
    found = {question: (row(report, question)[0], row(report, question)[2]) for question in learnt}
    assert found == learnt
    assert kit.bot.webhook == {}
    assert kit.files["bao-cao.md"] == report
    assert_nobody_in(kit, "\n".join([kit.phone.screen, *kit.files.values()]))
    assert_hidden(kit.bot.token, "\n".join(ear.heard))
    assert {stat.S_IMODE(file.stat().st_mode) for file in kit.data.rglob("*.*") if file.is_file()} == {0o600}


async def test_what_is_kept_is_a_fixture(tmp_path: Path) -> None:
    async with doctor(tmp_path, Modes(wrapped=True)) as kit:
        await kit.examine("kinds", "hook", "large")
    kinds = {name: kit.stored(name) for name in ("text", "photo", "voice", "sticker", "location", "webhook")}
    incoming = [read(events(one["body"])[0], "7") for one in kinds.values()]
    assert all(one is not None for one in incoming)
    assert [one.kind for one in incoming if one] == [
        *(Kind.TEXT, Kind.PHOTO, Kind.VOICE, Kind.STICKER, Kind.UNSUPPORTED, Kind.TEXT)
    ]
    assert len({one.chat for one in incoming if one}) == 1
    assert len({one.message for one in incoming if one}) == len(incoming)
    message = kinds["photo"]["body"]["result"]["message"]
    assert message["photo_url"] == "https://photo-example.zdn.vn/….jpg"
    assert kinds["text"]["body"]["result"]["message"]["text"].startswith("Xin chào")
    assert kinds["location"]["body"]["result"]["message"]["lat"] == 0
    assert kit.stored("large")["params"]["chat_id"] == message["chat"]["id"]
    assert kinds["webhook"]["headers"]["X-Bot-Api-Secret-Token"] == "***"
    assert kit.bot.inject(kinds["text"]["body"]["result"])


async def test_a_webhook_of_ours_is_put_back_also_after_ctrl_c(tmp_path: Path) -> None:
    async with doctor(tmp_path, Modes(), silent=True) as kit:
        url = f"{kit.settings.public_url}{PATH}/{Token(kit.bot.token).hook_id}"
        kit.bot.webhook = {"url": url, "secret_token": SECRET, "updated_at": 5}
        kit.phone.interrupts = lambda text: "đúng dòng này" in text or "Ctrl-C lần nữa" in text
        report = await kit.examine("me", "kinds", "elder")
        assert (kit.bot.webhook["url"], kit.bot.webhook["secret_token"]) == (url, SECRET)
    assert "dừng giữa chừng" in report
    assert row(report, "Loại bot")[0] == "BASIC"
    assert "Webhook đã như lúc đầu" in kit.phone.screen
    assert "bao-cao.md" in kit.files


async def test_one_ctrl_c_ends_one_step_only(tmp_path: Path) -> None:
    async with doctor(tmp_path, Modes()) as kit:
        kit.phone.interrupts = lambda text: "một ảnh" in text
        report = await kit.examine("kinds", "large")
    assert row(report, "Tin chữ đến là")[0] == "message.text.received"
    assert row(report, "Chữ to thì")[0] == "to hơn"


@pytest.mark.parametrize(("typed", "left"), [("k", True), ("c", False)])
async def test_a_webhook_of_somebody_else_goes_only_with_their_word(tmp_path: Path, typed: str, *, left: bool) -> None:
    there = {"url": "https://noi-khac.example/hook/abc", "secret_token": "x" * 8, "updated_at": 5}
    async with doctor(tmp_path, Modes(), silent=True, typed=typed) as kit:
        kit.bot.webhook = dict(there)
        report = await kit.examine("me", "idle", "hook", "elder")
        assert bool(kit.bot.webhook) is left
    assert ("bot đang có webhook của nơi khác" in report) is left
    assert ("phải đặt lại bằng tay" in kit.phone.screen) is True
    assert "hook/abc" not in kit.phone.screen + "".join(kit.files.values())


async def test_without_a_public_address_or_a_phone_the_reasons_are_told(tmp_path: Path) -> None:
    async with doctor(tmp_path, Modes(), public=False, silent=True, typed="") as kit:
        report = await kit.examine("kinds", "photo", "hook", asks=True, waits=Waits(1, 0.1, 0.1, 0.1, 0.02))
    assert "chưa thấy điện thoại nhắn tới" in report
    assert "chưa đặt PUBLIC_URL" in report
    assert row(report, "Thân webhook")[0] == "chưa biết"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("401", times=9, description="bad {path}"), "Zalo không nhận mã bot"),
        (Fault("page", times=99), "không phải JSON, HTTP 502"),
        (Fault("reset", times=99), "Zalo đáp mã 0"),
    ],
    ids=lambda one: one.kind if isinstance(one, Fault) else "",
)
async def test_trouble_is_told_and_gives_no_token_away(tmp_path: Path, fault: Fault, told: str) -> None:
    async with doctor(tmp_path, Modes(), silent=True, public=False) as kit:
        kit.fake.faults.append(fault)
        report = await kit.examine("me", "idle")
    assert told in report
    assert_nobody_in(kit, "\n".join([kit.phone.screen, *kit.files.values()]))


@pytest.fixture
def _commune(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("CAMTAY_DATA", str(tmp_path))
    monkeypatch.setenv("ZALO_BOT_API_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ZALO_BOT_TOKENS", "12345689:abc-xyz,khong-phai-ma")


def typed(*words: str, **options: Any) -> Result:
    return CliRunner().invoke(main, ("doctor", "zalo", *words), **options)


@pytest.mark.usefixtures("_commune")
def test_the_command_refuses_kindly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "không đúng dạng" in typed("--bot", "2").output
    assert "chỉ có 2 bot" in typed("--bot", "3").output
    assert "Có 2 bot" in typed(input="9\n").output
    with hold(f"sqlite:///{tmp_path}/camtay.db"):
        running = typed("--bot", "1")
        assert running.exit_code == 1
        assert "đang chạy" in running.output
        assert "--anyway" in running.output
        anyway = typed("--bot", "1", "--anyway", "--yes", "--only", "me", input="")
        assert anyway.exit_code == 0, anyway.output
        assert "# Khám bot Zalo" in anyway.output
    monkeypatch.setenv("ZALO_BOT_TOKENS", "")
    assert "Chưa có mã bot Zalo" in typed().output


async def test_a_stored_body_looks_as_documented(tmp_path: Path) -> None:
    async with doctor(tmp_path, Modes()) as kit:
        await kit.examine("me")
    text = (Path(__file__).parents[2] / "docs" / "zalo.md").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith('{"what"'))
    assert set(json.loads(line)) == set(kit.stored("getMe"))
