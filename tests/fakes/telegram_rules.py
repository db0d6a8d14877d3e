"""What the fake Telegram refuses: everything the real one refuses, and a little more.

`violations(method, params, files)` lists in words all that is wrong with one call. The fields and their types
come from `telegram_schema.json`; the limits below are from the prose of the Bot API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_name("telegram_schema.json").read_text("utf-8"))

Params = Mapping[str, Any]
Files = Mapping[str, bytes]

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8")
_VOICES = (b"OggS", b"ID3", b"\xff\xfb")
_LOOPBACK = ("127.0.0.1", "localhost")


def violations(method: str, params: Params, files: Files) -> list[str]:
    if method not in SCHEMA["methods"]:
        return [f"no method {method}"]
    found = list(_fields(method, SCHEMA["methods"][method], {**files, **params}, files))
    return found or list(_limits(method, params, files))


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fields(where: str, table: Mapping[str, str], given: Params, files: Files) -> Iterator[str]:
    for name, value in given.items():
        if name not in table:
            yield f"{where} has no field {name}"
        elif not _fits(value, _types(table[name]), files, name):
            yield f"{where}.{name} is not {table[name].lstrip('!')}: {value!r:.80}"
        else:
            yield from _inside(value, _types(table[name]), f"{where}.{name}")
    yield from (f"{where}.{name} is missing" for name, type_ in table.items() if type_[0] == "!" and name not in given)


def _inside(value: Any, types: tuple[str, ...], where: str) -> Iterator[str]:
    """What is wrong inside an object or a list."""
    if isinstance(value, list):
        inner = tuple(type_.removeprefix("Array of ") for type_ in types)
        for number, item in enumerate(value):
            yield from _inside(item, inner, f"{where}[{number}]")
    elif isinstance(value, dict):
        table = SCHEMA["types"].get(next(iter(types)))
        yield from (_fields(where, table, value, {}) if table else [f"{where} is a {types[0]}, which we do not use"])


def _fits(value: Any, types: tuple[str, ...], files: Files, name: str) -> bool:
    return any(_fits_one(value, type_, files, name) for type_ in types)


def _fits_one(value: Any, type_: str, files: Files, name: str) -> bool:
    if type_.startswith("Array of "):
        inner = type_.removeprefix("Array of ")
        return isinstance(value, list) and all(_fits_one(item, inner, files, name) for item in value)
    check = _SIMPLE.get(type_)
    if check:
        return check(value)
    return name in files if type_ == "InputFile" else isinstance(value, dict)


_SIMPLE: dict[str, Callable[[Any], bool]] = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
}


@lru_cache(maxsize=256)
def _types(written: str) -> tuple[str, ...]:
    return tuple(written.lstrip("!").split("|"))


def _limits(method: str, params: Params, files: Files) -> Iterator[str]:
    for name, (low, high) in _LENGTHS.items():
        if name in params and not low <= utf16(params[name]) <= high:
            yield f"{method}.{name} has {utf16(params[name])} characters, not {low} to {high}"
    if "reply_markup" in params:
        yield from _keyboard(params["reply_markup"].get("inline_keyboard", []))
    yield from _SPECIAL.get(method, _nothing)(params, files)


_LENGTHS = {"text": (1, 4096), "caption": (0, 1024), "callback_query_id": (1, 64)}


def _keyboard(rows: list[list[dict[str, Any]]]) -> Iterator[str]:
    if any(not row for row in rows):
        yield "a keyboard has an empty row"
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100:
        yield f"a keyboard has {len(buttons)} buttons"
    for button in buttons:
        yield from _button(button)


def _button(button: Mapping[str, Any]) -> Iterator[str]:
    actions = set(button) - {"text", "style", "icon_custom_emoji_id"}
    if len(actions) != 1:
        yield f"a button does {len(actions)} things: {sorted(actions)}"
    if not button["text"].strip():
        yield "a button without words"
    if not 1 <= len(str(button.get("callback_data", "-")).encode()) <= 64:
        yield f"callback_data is not 1 to 64 bytes: {button['callback_data']!r}"


def _commands(params: Params, _files: Files) -> Iterator[str]:
    if len(params["commands"]) > 100:
        yield "more than 100 commands"
    for item in params["commands"]:
        if not _COMMAND.fullmatch(item["command"]):
            yield f"no command name: {item['command']!r}"
        if not 1 <= utf16(item["description"]) <= 256:
            yield f"the description of {item['command']} is not 1 to 256 characters"


def _webhook(params: Params, _files: Files) -> Iterator[str]:
    url = urlsplit(params["url"])
    if params["url"] and url.scheme != "https" and url.hostname not in _LOOPBACK:
        yield f"the webhook is not https: {params['url']}"
    if "secret_token" in params and not _SECRET.fullmatch(params["secret_token"]):
        yield "secret_token is not 1 to 256 of A-Z a-z 0-9 _ -"
    if not 1 <= params.get("max_connections", 40) <= 100:
        yield "max_connections is not 1 to 100"
    yield from _allowed(params)


def _updates(params: Params, _files: Files) -> Iterator[str]:
    if not 1 <= params.get("limit", 100) <= 100:
        yield "limit is not 1 to 100"
    if not 0 <= params.get("timeout", 0) <= 50:
        yield "timeout is not 0 to 50 s"
    yield from _allowed(params)


def _allowed(params: Params) -> Iterator[str]:
    unknown = set(params.get("allowed_updates", [])) - set(SCHEMA["updates"])
    yield from (f"no kind of update: {name}" for name in sorted(unknown))


def _edit(params: Params, _files: Files) -> Iterator[str]:
    if "inline_message_id" not in params and not {"chat_id", "message_id"} <= set(params):
        yield "editMessageReplyMarkup names no message"


def _picture(_params: Params, files: Files) -> Iterator[str]:
    if "photo" in files and not files["photo"].startswith(_PICTURES):
        yield "the photo is no picture"
    if len(files.get("photo", b"")) > 10 * 2**20:
        yield "the photo is over 10 MB"


def _voice(_params: Params, files: Files) -> Iterator[str]:
    content = files.get("voice", b"OggS")
    if not content.startswith(_VOICES) and content[4:8] != b"ftyp":
        yield "the voice is neither OGG, MP3 nor M4A"


def _document(_params: Params, files: Files) -> Iterator[str]:
    if not 0 < len(files.get("document", b"-")) <= 50 * 2**20:
        yield "the document is empty or over 50 MB"


def _nothing(_params: Params, _files: Files) -> Iterator[str]:
    return iter(())


_SPECIAL: dict[str, Callable[[Params, Files], Iterator[str]]] = {
    "setMyCommands": _commands,
    "setWebhook": _webhook,
    "getUpdates": _updates,
    "editMessageReplyMarkup": _edit,
    "sendPhoto": _picture,
    "sendVoice": _voice,
    "sendDocument": _document,
}
