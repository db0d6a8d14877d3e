"""SIGKILL at random moments, again and again: nothing is lost, nothing is doubled.

Members follow a script; each writes its next word once the bot has answered the last one. What the bot must
have said is worked out by the same engine, undisturbed, in memory. An extra copy is allowed only of a message
whose row says that its outcome was unknown.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, text

from bot.app import open_house
from bot.authoring.player import Player, desk_of
from bot.core.messages import Kind
from bot.settings import HERE
from storage.db_sqlite import connect, core
from storage.schema import metadata
from tests.fakes.telegram import FakeTelegram

MEMBERS = 12
WORDS = ("1", "1", "1", "1", "xong roi", "quay lai", "/menu", "cam on")
SCRIPT = 120


def scripts() -> dict[int, list[str]]:
    """What each member writes, the same in every run."""
    draw = Random(65)
    return {1000 + n: ["/start", *(draw.choice(WORDS) for _ in range(SCRIPT))] for n in range(MEMBERS)}


def expected(words: list[str]) -> list[list[str]]:
    """What the bot says to each of these words when nothing ever goes wrong."""
    raw = connect("")
    engine = core(raw)
    with engine.connect() as conn:
        metadata.create_all(conn)
        player = Player(conn, desk_of(open_house(HERE / "guides")))
        said = [player.do(Kind.START), *(player.say(word) for word in words[1:])]
    engine.dispose()
    raw.close()
    return [[message.text for message in replies] for replies in said]


class Bot:
    """The bot's successive lives, all on the same database."""

    def __init__(self, parent: asyncio.subprocess.Process) -> None:
        self._parent = parent

    async def tell(self, word: str) -> str:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{word}\n".encode())
        await self._parent.stdin.drain()
        return (await asyncio.wait_for(self._parent.stdout.readline(), 30)).decode().strip()


@asynccontextmanager
async def lives(fake: FakeTelegram, database: str, updates: str) -> AsyncIterator[Bot]:
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TELEGRAM", "CAMTAY_DATA"))},
        "TELEGRAM_BOT_TOKEN": fake.world.token,
        "TELEGRAM_API_URL": fake.url,
        "TELEGRAM_WEBHOOK_SECRET": "crash-secret",
        "DATABASE_URL": database,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "UPDATES": updates,
        "DEMO": "false",
    }
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.crash.lives", cwd=HERE, env=environment,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Bot(parent)
    finally:
        assert parent.stdin
        parent.stdin.close()
        await asyncio.wait_for(parent.wait(), 10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def crowd(fake: FakeTelegram, plans: dict[int, list[str]], answers: dict[int, list[list[str]]]) -> None:
    """Every member writes the next word when the answer to the last one has come."""

    async def member(chat: int) -> None:
        due = 0
        for word, said in zip(plans[chat], answers[chat], strict=True):
            fake.world.say(chat, word)
            due += len(said)
            await fake.until(partial(has_heard, fake, chat, due), 120)
            await asyncio.sleep(0.08)

    await asyncio.gather(*(member(chat) for chat in plans))


def has_heard(fake: FakeTelegram, chat: int, messages: int) -> bool:
    return len(fake.world.chat(chat).texts) >= messages


async def test_killed_two_hundred_times_nothing_is_lost_and_nothing_doubled(tmp_path: Path) -> None:
    """Two bots at once, one polling and one by webhook: what they do most of the time is starting."""
    await asyncio.gather(
        endure(f"sqlite:///{tmp_path}/polling.db", "polling", kills=100),
        endure(f"sqlite:///{tmp_path}/webhook.db", "webhook", kills=100),
    )


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_killed_on_postgresql(database_url: str) -> None:
    await endure(database_url, "polling", kills=20)


async def endure(database: str, updates: str, kills: int) -> None:
    """Kill the bot `kills` times while members talk to it, then let it finish, and compare."""
    draw = Random(kills)
    plans = scripts()
    answers = {chat: expected(words) for chat, words in plans.items()}
    async with FakeTelegram(strict=True) as fake, lives(fake, database, updates) as bot:
        talking = asyncio.ensure_future(crowd(fake, plans, answers))
        for _ in range(kills):
            await bot.tell("start")
            await asyncio.sleep(draw.uniform(0.05, 0.3))
            assert await bot.tell("kill") == "-9", "the bot ended by itself"
        await bot.tell("start")
        await asyncio.wait_for(talking, 60)
        await asyncio.sleep(0.3)
        assert await bot.tell("stop") == "0"
        compare(fake, answers, doubtful(database))
        assert fake.violations == []


def doubtful(database: str) -> Counter[tuple[int, str]]:
    """(chat, text) of the rows whose outcome was unknown: how many copies more are allowed, one a further try."""
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    query = "select c.key, o.body, o.attempts from outbox o join chat c on c.id = o.chat_id where o.doubtful"
    with engine.connect() as conn:
        rows = conn.execute(text(query)).fetchall()
        assert conn.execute(text("select count(*) from setaside")).scalar() == 0
        assert conn.execute(text("select count(*) from mishap")).scalar() == 0
        assert conn.execute(text("select count(*) from outbox where state <> 'sent'")).scalar() == 0
    engine.dispose()
    copies: Counter[tuple[int, str]] = Counter()
    for key, body, attempts in rows:
        copies[int(key), json.loads(body)["text"]] += attempts - 1
    return copies


def compare(fake: FakeTelegram, answers: dict[int, list[list[str]]], allowed: Counter[tuple[int, str]]) -> None:
    """Each chat got what it should have, in order; a copy only of what was doubtful."""
    for chat in answers:
        got = list(fake.world.chat(chat).texts)
        wanted = [text for said in answers[chat] for text in said]
        kept: list[str] = []
        for said in got:
            if len(kept) < len(wanted) and said == wanted[len(kept)]:
                kept.append(said)
            else:
                assert allowed[chat, said] > 0, f"doubled or out of order in chat {chat}: {said!r}"
                allowed[chat, said] -= 1
        assert kept == wanted, f"lost in chat {chat}"
