"""The world behind the fake Zalo: bots, the people who write to them, groups, and what everybody said."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.fakes.zalo_bot_rules import ApiError, Modes, Params

Update = dict[str, Any]


def hex20(*words: object) -> str:
    """An id as Zalo makes them: 20 lower-case hex digits that mean nothing."""
    return sha256(repr(words).encode()).hexdigest()[:20]


@dataclass
class Chat:
    """One conversation with one bot. `sent` is what the bot said; `lost` what Zalo took and did not deliver."""

    id: str
    kind: str = "PRIVATE"
    blocked: bool = False
    sent: list[dict[str, Any]] = field(default_factory=list)
    lost: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """What the bot said here, captions too, oldest first."""
        return [message.get("text", message.get("caption", "")) for message in self.sent]


@dataclass
class Bot:
    """One bot and all who know it. The methods without underscore are what people do."""

    token: str
    id: str
    name: str
    modes: Modes
    arrives: Callable[[Bot, Update], None]
    chats: dict[str, Chat] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    queue: deque[Update] = field(default_factory=deque)
    dropped: list[Update] = field(default_factory=list)  # lost: nobody polled, or one person too many
    polls: int = 0  # open just now
    sent: int = 0  # this month
    webhook_tests: int = 0

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)

    def person(self, name: str) -> str:
        """Somebody's id: another one for each bot."""
        return hex20(self.id, name)

    def chat(self, name: str) -> Chat:
        """Somebody's conversation; it exists from their first message on."""
        return self.chats.setdefault(self.person(name), Chat(self.person(name)))

    def say(self, name: str, text: str) -> str:
        return self.show(name, "text", {"text": text})

    def photo(self, name: str, caption: str = "") -> str:
        address = "https://photo-example.zdn.vn/jpg/abc.jpg"
        return self.show(name, "image", {self.modes.photo_key: address, "caption": caption}, "CHAT_PHOTO")

    def voice(self, name: str) -> str:
        return self.show(name, "voice", {"voice_url": "https://voice-example.zdn.vn/a.aac"}, "CHAT_VOICE")

    def sticker(self, name: str) -> str:
        return self.show(name, "sticker", {"sticker": "bfe458bf64fa8da4d4eb", "url": "https://zalo.example/s"})

    def unsupported(self, name: str) -> str:
        return self.show(name, "unsupported", {})

    def mention(self, group: str, name: str, text: str) -> str:
        """In a group the bot hears only what mentions it; the mention stays in the text."""
        return self.show(name, "text", {"text": f"@{self.name} {text}"}, group=group)

    def show(self, name: str, event: str, content: dict[str, Any], kind: str = "", group: str = "") -> str:
        """A message with any content. Returns its id."""
        known = {"chat_type": "GROUP"} if group else {"chat_type": "PRIVATE"}
        person = self.person(name)
        sender = {"id": person, "is_bot": False} | ({"display_name": name} if self.modes.named else {})
        message = {
            "from": sender,
            "chat": {"id": self.person(group) if group else person, **known},
            **content,
            **({"message_type": kind} if kind else {}),
            "message_id": hex20(self.id, next(self._numbers)),
            "date": self._now(),
        }
        return self.inject({"event_name": f"message.{event}.received", "message": message})

    def inject(self, update: Update) -> str:
        """Any update. That of one person more than the bot may have comes to nothing."""
        message = update.get("message", {})
        chat = message.get("chat", {}) if isinstance(message, dict) else {}
        if not self._admit(str(chat.get("id", "")), str(chat.get("chat_type", ""))):
            self.dropped.append(update)
        else:
            self.arrives(self, update)
        return str(message.get("message_id", "")) if isinstance(message, dict) else ""

    def block(self, name: str) -> None:
        self.chat(name).blocked = True

    def _admit(self, chat: str, kind: str) -> bool:
        if not chat or chat in self.chats:
            return True
        people = sum(known.kind == "PRIVATE" for known in self.chats.values())
        if kind != "GROUP" and people >= self.modes.users_cap and self.modes.cap_drops:
            return False
        self.chats[chat] = Chat(chat, kind or "PRIVATE")
        return True

    def answer(self, method: str, params: Params) -> Any:
        """Do what a method says and return its result. Polls and webhooks are the server's own affair."""
        if method == "getMe":
            return {"id": self.id, "account_name": self.name, "account_type": "BASIC", "can_join_groups": False}
        chat = self._reachable(params["chat_id"])
        if method == "sendChatAction":
            return None
        if self.sent >= self.modes.quota:
            raise ApiError(429, "Quota exceeded")
        self.sent += 1
        message = {name: value for name, value in params.items() if name != "chat_id"}
        delivered = not (method == "sendVoice" and chat.kind == "GROUP")
        (chat.sent if delivered else chat.lost).append({"method": method, **message})
        result = {"message_id": hex20(self.id, "sent", next(self._numbers)), "date": self._now()}
        return result | ({"message_type": "CHAT_PHOTO"} if method == "sendPhoto" else {})

    def _now(self) -> int:
        return int((time.time() + self.modes.ahead) * 1000)

    def _reachable(self, chat_id: Any) -> Chat:
        """With which code and words Zalo refuses somebody who never wrote, or does not want to, is not known."""
        chat = self.chats.get(str(chat_id))
        if chat and not chat.blocked:
            return chat
        if self.modes.stranger_code == 403:
            raise ApiError(403, "Internal server error")
        words = "The user has blocked the bot" if chat else "The chat_id is invalid"
        raise ApiError(self.modes.stranger_code, f"Bad request: {words}")
