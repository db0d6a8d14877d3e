"""How answers of the fake Zalo look on the wire, and how faults spoil them."""

from __future__ import annotations

import base64
import html
import json
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

KINDS = ("502", "503", "429", "block_page", "garbage", "truncated", "code", "hang", "hang_after", "cut", "cut_after")


@dataclass
class Fault:
    """Spoils the next `times` calls whose path holds `path`.

    `hang` and `cut` come before the call is done, `hang_after`, `cut_after` and `truncated` after it (no answer, a
    broken one). `code` refuses with `number`, in a message that repeats the token as careless servers do; so do the
    pages of the other kinds.
    """

    kind: str
    path: str = ""
    times: int = 1
    number: int = -200

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(KINDS)}")

    @property
    def is_after(self) -> bool:
        return self.kind.endswith("_after") or self.kind == "truncated"


def echoes(request: web.Request, posted: str) -> str:
    """Every secret of the request in five spellings."""
    given = [request.headers.get("access_token", ""), request.headers.get("secret_key", ""), posted]
    return " ".join(form for secret in given if secret for form in spellings(secret))


def spellings(secret: str) -> list[str]:
    percent = "".join(f"%{byte:02X}" for byte in secret.encode())
    entities = "".join(f"&#{ord(sign)};" for sign in secret)
    return [secret, quote(secret, safe=""), percent, entities, base64.b64encode(secret.encode()).decode()]


def spoiled(fault: Fault, said: str) -> web.Response:
    page = f"<html><body>Bad gateway {html.escape(said)} {said}</body></html>"
    if fault.kind == "code":
        return web.json_response({"error": fault.number, "error_name": said, "message": f"user_id is invalid {said}"})
    if fault.kind == "truncated":
        text = json.dumps({"error": 0, "message": "Success", "said": said})
        return web.Response(text=text[: len(text) // 2], content_type="application/json")
    status = {"502": 502, "503": 503, "429": 429, "block_page": 403}.get(fault.kind, 200)
    return web.Response(text=page, content_type="text/html", status=status)
