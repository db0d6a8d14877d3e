"""The commands of the commune's IT person, as typed at a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.settings import Settings


@pytest.fixture(autouse=True)
def _commune(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("CAMTAY_DATA", str(tmp_path))
    monkeypatch.setenv("DEMO", "false")


def camtay(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_a_commune_is_set_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Chưa có đơn vị nào" in camtay("units").output
    added = camtay("add-unit", "napan", "Thôn Nà Pán")
    assert added.exit_code == 0, added.output
    assert "http://127.0.0.1:8080/?ma=NAPAN" in added.output
    monkeypatch.setenv("PORT", "9000")
    helper = camtay("add-person", "Hoàng Văn Hùng", "--unit", "napan", "--role", "helper")
    assert "http://127.0.0.1:9000/?ma=" in helper.output
    monkeypatch.setenv("PUBLIC_URL", "https://xa.example/")
    assert "https://xa.example/?ma=" in camtay("add-person", "Nông Thị Lan", "--role", "office").output
    assert "NAPAN" in camtay("units").output
    assert "Không có trục trặc" in camtay("doctor").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add-person", "An", "--unit", "KHONGCO"), "Chưa có đơn vị"),
        (("add-unit", "Nà Pán", "Thôn Nà Pán"), "4 đến 16 chữ cái không dấu"),
        (("add-unit", "NP", "Thôn Nà Pán"), "4 đến 16"),
        (("add-unit", "CODE1", "a", "--kind", "huyen"), "huyen"),
        (("add-person", "An", "--role", "vua"), "vua"),
        (("add-person", "An", "--role", "secretary"), "bí thư cần --cell"),
        (("add-person", "An", "--role", "coordinator"), "cần --unit"),
        (("add-person", "An", "--cell", "KHONGCO"), "Chưa có chi bộ"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(words: tuple[str, ...], told: str) -> None:
    result = camtay(*words)
    assert result.exit_code != 0
    assert told in result.output
    assert "Traceback" not in result.output


def test_the_first_admin_is_made_here() -> None:
    made = camtay("add-person", "Vi Văn Sơn", "--role", "admin")
    assert made.exit_code == 0, made.output
    assert "Mã mời" in made.output


def test_a_code_is_given_once() -> None:
    camtay("add-unit", "NAPAN", "Thôn Nà Pán")
    again = camtay("add-unit", "napan", "Thôn Khác")
    assert again.exit_code == 1
    assert "Mã ấy đã có nơi khác dùng" in again.output


def test_real_people_never_enter_the_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEMO", "")
    for words in (("add-unit", "NAPAN", "Thôn Nà Pán"), ("add-person", "An")):
        refused = camtay(*words)
        assert refused.exit_code == 1
        assert "Đang là xã dùng thử" in refused.output
    assert not (tmp_path / "demo.db").exists()


def test_wrong_settings_stop_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    result = camtay("units")
    assert result.exit_code == 1
    assert "PORT: phải là một số" in result.output


def test_every_command_explains_itself() -> None:
    for name, command in main.commands.items():
        assert command.help, name
        assert camtay(name, "--help").exit_code == 0
