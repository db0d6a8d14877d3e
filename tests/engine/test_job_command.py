"""`camtay job NAME --at WHEN`: by hand, as if it were then, twice without harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main


@pytest.fixture
def camtay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("CAMTAY_DATA", str(tmp_path))
    monkeypatch.setenv("DEMO", "false")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return CliRunner()


def call(camtay: CliRunner, *words: str) -> Result:
    return camtay.invoke(main, ["job", *words])


def test_a_job_runs_as_if_it_were_another_time_and_twice_without_harm(camtay: CliRunner) -> None:
    for _ in range(2):
        done = call(camtay, "nudge", "--at", "2026-11-24T08:05")
        assert done.exit_code == 0, done.output
        assert "Đã chạy nudge như lúc 08:05 ngày 24/11/2026: đã nhắc 0, chưa nhắc được 0" in done.output
    assert "housekeeping" in call(camtay, "housekeeping").output


def test_a_wrong_name_or_time_says_what_would_be_right(camtay: CliRunner) -> None:
    wrong = call(camtay, "nhac")
    assert wrong.exit_code == 1
    assert "housekeeping, nudge, seats, untold" in wrong.output
    late = call(camtay, "nudge", "--at", "sáng mai")
    assert late.exit_code == 1
    assert "2026-11-24T07:30" in late.output
