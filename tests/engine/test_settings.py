"""Settings: read from the environment and `.env`, and everything wrong named at once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.settings import HERE, Settings, SettingsError, load


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting from whoever runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")


def write(text: str) -> None:
    Path(".env").write_text(text, encoding="utf-8")


def test_the_example_lists_exactly_the_settings_with_their_defaults() -> None:
    lines = (HERE / ".env.example").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^([A-Z_]+)=(.*)$", lines, re.MULTILINE))
    assert set(listed) == {name.upper() for name in Settings.model_fields}
    write(lines)
    assert load() == Settings(_env_file=None)


def test_every_setting_is_explained_in_the_example() -> None:
    lines = (HERE / ".env.example").read_text(encoding="utf-8")
    for paragraph in lines.strip().split("\n\n"):
        assert paragraph.startswith("#"), paragraph


def test_the_file_is_read_and_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    write('PORT=9000\nHOST="0.0.0.0"\nPUBLIC_URL=https://xa.example # của xã\nLOG_LEVEL=DEBUG\n')
    monkeypatch.setenv("PORT", "9001")
    found = load()
    assert (found.port, found.host, found.public_url, found.log_level) == (
        9001,
        "0.0.0.0",
        "https://xa.example",
        "DEBUG",
    )


def test_what_is_left_empty_is_the_default() -> None:
    write("\n".join(f"{name.upper()}=" for name in Settings.model_fields))
    assert load() == Settings(_env_file=None)


def test_everything_wrong_is_named_at_once() -> None:
    write(
        "PORT=nhiều\nUPDATES=webhook\nTELEGRAM_BOT_TOKEN=123456:abc\nTIMEZONE=Asia/Bac_Son\nDEMO=có\nLOG_LEVEL=ồn\n"
        "TELEGRAM_WEBHOOK_SECRET=có dấu\n"
    )
    with pytest.raises(SettingsError) as wrong:
        load()
    lines = str(wrong.value).splitlines()
    assert {line.split(":")[0] for line in lines} == {
        *("PORT", "UPDATES", "TIMEZONE", "DEMO", "LOG_LEVEL", "TELEGRAM_WEBHOOK_SECRET")
    }
    assert "PORT: phải là một số" in lines
    assert "UPDATES: webhook cần có PUBLIC_URL" in lines
    assert "123456:abc" not in str(wrong.value)


@pytest.mark.parametrize("zone", ["Asia/Bac_Son", "../etc/passwd", "Asia", "/etc/localtime"])
def test_an_unknown_zone_is_told_kindly(zone: str) -> None:
    write(f"TIMEZONE={zone}\n")
    with pytest.raises(SettingsError, match="TIMEZONE: chưa biết múi giờ"):
        load()


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_is_a_port(port: str) -> None:
    write(f"PORT={port}\n")
    with pytest.raises(SettingsError, match="PORT"):
        load()


def test_polling_needs_no_address_and_a_full_webhook_is_fine() -> None:
    write("TELEGRAM_BOT_TOKEN=123456:abc\n")
    assert load().updates == "polling"
    write("TELEGRAM_BOT_TOKEN=123456:abc\nUPDATES=webhook\nPUBLIC_URL=https://a.b\nTELEGRAM_WEBHOOK_SECRET=dai-lam\n")
    assert load().updates == "webhook"


def test_a_webhook_wants_the_secret_of_each_channel_that_is_on() -> None:
    write("ZALO_BOT_TOKENS=1:a, 2:b ,\nUPDATES=webhook\nPUBLIC_URL=https://a.b\nTELEGRAM_WEBHOOK_SECRET=dai-lam\n")
    with pytest.raises(SettingsError, match=r"^UPDATES: webhook cần có ZALO_BOT_WEBHOOK_SECRET$"):
        load()
    write("ZALO_BOT_TOKENS=1:a\nZALO_BOT_WEBHOOK_SECRET=ngắn\n")
    with pytest.raises(SettingsError, match="ZALO_BOT_WEBHOOK_SECRET: 8 đến 256"):
        load()


def test_an_official_account_wants_its_two_secrets() -> None:
    write("ZALO_OA_APP_ID=123\nZALO_OA_APP_SECRET=kin\n")
    with pytest.raises(SettingsError, match=r"^ZALO_OA_APP_ID: cần thêm ZALO_OA_SECRET_KEY$"):
        load()
    write("ZALO_OA_APP_ID=123\nZALO_OA_APP_SECRET=kin\nZALO_OA_SECRET_KEY=cung-kin\n")
    assert not load().is_demo


def test_several_zalo_bots_stand_in_one_setting() -> None:
    write("ZALO_BOT_TOKENS=1:mot, 2:hai ,\n")
    assert load().zalo_bots == ["1:mot", "2:hai"]
    assert {"1:mot", "2:hai", "mot", "hai"} <= set(load().secrets)
    assert not load().is_demo


def test_the_demo_is_what_there_is_without_a_token_and_has_a_file_of_its_own() -> None:
    assert load().is_demo
    assert load().database.endswith("demo.db")
    for lines in ("DEMO=false", "TELEGRAM_BOT_TOKEN=123456:abc"):
        write(f"{lines}\n")
        assert not load().is_demo
        assert load().database.endswith("camtay.db")


def test_no_secret_shows_itself() -> None:
    write("TELEGRAM_BOT_TOKEN=123456:abcdef\nDATABASE_URL=postgresql://xa:khong-doan-noi@may/csdl\n")
    found = load()
    assert "abcdef" not in repr(found)
    assert {"123456:abcdef", "khong-doan-noi"} == set(found.secrets)
    assert os.environ.get("TELEGRAM_BOT_TOKEN") is None
