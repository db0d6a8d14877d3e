"""The two Zalos as a person meets them: what one says, what one reads, and how one picks from what is offered."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot.app import Running, running
from bot.core.vietnamese import fold
from bot.demo.door import invite_for
from bot.settings import Settings
from tests.e2e.road_kit import Clock, Step, with_zalo_bot, with_zalo_oa
from tests.fakes.zalo_bot import FakeZaloBot, Modes
from tests.fakes.zalo_oa import FakeZaloOa, World
from tests.fakes.zalo_oa_world import buttons_of

MEMBER, HELPER = "Lan", "Hùng"
LONGEST = 1900
PATIENCE = 15.0
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_NUMBERED = re.compile(r"^\d\. (.+)$", re.MULTILINE)
_NUMBER_WORDS = ("một", "hai", "ba", "bốn", "năm")


class Zalo(ABC):
    """What both have in common. `ways` are how people there answer."""

    fake: FakeZaloBot | FakeZaloOa
    ways: ClassVar[tuple[str, ...]]

    @abstractmethod
    def texts(self, who: str) -> list[str]:
        """Everything said to this person, oldest first."""

    @abstractmethod
    def choices(self, who: str) -> list[str]:
        """What the newest message offers, in order."""

    @abstractmethod
    def say(self, who: str, text: str) -> object: ...

    @abstractmethod
    def hide(self, who: str) -> object:
        """Send something that Zalo does not pass on."""

    @abstractmethod
    async def opened(self, bot: Running) -> None:
        """Whatever has to be so before the bot can hear people."""

    @abstractmethod
    def go_on(self, seconds: float) -> None:
        """The same time passes at Zalo."""

    @abstractmethod
    def is_content(self) -> None:
        """Nothing the bot did was held against it."""

    @abstractmethod
    def pictures(self) -> int:
        """How many were shown, all of them really had from the bot."""

    def answer(self, who: str, label: str, way: str) -> None:
        """Pick this from what is offered."""
        number = self.choices(who).index(label)
        if way == "tap":
            self.tap(who, label)
            return
        said = {"digit": str(number + 1), "word": _NUMBER_WORDS[number], "plain": fold(label), "label": label}
        self.say(who, said[way])

    def tap(self, who: str, label: str) -> None:
        raise NotImplementedError


@dataclass
class OnBots(Zalo):
    """The Zalo Bot Platform: nothing to tap."""

    fake: FakeZaloBot
    ways: ClassVar[tuple[str, ...]] = ("digit", "word", "plain")

    def texts(self, who: str) -> list[str]:
        return self.fake.bots[0].chat(who).texts

    def choices(self, who: str) -> list[str]:
        return _NUMBERED.findall(self.texts(who)[-1])

    def say(self, who: str, text: str) -> object:
        return self.fake.bots[0].say(who, text)

    def hide(self, who: str) -> object:
        return self.fake.bots[0].unsupported(who)

    async def opened(self, bot: Running) -> None:
        first = self.fake.bots[0]
        await self.fake.until(lambda: first.polls or first.webhook)

    def go_on(self, seconds: float) -> None:
        self.fake.modes.ahead += seconds

    def is_content(self) -> None:
        sent = sum(len(chat.sent) for chat in self.fake.bots[0].chats.values())
        calls = [call for call in self.fake.calls if call.method.startswith("send") and call.method != "sendChatAction"]
        assert sent == len(calls), "something was refused"
        assert all(status == 200 for _, status in self.fake.pusher.pushes)
        assert not self.fake.bots[0].dropped

    def pictures(self) -> int:
        """The fake fetches each before it takes it."""
        return len(self.fake.called("sendPhoto"))


@dataclass
class OnOa(Zalo):
    """The Official Account: choices are tapped and typed."""

    fake: FakeZaloOa
    ways: ClassVar[tuple[str, ...]] = ("tap", "digit", "plain")

    def texts(self, who: str) -> list[str]:
        return self.fake.world.person(who).texts

    def choices(self, who: str) -> list[str]:
        return [button["title"] for button in buttons_of(self.fake.world.person(who).said[-1])]

    def say(self, who: str, text: str) -> object:
        return self.fake.do("say", user=who, text=text)

    def tap(self, who: str, label: str) -> None:
        self.fake.do("tap", user=who, title=label)

    def hide(self, who: str) -> object:
        return self.fake.do("show", user=who, kind="video", payload={})

    async def opened(self, bot: Running) -> None:
        self.fake.pusher.url = f"http://127.0.0.1:{bot.port}/hooks/zalo_oa"

    def go_on(self, seconds: float) -> None:
        """Its clock is the road's."""

    def is_content(self) -> None:
        said = sum(len(person.said) for person in self.fake.world.people.values())
        assert said == len(self.fake.called("/v3.0/oa/message/cs")), "something was refused"
        assert self.fake.pusher.complaints == []

    def pictures(self) -> int:
        return sum("attachment_id" in str(message) for one in self.fake.world.people.values() for message in one.said)


