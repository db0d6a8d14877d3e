"""The calls of the fake Zalo: who may call, what each answers."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.fakes.zalo_oa_rules import check_message, check_upload
from tests.fakes.zalo_oa_world import OaError, World

TOKEN = "/v4/oa/access_token"
MESSAGES = ("/v3.0/oa/message/cs", "/v2.0/oa/message", "/v3.0/oa/message/promotion")
UPLOADS = {f"/v2.0/oa/upload/{kind}": kind for kind in ("image", "gif", "file")}


class Api:
    def __init__(self, world: World) -> None:
        self._world = world

    async def body(self, request: web.Request) -> Any:
        """The JSON of a POST, or of the query's one item `data`. Raises: OaError."""
        raw = request.query.get("data") or (await request.text() if request.content_type == "application/json" else "")
        try:
            return json.loads(raw) if raw else None
        except ValueError:
            raise OaError(-201, "not JSON") from None

    def answer(self, request: web.Request, body: Any, form: dict[str, Any]) -> web.Response:
        """Raises: OaError."""
        if request.path == TOKEN:
            return web.json_response(self._grant(request, form))
        self._world.grants.check(
            request.headers.get("access_token"), -216 if self._world.modes.expired_as_216 else -220
        )
        remain = self._world.count_call()
        data = self._data(request, body, form)
        limits = {"X-RateLimit-Limit": str(self._world.modes.calls_a_minute), "X-RateLimit-Remain": str(remain)}
        return web.json_response({"data": data, "error": 0, "message": "Success"}, headers=limits)

    def refusal(self, request: web.Request, error: OaError) -> web.Response:
        """HTTP 200, whatever was wrong; a mode answers 401 for the token."""
        if request.path == TOKEN:
            said = {"error": error.code, "error_name": error.message, "error_description": error.message}
            return web.json_response(said)
        is_token = error.code in (-216, -220)
        status = 401 if is_token and self._world.modes.http_401 else 200
        return web.json_response({"error": error.code, "message": error.message}, status=status)

    def _grant(self, request: web.Request, form: dict[str, Any]) -> dict[str, Any]:
        if request.content_type != "application/x-www-form-urlencoded":
            raise OaError(-14009, "form body required")
        return self._world.grants.exchange(request.headers.get("secret_key"), form)

    def _data(self, request: web.Request, body: Any, form: dict[str, Any]) -> Any:
        path, world = request.path, self._world
        if request.method == "POST" and path in MESSAGES:
            return self._message(path, body)
        if request.method == "POST" and path in UPLOADS:
            return self._upload(UPLOADS[path], form)
        match request.method, path:
            case "GET", "/v2.0/oa/getoa":
                return self._oa()
            case "GET", "/v3.0/oa/user/detail":
                return self._detail(body)
            case "GET", "/v3.0/oa/user/getlist":
                return self._list(body)
            case "POST", "/v3.0/oa/quota/message":
                return world.quota_of(world.reach(_field(body, "user_id")))
        raise OaError(-201, "no such API")

    def _message(self, path: str, body: Any) -> Any:
        world = self._world
        if world.modes.no_package:
            raise OaError(-224, "upgrade the package to use this API")
        if path.endswith("promotion"):
            raise OaError(-234 if world.modes.night else -233, "not now")
        if world.modes.state_oa and path.startswith("/v3.0"):
            raise OaError(-235, "This API does not support this type of OA")
        if not world.modes.state_oa and path.startswith("/v2.0"):
            raise OaError(-240, "API message v2 is shut down")
        if not isinstance(body, dict) or set(body) != {"recipient", "message"}:
            raise OaError(-201, "recipient and message")
        person = world.reach(_field(body["recipient"], "user_id"))
        check_message(world, body["message"])
        return world.deliver(person, body["message"])

    def _upload(self, kind: str, form: dict[str, Any]) -> Any:
        file = form.get("file")
        if not isinstance(file, web.FileField):
            raise OaError(-201, "field file is missing")
        content = file.file.read()
        check_upload(kind, file.filename, content)
        name = self._world.keep(kind, len(content))
        return {"token": name} if kind == "file" else {"attachment_id": name}

    def _oa(self) -> Any:
        world = self._world
        kind = 4 if world.modes.state_oa else 2
        whole = {"oaid": world.oa_id, "name": world.name, "is_verified": True, "oa_type": kind}
        return {**whole, "package_name": "Tăng trưởng", "num_follower": len(world.people)}

    def _detail(self, body: Any) -> Any:
        person = self._world.people.get(str(_field(body, "user_id")))
        if person is None:
            raise OaError(-201, "user_id is invalid")
        last = f"{person.last_at:%d/%m/%Y}"
        own = {"user_id": person.id, "display_name": f"Người {person.id}", "is_sensitive": False}
        return {**own, "user_last_interaction_date": last, "user_is_follower": person.follows}

    def _list(self, body: Any) -> Any:
        offset, count = _field(body, "offset"), _field(body, "count")
        if not isinstance(offset, int) or not isinstance(count, int) or not 0 < count <= 50 or not 0 <= offset <= 9951:
            raise OaError(-201, "offset or count is invalid")
        users = [{"user_id": user} for user in self._world.people]
        return {"total": len(users), "count": count, "offset": offset, "users": users[offset : offset + count]}


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
