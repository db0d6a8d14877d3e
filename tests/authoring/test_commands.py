"""The three commands as authors type them: what they print, what they write, how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main

Change = Callable[[str, str, str], Path]
Type = Callable[..., Result]


@pytest.fixture
def type_(guides: Path) -> Type:
    """Type a command, on the small good guides."""

    def typing(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--guides", str(guides)])

    return typing


def test_a_clean_check_ends_well(type_: Type) -> None:
    done = type_("check", "--no-explore")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1].startswith("0 lỗi")


def test_a_warning_does_not_fail_but_an_error_does(type_: Type, change: Change) -> None:
    change("bai-thu/guide.yaml", "label: Sai tên", "label: Tên sai")
    assert type_("check", "--no-explore").exit_code == 0
    change("bai-thu/guide.yaml", "label: Tên sai", "label: Quay lại")
    done = type_("check", "--no-explore")
    assert done.exit_code == 1
    assert "guides/bai-thu/guide.yaml:21: [G35-nut-co-dinh]" in done.output


def test_a_guide_that_cannot_be_read_is_told_and_nothing_is_walked(type_: Type, change: Change) -> None:
    change("bai-thu/guide.yaml", "title: Bài thử", "title: [")
    done = type_("check")
    assert done.exit_code == 1
    assert "Chưa đi thử trên bot." in done.output


def test_a_machine_reads_the_result_too(type_: Type, change: Change) -> None:
    change("bai-thu/guide.yaml", "label: Sai tên", "label: Tên sai")
    said = json.loads(type_("check", "--no-explore", "--json").output)
    mine = [finding for finding in said["findings"] if finding["file"].startswith("guides/")]
    assert said["errors"] == 0
    assert [(finding["rule"], finding["level"], finding["line"]) for finding in mine] == [
        ("G34-nut-khong-dong-tu", "warning", 21)
    ]


def test_the_rules_can_be_listed(type_: Type) -> None:
    lines = type_("check", "--rules").output.splitlines()
    assert len(lines) >= 80
    assert lines == sorted(lines)


def test_preview_writes_one_page(type_: Type, tmp_path: Path) -> None:
    out = tmp_path / "xem.html"
    assert type_("preview", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")
    assert type_("preview", str(out), "--form", "cau").exit_code == 2


def test_new_guide_says_where_it_is_and_refuses_kindly(type_: Type, guides: Path) -> None:
    assert str(guides / "doc-tin") in type_("new-guide", "doc-tin").output
    again = type_("new-guide", "doc-tin")
    assert again.exit_code == 1
    assert again.output.startswith("Error: Đã có thư mục")