@dataclass
class Person:
    """Somebody with Zalo on the phone, and the bot on the other side."""

    name: str
    zalo: Zalo
    answered: int = 0

    @property
    def texts(self) -> list[str]:
        return self.zalo.texts(self.name)

    async def does(self, act: Callable[[], object], said: str) -> None:
        """After this exactly one more message was said, and it says so."""
        heard = len(self.texts)
        act()
        await self.hears(said, heard)
        assert len(self.texts) == heard + 1, self.texts[heard:]

    async def hears(self, said: str, heard: int = 0) -> None:
        try:
            await self.zalo.fake.until(lambda: len(self.texts) > heard and said in self.texts[-1], PATIENCE)
        except TimeoutError:
            raise AssertionError(f"not heard: {said!r}; the last was: {self.texts[heard:]}") from None

    async def says(self, text: str, said: str) -> None:
        await self.does(lambda: self.zalo.say(self.name, text), said)

    async def hides(self, said: str) -> None:
        await self.does(lambda: self.zalo.hide(self.name), said)

    async def walks(self, *road: Step) -> None:
        """Answer each question, every time in another way."""
        for label, said in road:
            way = self.zalo.ways[self.answered % len(self.zalo.ways)]
            self.answered += 1
            await self.does(lambda label=label, way=way: self.zalo.answer(self.name, label, way), said)  # type: ignore[misc]


@dataclass
class Road:
    """The bot can be stopped and started again on the way."""

    zalo: Zalo
    settings: Settings
    clock: Clock
    bot: Running | None = None

    def __post_init__(self) -> None:
        self.member, self.helper = Person(MEMBER, self.zalo), Person(HELPER, self.zalo)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Running]:
        async with running(self.settings, self.clock) as self.bot:
            await self.zalo.opened(self.bot)
            yield self.bot

    @property
    def running(self) -> Running:
        assert self.bot is not None, "open the road first"
        return self.bot

    async def invited(self, role: str) -> str:
        return await self.running.db.run(invite_for, role, self.clock())

    def sleep_until(self, hour: int) -> None:
        """A day and more goes by, here and at Zalo, until it is that hour in Lạng Sơn."""
        now = self.clock().astimezone(ZONE)
        morning = (now + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)
        seconds = (morning if morning > now + timedelta(days=1) else morning + timedelta(days=1)) - now
        self.clock.forward(seconds.total_seconds())
        self.zalo.go_on(seconds.total_seconds())

    def ring(self, job: str) -> None:
        """It is this job's hour."""
        self.running.alarm.modify_job(job, next_run_time=datetime.now(UTC))

    def is_tidy(self) -> None:
        self.zalo.is_content()
        for person in (self.member, self.helper):
            assert all(len(text) <= LONGEST for text in person.texts)


ROADS = ("polling", "webhook", "wrapped", "oa")


@asynccontextmanager
async def road(kind: str, database: Path) -> AsyncIterator[Road]:
    """The people of one Zalo and the whole bot, open; in the end nothing is held against it."""
    clock = Clock()
    if kind == "oa":
        async with FakeZaloOa(world=World(clock=clock)) as oa:
            yield Road(OnOa(oa), with_zalo_oa(oa, database), clock)
        return
    modes = Modes(fetches=True, wrapped=kind == "wrapped")
    async with FakeZaloBot(modes=modes) as bots:
        updates = "polling" if kind == "polling" else "webhook"
        yield Road(OnBots(bots), with_zalo_bot(bots, database, updates), clock)  # type: ignore[arg-type]
