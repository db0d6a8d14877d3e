"""An examination of the fake Zalo's bot by somebody with a phone, who does what the screen says."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.channels.zalo_bot_token import Token
from bot.settings import Settings
from bot.zalo_doctor.command import at_the_bot
from bot.zalo_doctor.examination import STEPS
from bot.zalo_doctor.visit import Waits
from tests.fakes.zalo_bot import Bot, FakeZaloBot, Modes

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
LAN, ELDER = "Nông Thị Lan", "Cụ Hoàng Văn Páo"
SAID = "Bác gửi cháu nhé, số của bác là 0912345678"
SECRET = "a-Secret_of-the-webhook!"
HASTY = Waits(poll=1, message=0.6, elder=0.6, retry=0.4, pause=0.02)


@dataclass
class Phone:
    """Answers "c" to every question, and does on the phone what is asked; `silent` does nothing."""

    bot: Bot
    silent: bool = False
    interrupts: Callable[[str], bool] = lambda _text: False
    typed: str | None = "c"
    shown: list[str] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def say(self, text: str) -> None:
        self.shown.append(text)
        if self.interrupts(text):
            self._interrupt()
        for words, act in self._acts().items():
            if words in text and not self.silent:
                task = asyncio.create_task(self._when_heard(act, text))
                self._tasks.add(task)

    async def ask(self, text: str) -> str | None:
        self.shown.append(text)
        if self.interrupts(text):
            self._interrupt()
        await asyncio.sleep(0)
        if self.silent:
            return self.typed
        if "hai tin chưa" in text:
            self.bot.say(LAN, "mot")
            self.bot.say(LAN, "hai")
        if "chặn chưa" in text:
            self.bot.chat(LAN).blocked = "bỏ chặn" not in text
        return self.typed

    def wants_on(self) -> bool:
        return False

    def at_last(self) -> None:
        self.interrupts = lambda _text: False

    @property
    def screen(self) -> str:
        return "\n".join(self.shown)

    def _acts(self) -> dict[str, Callable[[str], object]]:
        bot = self.bot
        return {
            "đúng dòng này: ": lambda text: bot.say(LAN, re.findall(r"Xin chào \d{4}", text)[0]),
            "một ảnh": lambda _: bot.photo(LAN, SAID),
            "một tin thoại": lambda _: bot.voice(LAN),
            "một nhãn dán": lambda _: bot.sticker(LAN),
            "đường link này": lambda _: bot.say(LAN, SAID),
            "một vị trí": lambda _: bot.show(LAN, "unsupported", {"lat": 22.7, "note": SAID}),
            "Nhắn cho bot: ": lambda _: bot.say(LAN, "thu webhook"),
            "bác cao tuổi nhắn": lambda _: bot.show(ELDER, "unsupported", {}),
        }

    async def _when_heard(self, act: Callable[[str], object], text: str) -> None:
        while not (self.bot.polls or self.bot.webhook):  # noqa: ASYNC110 (a poll opens without a word)
            await asyncio.sleep(0.005)
        act(text)

    @staticmethod
    def _interrupt() -> None:
        task = asyncio.current_task()
        assert task
        task.cancel()


@dataclass
class Kit:
    fake: FakeZaloBot
    phone: Phone
    data: Path
    settings: Settings

    @property
    def bot(self) -> Bot:
        return self.fake.bots[0]

    async def examine(self, *only: str, asks: bool = False, waits: Waits = HASTY) -> str:
        steps = [step for step in STEPS if not only or step.name in only]
        token = Token(self.bot.token)
        return await at_the_bot(self.settings, token, self.phone, steps, now=NOW, asks=asks, waits=waits)

    @property
    def files(self) -> dict[str, str]:
        return {file.name: file.read_text("utf-8") for file in sorted(self.data.rglob("*.*")) if file.is_file()}

    def stored(self, name: str) -> Any:
        return json.loads(next(text for file, text in self.files.items() if file.endswith(f"-{name}.json")))


@asynccontextmanager
async def doctor(tmp_path: Path, modes: Modes, *, public: bool = True, **options: Any) -> AsyncIterator[Kit]:
    modes.longest_poll = 0.03
    guides = tmp_path / "guides"
    (guides / "android").mkdir(parents=True)
    (guides / "android" / "and-1.png").write_bytes(b"\x89PNG")
    port = free_port()
    async with FakeZaloBot(modes=modes) as fake:
        settings = Settings(
            zalo_bot_tokens=SecretStr(fake.bots[0].token),
            zalo_bot_api_url=fake.url,
            zalo_bot_webhook_secret=SecretStr(SECRET),
            public_url=f"http://127.0.0.1:{port}" if public else "",
            port=port,
            camtay_guides=guides,
            camtay_data=tmp_path / "data",
        )
        yield Kit(fake, Phone(fake.bots[0], **options), tmp_path / "data", settings)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def row(report: str, question: str) -> Sequence[str]:
    """Finding, assumption and verdict of one line of the report's table."""
    line = next(line for line in report.splitlines() if line.startswith(f"| {question} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]
