"""What the tests of the fake Zalo have in common: a client without any cleverness, and a webhook."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.zalo_bot import FakeZaloBot, Modes

SECRET = "12345678"


@asynccontextmanager
async def api(**modes: Any) -> AsyncIterator[tuple[FakeZaloBot, aiohttp.ClientSession]]:
    async with (
        FakeZaloBot(modes=Modes(**modes)) as fake,
        aiohttp.ClientSession(f"{fake.url}/bot{fake.bots[0].token}/") as http,
    ):
        fake.bots[0].chat("Lan")
        yield fake, http


async def ask(http: aiohttp.ClientSession, method: str, **params: Any) -> tuple[int, Any]:
    """The status, and the whole answer."""
    async with http.post(method, json=params) as response:
        return response.status, await response.json()


def refused(code: int, words: str) -> dict[str, Any]:
    return {"ok": False, "description": words, "error_code": code}


@asynccontextmanager
async def listener(statuses: list[int]) -> AsyncIterator[tuple[str, list[tuple[dict[str, str], Any]]]]:
    """A webhook that keeps what comes and answers with these, then with 200."""
    got: list[tuple[dict[str, str], Any]] = []

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        got.append((dict(request.headers), await request.json() if body else None))
        return web.Response(status=statuses.pop(0) if statuses else 200)

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", got
    finally:
        await runner.cleanup()
