"""The HTTP server: webhooks, the web chat's pages, and a health page for whoever watches the machine."""

from __future__ import annotations

import errno
from collections.abc import Awaitable, Callable, Iterable, Sequence

from aiohttp import web
from storage.db import Conn, Database

from bot.channels.base import Hook
from bot.core.errors import CamtayError
from storage import outbox, setaside

Handler = Callable[[web.Request], Awaitable[web.Response]]

_BODY_LIMIT = 1024 * 1024


class PortTaken(CamtayError):
    """Cổng đã có chương trình khác dùng."""


def application(
    db: Database, hooks: Iterable[Hook], pages: Sequence[web.AbstractRouteDef]
) -> web.Application:
    """All routes of the house."""
    application = web.Application(client_max_size=_BODY_LIMIT)
    application.router.add_routes([*pages, web.get("/healthz", _health(db))])
    for hook in hooks:
        application.router.add_post(hook.path, _receiver(hook))
    return application


async def serve(application: web.Application, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Listen; returns the runner, to clean up later, and the port really used.

    Raises:
        PortTaken: saying what to do about it.
    """
    runner = web.AppRunner(application, access_log=None, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, host, port, shutdown_timeout=1.0)
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
        return web.json_response(await db.run(_state))

    return health


def _state(conn: Conn) -> dict[str, object]:
    """Counts only: nothing here says anything about a person."""
    return {"ok": True, "outbox": outbox.backlog(conn), "set_aside": len(setaside.recent(conn))}
