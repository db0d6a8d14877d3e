"""A strict Zalo Bot Platform on 127.0.0.1: `async with FakeZaloBot() as fake:`, or by hand

    python -m tests.fakes.zalo_bot --port 8091 --bots 2

Every call is recorded (`calls`), checked (`zalo_bot_rules`) and done for one of the `bots`, each with its own
people (`zalo_bot_world`). Updates reach a bot as Zalo brings them: one a poll, gone once written; or by webhook.
`modes` are the points on which sources disagree; `faults` spoil the next calls.

A bot in another process is driven over HTTP:
    POST /control/do       {"act": "say", "bot": 0, "name": "Lan", "text": "xin chào"}; acts are a Bot's methods
    POST /control/inject   {"bot": 0, "updates": [...]}; raw updates
    POST /control/fault    {"kind": "429", "method": "sendMessage", ...}: the fields of Fault
    POST /control/settings {"wrapped": true, ...}: the fields of Modes
    POST /control/hold     {} keeps deliveries back; /control/release {"backwards": true} sends them
    GET  /control/state    everything there is to know
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import ClientError, web

from tests.fakes.zalo_bot_push import Pusher
from tests.fakes.zalo_bot_rules import ApiError, Modes, check
from tests.fakes.zalo_bot_wire import Fault, page, read_call, refusal, spoiled_answer, success
from tests.fakes.zalo_bot_world import Bot, Update

__all__ = ["Bot", "FakeZaloBot", "Fault", "Modes"]

KINDS = {"sendPhoto": ("photo", ("image/png", "image/jpeg")), "sendVoice": ("voice_url", ("audio/aac",))}


@dataclass(frozen=True)
class Call:
    """One call that arrived for a bot, by its number."""

    bot: int
    method: str
    params: dict[str, Any]


@dataclass
class FakeZaloBot:
    """The server. `port` 0 takes a free one; `count` bots."""

    port: int = 0
    count: int = 1
    modes: Modes = field(default_factory=Modes)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bots = [self._bot(number) for number in range(self.count)]
        self._times: deque[float] = deque()

    async def __aenter__(self) -> Self:
        self._changed = asyncio.Event()
        self._closing = asyncio.Event()
        self.pusher = Pusher(self.modes, self.changed)
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        self.changed()
        await self.pusher.close()
        await self.shut()

    async def shut(self) -> None:
        """Nobody listens any more."""
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tokens(self) -> list[str]:
        return [bot.token for bot in self.bots]

    def called(self, method: str, bot: int = 0) -> list[Call]:
        return [call for call in self.calls if (call.bot, call.method) == (bot, method)]

    def changed(self) -> None:
        """Something happened: wakes `until` and a waiting getUpdates."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, true: Callable[[], object], seconds: float = 5.0) -> None:
        """Wait until something is true of what has arrived here."""
        async with asyncio.timeout(seconds):
            while not true():
                await self._changed.wait()

    def _bot(self, number: int) -> Bot:
        account = f"{1459232241454765289 + number}"
        token = f"{account}:Fake-secret_of.bot~{number}-0123456789"
        return Bot(token, account, f"bot.Fake{number}", self.modes, self._arrives)

    def _arrives(self, bot: Bot, update: Update) -> None:
        """To the webhook, to a poll, or into the queue; with `live_only`, only to a poll that is open."""
        if bot.webhook:
            self.pusher.offer(bot, update)
        elif self.modes.live_only and bot.polls <= len(bot.queue):
            bot.dropped.append(update)
        else:
            bot.queue.append(update)
        self.changed()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_post("/control/{what}", self._control)
        app.router.add_get("/control/state", self._state)
        return app

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self._is_burst():
            return page(request, 429)
        real = self.modes.real_status
        try:
            response = await self._respond(request)
        except ApiError as error:
            response = refusal(error, real_status=real)
        self.changed()
        return response

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if self.modes.latency:
            await asyncio.sleep(self.modes.latency)
        fault = next((one for one in self.faults if one.times > 0 and one.method in ("", method)), None)
        if fault:
            fault.times -= 1
        if fault and not fault.comes_after:
            return await self._spoiled(fault, request, None)
        try:
            result = await self._answer(request, method)
        except ApiError:
            if fault is None:
                raise
            result = None
        return await self._spoiled(fault, request, result) if fault else success(result)

    async def _spoiled(self, fault: Fault, request: web.Request, result: Any) -> web.StreamResponse:
        kind = fault.kind.removesuffix("_after")
        if kind == "stall":
            self.changed()
            _ = await self._closing.wait()
        if kind in ("stall", "reset", "garbled"):
            if request.transport and kind == "garbled":
                request.transport.write(b"no HTTP at all\r\n\r\n")
                request.transport.close()
            elif request.transport:
                request.transport.abort()
            return web.Response()
        return spoiled_answer(fault, request, result, real_status=self.modes.real_status)

    async def _answer(self, request: web.Request, method: str) -> Any:
        params = await read_call(request)
        bot = next((bot for bot in self.bots if bot.token == request.match_info["token"]), None)
        if bot is None:
            raise ApiError(401, "Unauthorized")
        self.calls.append(Call(self.bots.index(bot), method, params))
        check(method, params, self.modes)
        if method == "getUpdates":
            return await self._update(bot, request, float(params.get("timeout") or 30))
        if "ebhook" in method:
            return await self._webhook(bot, method, params)
        if self.modes.fetches and method in KINDS:
            await self._fetch(params[KINDS[method][0]], KINDS[method][1])
        return bot.answer(method, params)

    async def _update(self, bot: Bot, request: web.Request, seconds: float) -> Update:
        """The oldest update, gone with this answer; two polls share what comes between them."""
        bot.polls += 1
        self.changed()
        try:
            async with asyncio.timeout(min(seconds, self.modes.longest_poll)):
                while (bot.webhook or not bot.queue) and request.transport:
                    await self._changed.wait()
        except TimeoutError:
            raise ApiError(408, "Request timeout") from None
        finally:
            bot.polls -= 1
        if request.transport is None:  # nobody is there any more to hear it
            raise ApiError(408, "Request timeout")
        return bot.queue.popleft()

    async def _webhook(self, bot: Bot, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if method == "testWebhook":
            return await self._test_webhook(bot)
        if method == "getWebhookInfo":
            if not bot.webhook and self.modes.no_webhook_is_404:
                raise ApiError(404, "Not Found")
            return {"url": bot.webhook.get("url", ""), "updated_at": bot.webhook.get("updated_at", 0)}
        now = int(time.time() * 1000)
        bot.webhook = {**params, "updated_at": now} if method == "setWebhook" else {}
        answer = {"url": params.get("url", ""), "updated_at": now}
        if method == "deleteWebhook" or not self.modes.verifies:
            return answer
        return answer | {"verification": await self.pusher.verification(params["url"])}

    async def _test_webhook(self, bot: Bot) -> dict[str, Any]:
        bot.webhook_tests += 1
        if bot.webhook_tests > self.modes.webhook_tests:
            raise ApiError(426, "Daily limit reached")
        if not bot.webhook:
            raise ApiError(404, "Not Found")
        return await self.pusher.verification(bot.webhook["url"])

    async def _fetch(self, address: str, kinds: tuple[str, ...]) -> None:
        """As Zalo's servers do: no redirects, and what comes must be what it should be."""
        try:
            async with self.pusher.session.get(address, allow_redirects=False) as response:
                fine = response.status == 200 and response.content_type in kinds
        except (ClientError, TimeoutError):
            fine = False
        if not fine:
            raise ApiError(400, "Bad request: The photo URL is invalid")

    def _is_burst(self) -> bool:
        now = time.monotonic()
        while self._times and self._times[0] < now - 1:
            self._times.popleft()
        self._times.append(now)
        return 0 < self.modes.burst < len(self._times)

    async def _control(self, request: web.Request) -> web.Response:
        body = await request.json()
        what = request.match_info["what"]
        if what == "do":
            bot = self.bots[body.pop("bot", 0)]
            return web.json_response(getattr(bot, body.pop("act"))(**body))
        if what == "inject":
            return web.json_response([self.bots[body.get("bot", 0)].inject(update) for update in body["updates"]])
        if what == "fault":
            self.faults.append(Fault(**body))
        elif what == "settings":
            for name in vars(self.modes).keys() & body.keys():
                setattr(self.modes, name, body[name])
        elif what == "hold":
            self.pusher.held = []
        elif what == "release":
            self.pusher.release(**body)
        else:
            raise web.HTTPNotFound
        return web.json_response(True)

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(self.state())

    def state(self) -> dict[str, Any]:
        """All that happened, as JSON: bot by bot what was said to whom, what waits, what was lost."""
        bots = [
            {
                "id": bot.id,
                "chats": {chat.id: {"sent": chat.sent, "lost": chat.lost} for chat in bot.chats.values()},
                "waiting": list(bot.queue),
                "dropped": bot.dropped,
                "webhook": bot.webhook,
                "sent": bot.sent,
            }
            for bot in self.bots
        ]
        return {"bots": bots, "pushes": self.pusher.pushes, "calls": Counter(call.method for call in self.calls)}


async def main(port: int, bots: int) -> None:
    async with FakeZaloBot(port=port, count=bots) as fake:
        sys.stdout.write(f"ZALO_BOT_API_URL={fake.url}\nZALO_BOT_TOKENS={','.join(fake.tokens)}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--port", type=int, default=8091)
    words.add_argument("--bots", type=int, default=1)
    given = words.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(given.port, given.bots))
