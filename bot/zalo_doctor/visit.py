"""One examination: the bot, the phone's conversation once it is known, and what has been learnt so far."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from bot.channels.zalo_bot_http import NO_NEWS
from bot.channels.zalo_bot_inbox import events
from bot.channels.zalo_bot_probe import Answer, Probe
from bot.channels.zalo_bot_probe_hook import Listener
from bot.zalo_doctor.folder import Folder
from bot.zalo_doctor.person import Person

Update = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds: of one poll, for a message, for an elder, for a repeated delivery, between two looks."""

    poll: int = 5
    message: float = 90.0
    elder: float = 180.0
    retry: float = 120.0
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """This machine as Zalo reaches it. `picture` is the path of one of the guides' pictures; `listener` None: `why`."""

    public_url: str = ""
    picture: str = ""
    listener: Listener | None = None
    why: str = "chưa đặt PUBLIC_URL trong .env"


class NotLearnt(Exception):
    """A step cannot go on; the text says why, for the report."""


@dataclass(slots=True)
class Visit:
    """`notes` are the findings by key of `assumed`; `strangers` counts messages of other people, which are lost."""

    probe: Probe
    person: Person
    folder: Folder
    place: Place = Place()
    waits: Waits = Waits()
    chat: str = ""
    notes: dict[str, str] = field(default_factory=dict)
    strangers: int = 0
    can_poll: bool = True
    _seen: set[str] = field(default_factory=set)

    def say(self, text: str) -> None:
        self.person.say(text)

    def note(self, key: str, finding: str) -> None:
        self.notes[key] = finding

    async def call(self, what: str, method: str, params: Mapping[str, object] | None = None) -> Answer:
        """One call, kept."""
        answer = await self.probe.call(method, params or {})
        self.folder.keep_answer(what, answer)
        return answer

    async def send(self, what: str, text: str, **more: object) -> Answer:
        """A message to the phone."""
        self.folder.blanker.own.add(text)
        return await self.call(what, "sendMessage", {"chat_id": self.chat, "text": text, **more})

    async def know_phone(self) -> None:
        """The phone shows itself by a number: nobody else's conversation may get what is sent here.

        Raises:
            NotLearnt: it does not.
        """
        if self.chat:
            return
        words = f"Xin chào {random.randint(1000, 9999)}"
        self.folder.blanker.own.add(words)
        self.say(f"Trên điện thoại, nhắn cho bot đúng dòng này: {words}\n{self.waiting(self.waits.message)}")
        found = await self.hear("text", self.waits.message, lambda update: words[-4:] in str(said(update)))
        if found is None:
            raise NotLearnt("chưa thấy điện thoại nhắn tới; có máy nào khác đang chạy cùng mã bot không?")
        self.chat = chat_of(found)
        self.note("kind_text", str(self.folder.blanker.clean(str(found.get("event_name")), "event_name")))
        self.say("Đã nhận ra điện thoại.")

    async def hear(self, what: str, seconds: float, wanted: Callable[[Update], bool]) -> Update | None:
        """The next wanted update, kept; None when it does not come or Enter is pressed.

        A poll under way is never cut off: what it brings would be lost.
        """
        if not self.can_poll:
            raise NotLearnt("bot đang có webhook của nơi khác, không hỏi tin được")
        ends = monotonic() + seconds
        self.person.wants_on()
        while monotonic() < ends and not self.person.wants_on():
            answer = await self.probe.call("getUpdates", {"timeout": self.waits.poll})
            if (found := self._wanted(answer, wanted)) is not None:
                self.note("poll", "danh sách" if isinstance(answer.result, list) else "một tin")
                self.folder.keep_answer(what, answer)
                return found
            if not answer.is_ok and answer.code != NO_NEWS:
                await asyncio.sleep(self.waits.pause)
        return None

    def mine(self, update: Update) -> bool:
        return chat_of(update) == self.chat

    def waiting(self, seconds: float) -> str:
        return f"(Đợi nhiều nhất {seconds:.0f} giây; bấm Enter để thôi đợi.)"

    def _wanted(self, answer: Answer, wanted: Callable[[Update], bool]) -> Update | None:
        found = None
        for update in events(answer.result) if answer.is_ok else ():
            assert isinstance(update, dict)
            if found is None and not self._is_repeated(update) and wanted(update):
                found = update
            elif chat_of(update) != self.chat:
                self.strangers += 1
        return found

    def _is_repeated(self, update: Update) -> bool:
        number = str(message_of(update).get("message_id", ""))
        known = number in self._seen
        self._seen.add(number)
        return known and bool(number)


def message_of(update: Update) -> Mapping[str, Any]:
    found = update.get("message")
    return found if isinstance(found, dict) else {}


def chat_of(update: Update) -> str:
    message = message_of(update)
    for owner in ("chat", "from"):
        found = message.get(owner)
        if isinstance(found, dict) and found.get("id"):
            return str(found["id"])
    return ""


def said(update: Update) -> object:
    return message_of(update).get("text")
