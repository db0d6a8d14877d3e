"""One process a database file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.lock import InUse, hold

PROGRAM = "import sys; from storage.lock import hold\nwith hold(sys.argv[1]): print('held')"


def other_process(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PROGRAM, url], capture_output=True, text=True, check=False)


def test_a_second_process_is_turned_away_in_plain_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with hold(url):
        assert "already running" in other_process(url).stderr
        with pytest.raises(InUse, match=r"x\.db"), hold(url):
            pass
    assert other_process(url).stdout == "held\n"


@pytest.mark.parametrize("url", ["sqlite://", "postgresql://somebody@example.invalid/camtay"])
def test_what_needs_no_lock_has_none(url: str) -> None:
    with hold(url), hold(url):
        pass
