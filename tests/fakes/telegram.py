"""A strict Telegram on 127.0.0.1: `async with FakeTelegram() as fake:`, or by hand

    python -m tests.fakes.telegram --port 8081

Every call is checked against the schema (`violations`), recorded (`calls`) and done in a small world of
chats (`world`). Updates reach the bot as Telegram brings them: by getUpdates, repeated until a higher offset
confirms them, or by webhook, repeated until the answer is 2xx. `faults` spoil the next calls.

A bot in another process is driven over HTTP:
    POST /control/do       {"act": "say", "chat": 1, "text": "xin chào"}; acts are the World's methods
    POST /control/inject   {"updates": [...]}; raw updates, each gets the next id unless it has one
    POST /control/fault    {"kind": "429", "method": "sendMessage", "times": 1, ...}: the fields of Fault
    POST /control/settings {"strict": false, "record": false, "latency": 0.05}
    GET  /control/state    everything there is to know
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram_push import Pusher
from tests.fakes.telegram_rules import utf16, violations
from tests.fakes.telegram_wire import Fault, read_call, refusal, spoiled_answer
from tests.fakes.telegram_world import ApiError, World

__all__ = ["ApiError", "Call", "FakeTelegram", "Fault", "World", "utf16"]


@dataclass(frozen=True)
class Call:
    """One call that arrived. `files` are the sizes of what was uploaded."""

    method: str
    params: dict[str, Any]
    files: dict[str, int]


@dataclass
class FakeTelegram:
    """The server. `port` 0 takes a free one; `latency` is how long every answer takes, in seconds."""

    port: int = 0
    strict: bool = True
    record: bool = True
    latency: float = 0.0
    world: World = field(default_factory=World)
    calls: list[Call] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._changed = asyncio.Event()
        self._closing = asyncio.Event()
        self._poll = 0
        self.pusher = Pusher(self.world, self.changed)
        self.world.on_update = self._on_update
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        self.changed()
        await self.pusher.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def changed(self) -> None:
        """Something happened: wakes `until` and a waiting getUpdates."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, true: Callable[[], object], seconds: float = 5.0) -> None:
        """Wait until something is true of what has arrived here."""
        async with asyncio.timeout(seconds):
            while not true():
                await self._changed.wait()

    def _on_update(self, update: dict[str, Any]) -> None:
        self.pusher.offer(update)
        self.changed()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_post("/control/{what}", self._control)
        app.router.add_get("/control/state", self._state)
        return app

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            params, files = await read_call(request, method)
            fault = self._next_fault(method)
            response = await self._spoiled(request, fault, before=True)
            if response is None:
                result = await self._answer(request.match_info["token"], method, params, files)
                response = await self._spoiled(request, fault, before=False)
        except ApiError as error:
            response = web.json_response(refusal(error), status=error.code)
        if response is None:
            response = web.json_response({"ok": True, "result": result})
        self.changed()
        return response

    async def _answer(self, token: str, method: str, params: dict[str, Any], files: dict[str, bytes]) -> Any:
        self.counts[method] += 1
        if token != self.world.token:
            raise ApiError(401, "Unauthorized")
        if self.record:
            sizes = {name: len(content) for name, content in files.items()}
            self.calls.append(Call(method, params, sizes))
        if self.latency:
            await asyncio.sleep(self.latency)
        wrong = violations(method, params, files) if self.strict else []
        if wrong:
            self.violations += wrong
            raise ApiError(400, f"Bad Request: {'; '.join(wrong)}")
        if method == "getUpdates":
            return await self._updates(params)
        result = self.world.answer(method, params, files)
        if method == "setWebhook":
            self.pusher.offer_all()
        return result

    async def _updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """Long polling. A second call ends the first with 409, as two running bots would see it."""
        if self.world.webhook:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        mine = self._poll
        self.changed()
        self.world.allowed = params.get("allowed_updates", self.world.allowed)
        if "offset" in params:
            self.world.confirm(params["offset"])
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(params.get("timeout", 0)):
                while not self.world.updates and mine == self._poll and not self._closing.is_set():
                    await self._changed.wait()
        if mine != self._poll:
            raise ApiError(409, "Conflict: terminated by other getUpdates request")
        return self.world.waiting(params.get("limit", 100))

    def _next_fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.method in ("", method):
                fault.times -= 1
                return fault
        return None

    async def _spoiled(self, request: web.Request, fault: Fault | None, before: bool) -> web.Response | None:
        """The answer instead of the true one, or nothing where this fault has another moment."""
        if fault is None or fault.kind.endswith("_after") == before:
            return None
        kind = fault.kind.removesuffix("_after")
        if kind == "hang":
            await self._closing.wait()
        if kind in ("hang", "cut"):
            if request.transport:
                request.transport.abort()
            return web.Response()
        return spoiled_answer(fault, request)

    async def _control(self, request: web.Request) -> web.Response:
        body = await request.json()
        what = request.match_info["what"]
        if what == "do":
            return web.json_response(getattr(self.world, body.pop("act"))(**body))
        if what == "inject":
            return web.json_response([self.world.inject(update) for update in body["updates"]])
        if what == "fault":
            self.faults.append(Fault(**body))
        elif what == "settings":
            for name in {"strict", "record", "latency"} & set(body):
                setattr(self, name, body[name])
        else:
            raise web.HTTPNotFound
        return web.json_response(True)

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(self.state())

    def state(self) -> dict[str, Any]:
        """All that happened, as JSON: chats with both sides' messages, what waits, what was wrong."""
        chats = {chat.id: {"blocked": chat.blocked, "messages": chat.messages} for chat in self.world.chats.values()}
        return {
            "chats": chats,
            "waiting": list(self.world.updates.values()),
            "taps": self.world.taps,
            "commands": self.world.commands,
            "webhook": self.world.webhook,
            "pushes": self.pusher.pushes,
            "calls": dict(self.counts),
            "violations": self.violations,
        }


async def main(port: int) -> None:
    async with FakeTelegram(port=port) as fake:
        sys.stdout.write(f"TELEGRAM_API_URL={fake.url}\nTELEGRAM_BOT_TOKEN={fake.world.token}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--port", type=int, default=8081)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(words.parse_args().port))
