"""The world behind the fake Telegram: people, chats, messages, files, and updates that wait for the bot."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram_rules import Files, Params

Update = dict[str, Any]


class ApiError(Exception):
    """The answer `{"ok": false}` with a code, a description and perhaps a time to wait."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


@dataclass
class Chat:
    """One conversation. `messages` holds both sides, as Telegram's Message objects."""

    id: int
    type: str = "private"
    blocked: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def said_by_bot(self) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["from"]["is_bot"]]

    @property
    def texts(self) -> list[str]:
        """What the bot said here, captions too, oldest first."""
        return [message.get("text", message.get("caption", "")) for message in self.said_by_bot]

    @property
    def keyboards(self) -> dict[int, dict[str, str]]:
        """The buttons that can still be tapped: message id -> {key: label}."""
        return {message["message_id"]: buttons for message in self.messages if (buttons := _buttons(message))}

    def card(self) -> dict[str, Any]:
        name = {"first_name": f"Người {self.id}"} if self.type == "private" else {"title": f"Nhóm {-self.id}"}
        return {"id": self.id, "type": self.type} | name


@dataclass
class World:
    """Everything the fake remembers. The methods without underscore are what people do."""

    token: str = "7770001:FAKE-token_of-the-local-server0000"
    username: str = "camtay_test_bot"
    chats: dict[int, Chat] = field(default_factory=dict)
    updates: dict[int, Update] = field(default_factory=dict)  # waiting, by update_id
    files: dict[str, str] = field(default_factory=dict)  # file_id -> photo | voice
    commands: list[dict[str, str]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    allowed: list[str] = field(default_factory=list)
    taps: dict[str, bool] = field(default_factory=dict)  # callback id -> answered
    on_update: Callable[[Update], None] = lambda _update: None

    def __post_init__(self) -> None:
        self.me = {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Cầm Tay",
            "username": self.username,
        }
        self._update_ids = itertools.count(100_000)
        self._message_ids = itertools.count(1)
        self._others = itertools.count(1)

    def inject(self, update: Mapping[str, Any]) -> int:
        """Queue a raw update; it gets the next id unless it has one. Returns the id."""
        whole = {"update_id": next(self._update_ids), **update}
        if not self.allowed or any(name in self.allowed for name in whole):
            self.updates[whole["update_id"]] = whole
            self.on_update(whole)
        number: int = whole["update_id"]
        return number

    def say(self, chat: int, text: str) -> int:
        return self.show(chat, {"text": text})

    def start(self, chat: int, code: str = "") -> int:
        return self.say(chat, f"/start {code}".strip())

    def show(self, chat: int, content: Mapping[str, Any]) -> int:
        """A message with any content, such as {"voice": {...}}."""
        message = self._new_message(self.chat(chat), _person(chat), content)
        return self.inject({"message": message})

    def tap(self, chat: int, key: str, message: int | None = None) -> int:
        """Tap a button by its key or label: of the newest message that has it, or of the given one."""
        found = self.chat(chat)
        number, data = _find_button(found, key) if message is None else (message, key)
        tap = f"{chat}{next(self._others):08}"
        self.taps[tap] = False
        original = next(item for item in found.messages if item["message_id"] == number)
        query = {
            "id": tap,
            "from": _person(chat),
            "chat_instance": str(chat),
            "message": original,
            "data": data,
        }
        return self.inject({"callback_query": query})

    def block(self, chat: int) -> int:
        self.chat(chat).blocked = True
        return self._membership(chat, "member", "kicked")

    def unblock(self, chat: int) -> int:
        self.chat(chat).blocked = False
        return self._membership(chat, "kicked", "member")

    def chat(self, number: int) -> Chat:
        return self.chats.setdefault(number, Chat(number, "private" if number > 0 else "group"))

    def waiting(self, limit: int = 100) -> list[Update]:
        return list(itertools.islice(self.updates.values(), limit))

    def confirm(self, offset: int) -> None:
        """Forget what is below the offset; a negative one keeps only that many of the newest."""
        keep = set(list(self.updates)[offset:]) if offset < 0 else {key for key in self.updates if key >= offset}
        for key in [key for key in self.updates if key not in keep]:
            del self.updates[key]

    def answer(self, method: str, params: Params, files: Files) -> Any:
        """Do what a method says and return its result. `getUpdates` is the server's own affair."""
        return getattr(self, f"_do_{method}")(params, files)

    def _do_getMe(self, _params: Params, _files: Files) -> dict[str, Any]:
        return self.me | {"can_join_groups": True, "can_read_all_group_messages": False}

    def _do_setWebhook(self, params: Params, _files: Files) -> bool:
        self.webhook = dict(params) if params["url"] else {}
        self.allowed = list(params.get("allowed_updates", self.allowed))
        return True

    def _do_deleteWebhook(self, params: Params, _files: Files) -> bool:
        self.webhook = {}
        if params.get("drop_pending_updates"):
            self.updates.clear()
        return True

    def _do_getWebhookInfo(self, _params: Params, _files: Files) -> dict[str, Any]:
        shown = {"url": self.webhook.get("url", ""), "has_custom_certificate": False}
        return shown | {"pending_update_count": len(self.updates)}

    def _do_setMyCommands(self, params: Params, _files: Files) -> bool:
        self.commands = list(params["commands"])
        return True

    def _do_sendMessage(self, params: Params, _files: Files) -> dict[str, Any]:
        return self._post(params, {"text": params["text"]})

    def _do_sendPhoto(self, params: Params, files: Files) -> dict[str, Any]:
        file_id = self._keep("photo", params, files)
        small, whole = ({"file_unique_id": "p", "width": 90 * size, "height": 160 * size} for size in (1, 8))
        photo = [small | {"file_id": f"small-{file_id}"}, whole | {"file_id": file_id}]
        return self._post(params, {"photo": photo, **_caption(params)})

    def _do_sendVoice(self, params: Params, files: Files) -> dict[str, Any]:
        voice = {"file_id": self._keep("voice", params, files), "file_unique_id": "v", "duration": 3}
        return self._post(params, {"voice": voice, **_caption(params)})

    def _do_sendDocument(self, params: Params, files: Files) -> dict[str, Any]:
        document = {"file_id": self._keep("document", params, files), "file_unique_id": "d"}
        return self._post(params, {"document": document, **_caption(params)})

    def _do_editMessageReplyMarkup(self, params: Params, _files: Files) -> dict[str, Any]:
        chat = self._reachable(params)
        for message in chat.said_by_bot:
            if message["message_id"] == params["message_id"]:
                return _edited(message, params.get("reply_markup", {}))
        raise ApiError(400, "Bad Request: message to edit not found")

    def _do_answerCallbackQuery(self, params: Params, _files: Files) -> bool:
        if self.taps.get(params["callback_query_id"]) is not False:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.taps[params["callback_query_id"]] = True
        return True

    def _keep(self, kind: str, params: Params, files: Files) -> str:
        if kind in files:
            file_id = f"{kind}-{next(self._others)}"
            self.files[file_id] = kind
            return file_id
        file_id = str(params[kind])
        if self.files.get(file_id) != kind:
            raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
        return file_id

    def _post(self, params: Params, content: Mapping[str, Any]) -> dict[str, Any]:
        markup = {"reply_markup": params["reply_markup"]} if params.get("reply_markup") else {}
        return self._new_message(self._reachable(params), self.me, {**content, **markup})

    def _reachable(self, params: Params) -> Chat:
        written = str(params["chat_id"])
        chat = self.chats.get(int(written)) if written.lstrip("-").isdecimal() else None
        if chat is None:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _new_message(self, chat: Chat, sender: dict[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
        head = {
            "message_id": next(self._message_ids),
            "from": sender,
            "chat": chat.card(),
            "date": int(time.time()),
        }
        chat.messages.append(head | dict(content))
        return chat.messages[-1]

    def _membership(self, chat: int, old: str, new: str) -> int:
        change = {"chat": self.chat(chat).card(), "from": _person(chat), "date": int(time.time())}
        states = {
            f"{when}_chat_member": {"user": self.me, "status": state} for when, state in (("old", old), ("new", new))
        }
        return self.inject({"my_chat_member": change | states})


def _person(number: int) -> dict[str, Any]:
    return {"id": abs(number), "is_bot": False, "first_name": f"Người {abs(number)}"}


def _caption(params: Params) -> dict[str, Any]:
    return {"caption": params["caption"]} if params.get("caption") else {}


def _edited(message: dict[str, Any], markup: dict[str, Any]) -> dict[str, Any]:
    if message.get("reply_markup", {}) == markup:
        raise ApiError(400, "Bad Request: message is not modified")
    message.pop("reply_markup", None)
    if markup.get("inline_keyboard"):
        message["reply_markup"] = markup
    return message


def _buttons(message: Mapping[str, Any]) -> dict[str, str]:
    return {button["callback_data"]: button["text"] for button in _all_buttons(message) if "callback_data" in button}


def _all_buttons(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        yield from row


def _find_button(chat: Chat, wanted: str) -> tuple[int, str]:
    for number, buttons in reversed(chat.keyboards.items()):
        for key, label in buttons.items():
            if wanted in (key, label):
                return number, key
    raise LookupError(f"no button {wanted!r} in chat {chat.id}: {chat.keyboards}")
