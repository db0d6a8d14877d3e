"""`camtay understand`: one line in, one JSON object out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from bot.__main__ import main

PEOPLE = '{"code": "NP01", "name": "Hoàng Văn Tư", "unit": "Thôn Nà Pán"}\n'


def lines(text: str, *words: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(main, ["understand", *words], input=text)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_each_line_gets_its_object() -> None:
    first, second, third = lines("xong roi chau\nquen mat khau so tay\n\n")
    assert list(first) == ["intent", "score", "sure", "second", "entities", "redacted"]
    assert (first["intent"], first["sure"]) == ("done", True)
    assert second["intent"] == "forgot_password"
    assert (third["intent"], third["redacted"]) == ("unclear", "")


def test_what_was_offered_can_be_chosen() -> None:
    [found] = lines("so 2", "--offered", "Làm được rồi|Chưa được")
    assert (found["intent"], found["entities"]) == ("choice", {"choice": 2})


def test_a_secret_is_gone_and_the_meaning_stays() -> None:
    [found] = lines("mk la hoa1955 ma bao sai, quen roi\n")
    assert "hoa1955" not in found["redacted"]
    assert "[đã xóa]" in found["redacted"]
    assert found["intent"] == "forgot_password"


def test_people_and_line_breaks(tmp_path: Path) -> None:
    roster = tmp_path / "people.jsonl"
    roster.write_text(PEOPLE, encoding="utf-8")
    [found] = lines("danh sach:\\n- ong Tu: cai duoc\\n", "--role", "helper", "--people", str(roster))
    assert found["intent"] == "report_result"
    assert found["entities"] == {"people": [{"code": "NP01", "status": "DA_CAI"}]}
    assert found["redacted"] == "danh sach:\\n- ong Tu: cai duoc\\n"


def test_a_roster_that_is_none_is_refused(tmp_path: Path) -> None:
    roster = tmp_path / "people.jsonl"
    roster.write_text("[1]\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["understand", "--people", str(roster)], input="alo\n")
    assert done.exit_code == 1
    assert "JSON" in done.output
