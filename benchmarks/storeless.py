"""Cầm Tay without a database: what storage costs is the difference.

The same channel, routing, understanding, words and sending; the chat is an object in memory, and an update is
acknowledged and answered without being kept. Only for turns that look nothing up (thanks, greetings).
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

import uvloop
from aiohttp import web

from bot import clock, settings
from bot.app import open_house
from bot.channels.telegram import TelegramChannel
from bot.context import Context, Heard
from bot.core.messages import Incoming, Parcel
from bot.desk import Desk
from bot.render import pieces
from bot.respond import respond
from bot.tasks import Supervisor
from storage.chats import Chat


async def main() -> None:
    loaded = settings.load()
    house = open_house(loaded.camtay_guides)
    assert loaded.telegram_bot_token is not None
    assert loaded.telegram_webhook_secret is not None
    channel = TelegramChannel(
        loaded.telegram_bot_token.get_secret_value(),
        api_url=loaded.telegram_api_url,
        updates="webhook",
        secret=loaded.telegram_webhook_secret.get_secret_value(),
        guides=loaded.camtay_guides,
        public_url=loaded.public_url,
    )
    supervisor = Supervisor()

    async def take(incoming: Incoming) -> None:
        now = clock.now()
        ctx = Context(cast(Any, None), _chat(incoming, now), now, Desk(house, {}), Heard(incoming.kind, incoming.text))
        for reply in respond(ctx, incoming).replies:
            for piece in pieces(reply, channel.capabilities):
                parcel = Parcel(1, "telegram", incoming.account, incoming.chat, piece.text, piece.choices)
                supervisor.spawn(_send(parcel))

    async def _send(parcel: Parcel) -> None:
        await channel.send(parcel)

    await channel.start(take, supervisor.spawn)
    [hook] = channel.hooks()

    async def receive(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return web.Response(status=await hook.receive(headers, await request.read()))

    application = web.Application()
    application.router.add_post(hook.path, receive)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, loaded.host, loaded.port).start()
    await asyncio.Event().wait()


def _chat(incoming: Incoming, now: Any) -> Chat:
    """Somebody known, at home."""
    blank: dict[str, Any] = dict.fromkeys(Chat.__dataclass_fields__)
    blank |= {"id": 1, "channel": "telegram", "account": incoming.account, "key": incoming.chat, "form": "bac"}
    blank |= {"at": "menu:main", "trail": (), "notes": {}, "offered": (), "earlier": (), "misses": 0, "consent": "yes"}
    return Chat(**blank)


if __name__ == "__main__":
    uvloop.run(main())
