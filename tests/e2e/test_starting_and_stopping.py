"""`python -m bot run` from outside: how it starts, how it ends, and what it says when it cannot start."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from bot.app import open_house
from bot.outgoing import Desk
from bot.sender import Sender
from bot.settings import HERE
from bot.tasks import Supervisor
from storage.db import Database
from tests.e2e.road_kit import Clock, free_port

NOT_OURS = ("TELEGRAM", "ZALO", "CAMTAY", "DATABASE_URL", "DEMO", "PORT", "HOST", "PUBLIC_URL", "UPDATES")


def surroundings(database: Path, **more: str) -> dict[str, str]:
    """An environment in which nothing of this machine's own settings counts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    bare = {"TELEGRAM_BOT_TOKEN": "", "DEMO": "true", "PORT": "0", "DATABASE_URL": f"sqlite:///{database}"}
    return {**kept, **bare, "PYTHONPATH": str(HERE), "PYTHONUTF8": "1", **more}


@asynccontextmanager
async def bot(database: Path, *words: str, **more: str) -> AsyncIterator[Process]:
    """`camtay WORDS` in another folder; ended by its own id when the test forgot it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "bot", *words,
        cwd=database.parent, env=surroundings(database, **more), stdin=PIPE, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def address(process: Process) -> str:
    """The address that it prints once the page can be opened."""
    assert process.stdout is not None
    async with asyncio.timeout(20):
        while line := (await process.stdout.readline()).decode():
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                return found[0]
    raise AssertionError("it ended without telling an address")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_soon_and_cleanly_with_a_page_open(database: Path, how: signal.Signals) -> None:
    cookies = aiohttp.CookieJar(unsafe=True)  # 127.0.0.1 has no name
    async with bot(database, "run") as process, aiohttp.ClientSession(cookie_jar=cookies) as browser:
        base = await address(process)
        entered = await browser.post(f"{base}/demo/newcomer", headers={"Origin": base, "Sec-Fetch-Site": "same-origin"})
        async with browser.get(f"{entered.url}events", timeout=aiohttp.ClientTimeout(total=30)) as stream:
            assert stream.status == 200
            assert await stream.content.readline()
            process.send_signal(how)
            async with asyncio.timeout(2):
                said, complaints = await process.communicate()
        assert process.returncode == 0
        assert "Đã dừng. Mọi việc đã lưu." in said.decode()
        assert "Traceback" not in complaints.decode()


async def test_a_taken_port_is_told_clearly(database: Path) -> None:
    port = free_port()
    taken = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", port)
    async with taken, bot(database, "run", PORT=str(port)) as process:
        said, complaints = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert f"Cổng {port} đã có chương trình khác dùng" in complaints.decode()
    assert f"PORT={port + 1} python3 run.py" in complaints.decode()
    assert "Traceback" not in said.decode() + complaints.decode()


async def test_a_stop_that_comes_with_a_new_message_is_not_forgotten() -> None:
    """Python 3.11's wait_for swallows a cancellation in the very moment its event is set."""
    db = await Database.open("sqlite://")
    supervisor, clock = Supervisor(), Clock()
    sender = Sender(db, {}, clock, supervisor.spawn, Desk(open_house(HERE / "guides"), {}))
    task = asyncio.create_task(sender.run())
    await asyncio.sleep(0.05)
    sender.wake()
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=2)
    assert done
    await supervisor.stop()
    await db.close()
