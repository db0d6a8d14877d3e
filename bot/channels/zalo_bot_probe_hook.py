"""A small server beside a Zalo bot under examination: takes deliveries as they come and shows the guides' pictures."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

from aiohttp import web

from bot.channels.zalo_bot_account import SECRET_HEADER

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LATER = 503  # nobody here to take it: perhaps Zalo brings it again
_BODY_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST that Zalo made, and what it was answered with. `at` is monotonic."""

    headers: dict[str, str]
    body: object
    at: float
    status: int


@dataclass
class Listener:
    """`path` is where the webhook leads; what comes without `secret` is refused, except Zalo's empty trial.

    `answer` says with which HTTP status a body is answered; only what it takes an interest in is kept.
    """

    path: str
    secret: str
    media: Serve
    answer: Callable[[object], int | None] = lambda _body: None
    deliveries: list[Delivery] = field(default_factory=list)
    trials: int = 0
    strangers: int = 0  # without the secret
    fetched: int = 0  # pictures

    def application(self) -> web.Application:
        application = web.Application(client_max_size=_BODY_LIMIT)
        application.router.add_post(self.path, self._receive)
        application.router.add_get("/media/{path:.+}", self._show)
        return application

    async def _show(self, request: web.Request) -> web.StreamResponse:
        self.fetched += 1
        return await self.media(request)

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not body.strip():
            self.trials += 1
            return web.Response()
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(shown, self.secret.encode()):
            self.strangers += 1
            return web.Response(status=403)
        return web.Response(status=self._taken(dict(request.headers), body))

    def _taken(self, headers: dict[str, str], body: bytes) -> int:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        status = self.answer(found)
        if status is None:
            return _LATER
        self.deliveries.append(Delivery(headers, found, monotonic(), status))
        return status
