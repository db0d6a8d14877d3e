"""SIGKILL in the middle of many works: what was acknowledged is there afterwards."""

from __future__ import annotations

import subprocess
import sys

from storage import seen
from storage.db import Database
from tests.storage.conftest import NOW

# Twenty writers at once: every line it prints is a message whose work was acknowledged as durable.
PROGRAM = """
import asyncio, sys
from itertools import count
from storage import seen
from storage.db import Database
from tests.storage.conftest import NOW

numbers = count(int(sys.argv[2]))

async def write(db):
    for number in numbers:
        await db.run(seen.first_time, "web", "web", str(number), NOW)
        print(number, flush=True)

async def main():
    db = await Database.open(sys.argv[1])
    await asyncio.gather(*(write(db) for _ in range(20)))

asyncio.run(main())
"""


async def test_what_was_acknowledged_survives_a_kill(database_url: str) -> None:
    acknowledged = [number for life in range(2) for number in live_and_die(database_url, life)]
    db = await Database.open(database_url)
    assert len(acknowledged) > 400
    for number in acknowledged:
        assert not await db.run(seen.first_time, "web", "web", number, NOW), f"{number} was lost"
    await db.close()


def live_and_die(url: str, life: int) -> list[str]:
    """What a process acknowledged before it was killed in the middle of its work."""
    words = [sys.executable, "-c", PROGRAM, url, str(life * 1_000_000)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(201 + 37 * life)]
        process.kill()
        lines += process.stdout.readlines()
    return [line.strip() for line in lines if line.endswith("\n")]
