"""A strict Zalo with one Official Account on 127.0.0.1: `async with FakeZaloOa() as fake:`, or by hand

    python -m tests.fakes.zalo_oa --port 8092 --webhook http://127.0.0.1:8080/hooks/zalo_oa

The API and the token server share the port. Application errors come at HTTP 200 with a negative `error`, as in life.
What people do is sent to the webhook, signed (`people`, `pusher`). `faults` spoil the next calls.

A bot in another process is driven over HTTP:
    POST /control/do       {"act": "say", "user": "1", "text": "xin chào"}; acts are the methods of People
    POST /control/push     {"event": {...}, "times": 2, "header": ""}; a raw event, as Pusher.push takes it
    POST /control/fault    {"kind": "502", "path": "message", "times": 1, "number": -200}: the fields of Fault
    POST /control/modes    {"state_oa": true, "no_package": true, ...}: the fields of Modes
    POST /control/advance  {"seconds": 90000}: moves the clock
    POST /control/webhook  {"url": "http://127.0.0.1:8080/hooks/zalo_oa"}
    GET  /control/state    everything there is to know
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.fakes.zalo_oa_api import Api
from tests.fakes.zalo_oa_people import People
from tests.fakes.zalo_oa_push import Pusher
from tests.fakes.zalo_oa_wire import Fault, echoes, spoiled
from tests.fakes.zalo_oa_world import OaError, World

__all__ = ["Call", "FakeZaloOa", "Fault", "OaError", "World"]


@dataclass(frozen=True)
class Call:
    """One call that arrived: its path, its JSON body or query data, and the name of an uploaded file."""

    path: str
    body: Any
    file: str = ""


@dataclass
class FakeZaloOa:
    """The server. `port` 0 takes a free one."""

    port: int = 0
    world: World = field(default_factory=World)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._changed, self._closing = asyncio.Event(), asyncio.Event()
        self.people, self.pusher = People(self.world), Pusher(self.world, self.changed)
        self._api = Api(self.world)
        app = web.Application(client_max_size=16 * 2**20)
        app.router.add_post("/control/{what}", self._control)
        app.router.add_get("/control/state", self._state)
        app.router.add_get("/v4/oa/permission", self._consent)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self.pusher.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def called(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    def changed(self) -> None:
        """Something happened: wakes `until`."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, true: Callable[[], object], seconds: float = 5.0) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                await self._changed.wait()

    def do(self, act: str, **words: Any) -> Any:
        """A person does something, and the webhook hears of it."""
        event = getattr(self.people, act)(**words)
        if event is not None:
            self.pusher.push(event)
        return event

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        form = await request.post() if "multipart" in request.content_type or "form" in request.content_type else {}
        said = echoes(request, str(form.get("refresh_token", "")))
        fault = self._next_fault(request.path)
        if fault and not fault.is_after:
            return await self._spoil(request, fault, said)
        try:
            answer = await self._answer(request, dict(form))
        except OaError as error:
            answer = self._api.refusal(request, error)
        self.changed()
        return await self._spoil(request, fault, said) if fault else answer

    async def _answer(self, request: web.Request, form: dict[str, Any]) -> web.Response:
        body = await self._api.body(request)
        file = form.get("file")
        name = file.filename if isinstance(file, web.FileField) else ""
        self.calls.append(Call(request.path, body, name))
        return self._api.answer(request, body, form)

    def _next_fault(self, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                return fault
        return None

    async def _spoil(self, request: web.Request, fault: Fault, said: str) -> web.Response:
        if fault.kind.startswith("hang"):
            await self._closing.wait()
        if fault.kind.startswith(("hang", "cut")):
            if request.transport:
                request.transport.abort()
            return web.Response()
        return spoiled(fault, said)

    async def _consent(self, request: web.Request) -> web.Response:
        """As if an admin of the OA pressed "allow" at once."""
        try:
            code = self.world.grants.consent(request.query)
        except OaError as error:
            return web.json_response({"error": error.code, "error_name": error.message})
        back = f"{self.world.grants.callback}?code={code}&oa_id={self.world.oa_id}"
        state = request.query.get("state", "")
        return web.Response(status=302, headers={"Location": f"{back}&state={state}" if state else back})

    async def _control(self, request: web.Request) -> web.Response:
        words = await request.json()
        match request.match_info["what"]:
            case "do":
                return web.json_response(self.do(words.pop("act"), **words))
            case "push":
                self.pusher.push(words.pop("event"), **words)
            case "fault":
                self.faults.append(Fault(**words))
            case "modes":
                for name, value in words.items():
                    setattr(self.world.modes, name, value)
            case "advance":
                self.world.advance(words["seconds"])
            case "webhook":
                self.pusher.url = words["url"]
            case _:
                raise web.HTTPNotFound
        return web.json_response(True)

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(self.state())

    def state(self) -> dict[str, Any]:
        """All that happened, as JSON; tokens are not in it."""
        people = {
            one.id: {"said": one.said, "buttons": one.buttons, "blocked": one.blocked}
            for one in self.world.people.values()
        }
        deliveries = [[one.event, one.status, round(one.seconds, 3), one.repeat] for one in self.pusher.deliveries]
        grants = {"issued": self.world.grants.issued, "burned": self.world.grants.burned}
        return {
            "now": self.world.now().isoformat(),
            "people": people,
            "grants": grants,
            "modes": vars(self.world.modes),
            "webhook": self.pusher.url,
            "deliveries": deliveries,
            "complaints": self.pusher.complaints,
            "calls": [call.path for call in self.calls],
        }


async def main(port: int, webhook: str) -> None:
    async with FakeZaloOa(port=port) as fake:
        fake.pusher.url = webhook
        grants = fake.world.grants
        settings = {
            "ZALO_OA_APP_ID": grants.app_id,
            "ZALO_OA_APP_SECRET": grants.app_secret,
            "ZALO_OA_SECRET_KEY": fake.world.oa_secret,
            "ZALO_OA_REFRESH_TOKEN": grants.refresh,
            "ZALO_OA_API_URL": fake.url,
            "ZALO_OAUTH_URL": fake.url,
        }
        sys.stdout.write("".join(f"{name}={value}\n" for name, value in settings.items()))
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--port", type=int, default=8092)
    words.add_argument("--webhook", default="http://127.0.0.1:8080/hooks/zalo_oa")
    with contextlib.suppress(KeyboardInterrupt):
        given = words.parse_args()
        asyncio.run(main(given.port, given.webhook))
