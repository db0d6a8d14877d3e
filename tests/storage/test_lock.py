"""One process a database file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.lock import InUse, hold, is_held

PROGRAM = "import sys; from storage.lock import hold\nwith hold(sys.argv[1]): print('held')"


def other_process(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PROGRAM, url], capture_output=True, text=True, check=False)


def test_a_second_process_is_turned_away_in_plain_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with hold(url):
        assert "Đang có một Cầm Tay khác" in other_process(url).stderr
        with pytest.raises(InUse, match=r"x\.db"), hold(url):
            pass
    assert other_process(url).stdout == "held\n"


def test_whether_a_bot_works_here_is_asked_without_taking_its_place(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with hold(url):
        assert is_held(url)
    assert not is_held(url)


def test_what_is_in_memory_needs_no_lock() -> None:
    with hold("sqlite://") as first, hold("sqlite://") as second:
        assert (first, second) == (True, True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_several_bots_share_a_server_and_know_whether_they_are_alone(database_url: str) -> None:
    with hold(database_url) as first:
        with hold(database_url) as second:
            assert (first, second) == (True, False)
        assert is_held(database_url)
        with hold(database_url) as third:
            assert third is False
    with hold(database_url) as again:
        assert again is True
