"""The HTTP server: webhooks, the web chat's pages, and a health page for whoever watches the machine."""

from __future__ import annotations

import errno
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from bot.channels.base import Hook
from bot.channels.web import WebChannel
from bot.core.errors import CamtayError
from storage import outbox, setaside
from storage.db import Busy, Conn, Database

Handler = Callable[[web.Request], Awaitable[web.Response]]

Server = web.AppRunner

_BODY_LIMIT = 1024 * 1024


class PortTaken(CamtayError):
    """Cổng đã có chương trình khác dùng."""


def application(db: Database, hooks: Iterable[Hook], page: WebChannel) -> web.Application:
    """All routes of the house; any other address is answered kindly by the web chat."""
    application = web.Application(client_max_size=_BODY_LIMIT)
    own = [web.post(hook.path, _receiver(hook)) for hook in hooks]
    application.router.add_routes([*page.routes(), *own, web.get("/healthz", _health(db)), page.stray()])
    application.on_shutdown.append(lambda _: page.close())  # open pages must not keep Ctrl-C waiting
    return application


async def serve(application: web.Application, host: str, port: int) -> tuple[Server, int]:
    """Listen; returns the runner, to clean up later, and the port really used.

    Raises:
        PortTaken: saying what to do about it.
    """
    runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(
            f"Cổng {port} đã có chương trình khác dùng (có thể Cầm Tay đang chạy rồi).\n"
            f"Tắt chương trình kia, hoặc chạy ở cổng khác: PORT={port + 1} python3 run.py"
        ) from None
    return runner, runner.addresses[0][1]


def _receiver(hook: Hook) -> Handler:
    async def receive(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return web.Response(status=await hook.receive(headers, await request.read()))

    return receive


def _health(db: Database) -> Handler:
    async def health(request: web.Request) -> web.Response:
        try:
            return web.json_response(await db.run(_state))
        except Busy:
            return web.json_response({"ok": False}, status=503)

    return health


def _state(conn: Conn) -> dict[str, object]:
    """Counts only: nothing here says anything about a person."""
    return {"ok": True, "outbox": outbox.backlog(conn), "set_aside": len(setaside.recent(conn))}
