"""The terminal: the whole engine, with a person's lines scripted."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bot.__main__ import main


def talk(role: str, *lines: str) -> str:
    result = CliRunner().invoke(main, ["chat", "--as", role], input="".join(f"{line}\n" for line in lines))
    assert result.exit_code == 0, result.output
    return result.output


def test_a_newcomer_gets_to_the_first_step() -> None:
    said = talk("newcomer", "", "1", "dong y", "bac", "android", "de sau", "1", "bat dau", "[nhãn]", "[ảnh]")
    for words in ("Cầm Tay, trợ lý của", "có đồng ý không", "Bước 1 trong", "1. Làm được rồi", "không giữ ảnh"):
        assert words in said


@pytest.mark.parametrize("role", ["member", "helper", "leader"])
def test_a_role_is_greeted(role: str) -> None:
    assert "Cầm Tay" in talk(role)


def test_an_unknown_role_is_told_which_there_are() -> None:
    result = CliRunner().invoke(main, ["chat", "--as", "vua"])
    assert result.exit_code == 1
    assert "newcomer, member, helper" in result.output
