"""How calls and answers of the fake Telegram look on the wire, and how faults spoil them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.telegram_rules import SCHEMA
from tests.fakes.telegram_world import ApiError

KINDS = (
    "429",
    "500",
    "502",
    "403",
    "400",
    "401",
    "block_page",
    "hang",
    "hang_after",
    "cut",
    "cut_after",
    "garbage",
)


@dataclass
class Fault:
    """Spoils the next `times` calls of `method` (of any, when empty).

    `hang` and `cut` come before the call is done, `hang_after` and `cut_after` after it; `garbage` answers
    200 with something that is not JSON; `502` and `block_page` (403) answer with HTML.
    """

    kind: str
    method: str = ""
    times: int = 1
    retry_after: int = 7
    description: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(KINDS)}")


async def read_call(request: web.Request, method: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The parameters and files of a call, in whichever of the four ways the Bot API takes them."""
    if request.content_type == "application/json":
        found = await request.json()
        if not isinstance(found, dict):
            raise ApiError(400, "Bad Request: not a JSON object")
        return found, {}
    params: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for name, value in [*request.query.items(), *(await request.post()).items()]:
        if isinstance(value, web.FileField):
            files[name] = value.file.read()
        else:
            params[name] = _form_value(method, name, str(value))
    return params, files


def _form_value(method: str, name: str, text: str) -> Any:
    """In a form all but strings is JSON."""
    if "String" in SCHEMA["methods"].get(method, {}).get(name, "String").lstrip("!").split("|"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def refusal(error: ApiError) -> dict[str, Any]:
    wait = {"parameters": {"retry_after": error.retry_after}} if error.retry_after else {}
    return {"ok": False, "error_code": error.code, "description": error.description} | wait


_DESCRIPTIONS = {
    "429": "Too Many Requests: retry after {0.retry_after}",
    "500": "Internal Server Error",
    "403": "Forbidden: bot was blocked by the user",
    "400": "Bad Request: BUTTON_DATA_INVALID",
    "401": "Unauthorized",
}


def spoiled_answer(fault: Fault, request: web.Request) -> web.Response:
    """Pages repeat the path, and so the token, as careless servers do."""
    page = f"<html><body>{request.path} {request.url}</body></html>"
    if fault.kind == "garbage":
        return web.Response(text=page, content_type="text/html")
    if fault.kind in ("502", "block_page"):
        return web.Response(text=page, content_type="text/html", status=502 if fault.kind == "502" else 403)
    description = fault.description or _DESCRIPTIONS[fault.kind].format(fault)
    raise ApiError(int(fault.kind), description, fault.retry_after if fault.kind == "429" else 0)
