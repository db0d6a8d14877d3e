"""How calls and answers of the fake Zalo look on the wire, and how faults spoil them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import web

from tests.fakes.zalo_bot_rules import ApiError

# Before the call is done: nothing has happened, though the caller may not know. After it: it has.
BEFORE = ("page", "reset", "stall", "garbled")
AFTER = ("reset_after", "stall_after", "truncated", "page_after")
ANSWERS = ("no_ok", "no_result", "empty_result", "null_result", "odd_result", "no_id")


@dataclass
class Fault:
    """Spoils the next `times` calls of `method` (of any, when empty).

    A number is an error of the API. `page` is a gateway's HTML with `status`; `stall` never answers; `reset`
    cuts the connection; `garbled` is no HTTP at all; `truncated` is half a JSON. `{path}` in the description
    becomes the request's path in several encodings, as a careless gateway would repeat it. `code` spells the
    error code: as a number ("int"), as text ("str"), as `errorCode` ("camel"), or not at all ("none").
    """

    kind: str
    method: str = ""
    times: int = 1
    status: int = 502
    description: str = ""
    code: str = "int"

    def __post_init__(self) -> None:
        if not self.kind.removeprefix("-").isdecimal() and self.kind not in (*BEFORE, *AFTER, *ANSWERS):
            raise ValueError(f"no fault {self.kind!r}")

    @property
    def comes_after(self) -> bool:
        return self.kind in AFTER or self.kind in ANSWERS


DESCRIPTIONS = {
    "400": "Bad request",
    "401": "Unauthorized",
    "403": "Internal server error",
    "404": "Not Found",
    "408": "Request timeout",
    "426": "Daily limit reached",
    "429": "Quota exceeded",
}


async def read_call(request: web.Request) -> dict[str, Any]:
    """JSON, a form or a query. Of multipart Zalo reads nothing, whatever its documentation says."""
    if request.content_type == "application/json":
        try:
            found = json.loads(await request.read() or b"{}")
        except ValueError:
            raise ApiError(400, "Bad request") from None
        return found if isinstance(found, dict) else {}
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/x-www-form-urlencoded":
        params |= {name: str(value) for name, value in (await request.post()).items()}
    return params


def success(result: Any) -> web.Response:
    """sendChatAction has no result, and then no code either."""
    if result is None:
        return web.json_response({"ok": True})
    return web.json_response({"ok": True, "result": result, "error_code": 0})


def refusal(error: ApiError, *, real_status: bool, code: str = "int") -> web.Response:
    spelled: dict[str, dict[str, Any]] = {
        "int": {"error_code": error.code},
        "str": {"error_code": str(error.code)},
        "camel": {"errorCode": error.code},
        "none": {},
    }
    body = {"ok": False, "description": error.description} | spelled[code]
    real = real_status and 400 <= error.code < 600
    return web.json_response(body, status=error.code if real else 200)


def page(request: web.Request, status: int) -> web.Response:
    """A gateway's page; it repeats the address, as some do."""
    words = f"<html><h1>{status}</h1><p>{echoed(request)}</p><hr>nginx</html>"
    return web.Response(text=words, content_type="text/html", status=status)


def echoed(request: web.Request) -> str:
    """The path in the encodings in which gateways have been seen to repeat it."""
    path = request.path
    entities = "".join(f"&#x{ord(sign):x};" if not sign.isalnum() else sign for sign in path)
    numbers = "".join(f"&#{ord(sign)};" for sign in path)
    return " ".join((path, quote(path, safe=""), quote(quote(path, safe=""), safe=""), entities, numbers))


def spoiled_answer(fault: Fault, request: web.Request, result: Any, *, real_status: bool) -> web.StreamResponse:
    """The answer instead of the true one; `stall` and `reset` are the server's own affair."""
    description = (fault.description or DESCRIPTIONS.get(fault.kind, "Error")).replace("{path}", echoed(request))
    if fault.kind in ("page", "page_after"):
        return page(request, fault.status)
    if fault.kind == "truncated":
        return web.Response(text=json.dumps({"ok": True, "result": result})[:-9], content_type="application/json")
    odd: dict[str, dict[str, Any]] = {
        "no_ok": {"status": fault.status, "error": description},
        "no_result": {"ok": True},
        "empty_result": {"ok": True, "result": {}},
        "null_result": {"ok": True, "result": None},
        "odd_result": {"ok": True, "result": 7},
        "no_id": {"ok": True, "result": {"account_name": "bot.x"}},
    }
    if fault.kind in odd:
        return web.json_response(odd[fault.kind])
    return refusal(ApiError(int(fault.kind), description), real_status=real_status, code=fault.code)
