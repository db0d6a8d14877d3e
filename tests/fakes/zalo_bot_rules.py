"""What the fake Zalo refuses: everything the real one is known to refuse, and what a Telegram habit would send.

`check(method, params, modes)` raises the first complaint, in the order in which Zalo looks at the fields. The
wording of those marked (*) is invented; only that they are refused with 400 is known.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Params = Mapping[str, Any]


class ApiError(Exception):
    """The answer `{"ok": false}` with a code and a description."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass
class Modes:
    """Where sources disagree, or a test wants the worse case. All can be set over /control/settings."""

    strict: bool = True  # unknown parameters are refused
    real_status: bool = False  # the HTTP status is the error code, instead of 200
    live_only: bool = False  # what arrives while no poll is open is lost
    longest_poll: float = 120.0  # a poll waits no longer than this, whatever it asks for
    wrapped: bool = False  # a webhook's body is documented as {"ok", "result"}, and captured flat
    photo_key: str = "photo_url"  # captured; the documentation says "photo"
    named: bool = True  # senders have a display_name
    stranger_code: int = 400
    quota: int = 3000
    users_cap: int = 50
    cap_drops: bool = True  # the 51st person's messages vanish; otherwise all are let in
    burst: int = 0  # calls a second before the gateway refuses; 0: no limit
    no_webhook_is_404: bool = True
    verifies: bool = True  # setWebhook tries the address and tells how it went
    permits_local: bool = True  # http and 127.0.0.1, which the real one refuses
    webhook_tests: int = 5  # calls of testWebhook a day
    redeliver: int = 0  # how often a delivery is repeated that was not answered with 200
    fetches: bool = False  # pictures and voices are really fetched before they are accepted
    deny: list[str] = field(default_factory=lambda: ["upload.wikimedia.org"])
    latency: float = 0.0
    ahead: float = 0.0  # seconds that Zalo's clock is ahead of this machine's


FIELDS = {
    "getMe": (),
    "getUpdates": ("timeout",),
    "setWebhook": ("url", "secret_token"),
    "testWebhook": (),
    "deleteWebhook": (),
    "getWebhookInfo": (),
    "sendMessage": ("chat_id", "text", "parse_mode", "text_styles"),
    "sendPhoto": ("chat_id", "photo", "caption"),
    "sendSticker": ("chat_id", "sticker"),
    "sendVoice": ("chat_id", "voice_url"),
    "sendChatAction": ("chat_id", "action"),
}
STYLES = (
    *("b", "i", "u", "s", "f_13", "f_15", "f_18", "f_20", "lst_1", "lst_2"),
    *("c_050a19", "c_15a85f", "c_f7b503", "c_f27806", "c_db342e"),
    *(f"ind_{depth}" for depth in range(1, 6)),
)
LONGEST_TEXT = 2000


def check(method: str, params: Params, modes: Modes) -> None:
    """Raises: ApiError."""
    if method not in FIELDS:
        raise ApiError(404, "Not Found")
    unknown = sorted(set(params) - set(FIELDS[method])) if modes.strict else []
    if unknown:
        raise _bad(f"unknown parameter {', '.join(unknown)}")
    if "chat_id" in FIELDS[method] and not _filled(params.get("chat_id")):
        raise _bad("The chat_id must not be empty")
    if method in _CHECKS:
        _CHECKS[method](params, modes)


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _text(params: Params, _modes: Modes) -> None:
    text = params.get("text")
    if not _filled(text):
        raise _bad("The text must not be empty")  # (*)
    _length("text", text)
    if params.get("parse_mode") not in (None, "markdown", "html"):
        raise _bad("The parse_mode is invalid")  # (*)
    if "text_styles" in params:
        _styles(params["text_styles"], utf16(str(text)))


def _styles(styles: Any, length: int) -> None:
    """(*) throughout."""
    if not isinstance(styles, list):
        raise _bad("The text_styles must be a list")
    for style in styles:
        if not isinstance(style, dict) or set(style) != {"start", "len", "st"}:
            raise _bad("The text_styles are invalid")
        start, covered = style["start"], style["len"]
        inside = isinstance(start, int) and isinstance(covered, int) and start >= 0 and 0 < covered <= length - start
        if not inside or not set(style["st"]) <= set(STYLES):
            raise _bad("The text_styles are invalid")


def _photo(params: Params, modes: Modes) -> None:
    photo = params.get("photo")
    if not _filled(photo):
        raise _bad("The photo must not be empty")
    if not str(photo).startswith(("http://", "https://")):
        raise _bad("The photo must start with http:// or https://")
    if urlsplit(str(photo)).hostname in modes.deny:
        raise _bad("The photo URL is invalid")
    if "caption" in params:
        if not _filled(params["caption"]):
            raise _bad("The caption must not be empty")  # (*)
        _length("caption", params["caption"])


def _voice(params: Params, _modes: Modes) -> None:
    """(*)"""
    address = str(params.get("voice_url", ""))
    if not address.startswith(("http://", "https://")) or not address.endswith(".aac"):
        raise _bad("The voice_url must be the address of an .aac file")


def _sticker(params: Params, _modes: Modes) -> None:
    if not _filled(params.get("sticker")):
        raise _bad("The sticker must not be empty")  # (*)


def _action(params: Params, _modes: Modes) -> None:
    if params.get("action") != "typing":
        raise _bad("The action is invalid")  # (*)


def _webhook(params: Params, modes: Modes) -> None:
    url, secret = params.get("url"), params.get("secret_token")
    if not _filled(url):
        raise _bad("The url must not be empty")
    if not isinstance(secret, str) or not 8 <= len(secret) <= 256:
        raise _bad("The secret_token must have 8 to 256 characters")
    parts = urlsplit(str(url))
    local = is_private(parts.hostname or "")
    if (parts.scheme != "https" or local) and not (modes.permits_local and local):
        raise _bad("The url must be a public https address")


def is_private(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _length(name: str, text: Any) -> None:
    if utf16(str(text)) > LONGEST_TEXT:  # (*) in which unit is not known: the strictest that is likely
        raise _bad(f"The {name} must have at most 2000 characters")


def _filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _bad(words: str) -> ApiError:
    return ApiError(400, f"Bad request: {words}")


_CHECKS: dict[str, Callable[[Params, Modes], None]] = {
    "sendMessage": _text,
    "sendPhoto": _photo,
    "sendVoice": _voice,
    "sendSticker": _sticker,
    "sendChatAction": _action,
    "setWebhook": _webhook,
}
