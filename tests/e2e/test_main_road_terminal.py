"""The main road in the terminal: `camtay chat` on pipes, as a program would use it, and on a real terminal."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from contextlib import suppress
from pathlib import Path

import pytest

from bot.core.vietnamese import fold
from bot.settings import HERE
from tests.e2e.road_kit import DONE, HELLO, INSTALL, PREPARE

MEMBER_ROAD = [*HELLO[:3], ("Android", "Bài tiếp theo là"), *PREPARE, *INSTALL]


def spell(label: str, turn: int) -> str:
    """Every second time in words of the person's own."""
    return "xong roi" if label == DONE and turn % 2 else fold(label)


async def chat(folder: Path, role: str, stdin: int, stdout: int) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "bot", "chat", "--as", role,
        cwd=folder, env={**os.environ, "PYTHONPATH": str(HERE), "PYTHONUTF8": "1", "TELEGRAM_BOT_TOKEN": ""},
        stdin=stdin, stdout=stdout, stderr=STDOUT,
    )  # fmt: skip


async def test_the_lesson_to_the_end_and_then_the_end_of_input(tmp_path: Path) -> None:
    process = await chat(tmp_path, "member", PIPE, PIPE)
    lines = [spell(label, turn) for turn, (label, _) in enumerate(MEMBER_ROAD)]
    said, _ = await asyncio.wait_for(process.communicate("\n".join(lines).encode()), 30)
    text = said.decode()
    assert process.returncode == 0
    assert "Traceback" not in text
    places = [text.find(piece) for _, piece in MEMBER_ROAD]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(("key", "status"), [(b"\x04", 0), (b"", 1)], ids=["Ctrl-D", "Ctrl-C"])
async def test_on_a_real_terminal(tmp_path: Path, key: bytes, status: int) -> None:
    ours, theirs = pty.openpty()
    process = await chat(tmp_path, "newcomer", theirs, theirs)
    os.close(theirs)
    shown = await until(ours, "Bắt đầu")
    os.write(ours, b"1\n")
    shown += await until(ours, "Đồng ý")
    os.write(ours, key) if key else process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 10) == status
    with suppress(OSError):  # nothing more was written, and nobody holds the other end
        shown += os.read(ours, 4096).decode("utf-8", "ignore")
    os.close(ours)
    assert "Traceback" not in shown


async def until(terminal: int, text: str) -> str:
    """What the terminal shows until this text and the next prompt."""
    shown = ""
    async with asyncio.timeout(15):
        while not re.search(rf"{re.escape(text)}.*\n> $", shown, re.DOTALL):
            shown += (await asyncio.to_thread(os.read, terminal, 4096)).decode("utf-8", "ignore")
    return shown
