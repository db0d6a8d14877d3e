"""`camtay invite`, as typed at a terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.settings import HERE
from tests.engine.test_admin import _commune, camtay
from tests.fakes.telegram import FakeTelegram

__all__ = ["_commune"]


def test_sheets_are_written_where_they_are_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://xa.example/")
    camtay("add-unit", "NAPAN", "Thôn Nà Pán")
    camtay("add-person", "Hoàng Thị Hiền", "--unit", "NAPAN")
    camtay("add-person", "Hoàng Văn Hùng", "--unit", "NAPAN", "--role", "helper")
    words = ("--out", str(tmp_path / "giay"), "--format", "html")
    for chosen, name, said in (
        (("--unit", "napan"), "giay-moi-NAPAN", "thôn Nà Pán"),
        (("--all",), "giay-moi-ca-xa", "NAPAN"),
        (("--unit", "NAPAN", "--each"), "giay-rieng-NAPAN", "Hoàng Thị Hiền"),
        (("--role", "helper"), "giay-rieng-helper", "Hoàng Văn Hùng"),
        (("--person", "np01"), "giay-rieng-NP01", "Hoàng Thị Hiền"),
    ):
        done = camtay("invite", *chosen, *words)
        assert done.exit_code == 0, done.output
        assert f"{name}.html" in done.output
        page = (tmp_path / "giay" / f"{name}.html").read_text(encoding="utf-8")
        assert said in page
    assert camtay("invite", "--unit", "NAPAN", "--out", str(tmp_path)).exit_code == 0
    assert (tmp_path / "giay-moi-NAPAN.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Chọn đúng một"),
        (("--all", "--unit", "NAPAN"), "Chọn đúng một"),
        (("--all", "--each"), "Chọn đúng một"),
        (("--unit", "KHONGCO"), "Chưa có đơn vị"),
        (("--person", "KHONGCO"), "Chưa có người"),
        (("--role", "party"), "Không có ai để mời"),
        (("--all",), "Không có ai để mời"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(words: tuple[str, ...], told: str) -> None:
    result = camtay("invite", *words)
    assert result.exit_code == 1
    assert told in result.output


def test_without_the_bots_name_no_sheet_goes_to_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", FakeTelegram().world.token)
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:1")
    camtay("add-unit", "NAPAN", "Thôn Nà Pán")
    refused = camtay("invite", "--all")
    assert refused.exit_code == 1
    assert "Chưa hỏi được tên bot" in refused.output


def test_the_zalo_bots_that_the_commune_names_get_the_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guides = Path(shutil.copytree(HERE / "guides", tmp_path / "guides"))
    commune = (guides / "commune.yaml").read_text(encoding="utf-8").replace("users_cap: 50", "users_cap: 1")
    monkeypatch.setenv("CAMTAY_GUIDES", str(guides))
    monkeypatch.setenv("ZALO_BOT_TOKENS", "1:aaaa,2:bbbb")
    monkeypatch.setenv("PUBLIC_URL", "https://xa.example")
    camtay("add-unit", "NAPAN", "Thôn Nà Pán")
    for name in ("Hoàng Thị Hiền", "Hoàng Văn Hùng", "Nông Thị Lan"):
        camtay("add-person", name, "--unit", "NAPAN")
    words = ("invite", "--unit", "NAPAN", "--each", "--out", str(tmp_path), "--format", "html")
    (guides / "commune.yaml").write_text(commune, encoding="utf-8")
    assert "ghi tên từng bot" in camtay(*words).output
    named = "zalo_bots: {'1': {name: 'Bot Một'}, '2': {name: 'Bot Hai'}}"
    (guides / "commune.yaml").write_text(commune.replace("zalo_bots: {}", named), encoding="utf-8")
    done = camtay(*words)
    assert done.exit_code == 0, done.output
    assert "1 giấy không in Zalo" in done.output
    sheets = (tmp_path / "giay-rieng-NAPAN.html").read_text(encoding="utf-8").split("<article")[1:]
    assert ["Bot Một" in sheet for sheet in sheets] == [True, False, False]
    assert ["Bot Hai" in sheet for sheet in sheets] == [False, True, False]
