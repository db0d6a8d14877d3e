"""Where documents come from while the bot runs: the settings and channels that they tell people of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.core.imprint import Imprint, Ways
from bot.desk import House
from bot.links import Links, key_in
from bot.papers import Room
from bot.settings import Settings
from storage.db import Database


def room(
    settings: Settings, db: Database, house: House, channels: Mapping[str, Channel], now: Callable[[], datetime]
) -> Room:
    """`channels` may fill up later: a bot's name is known only once it is connected."""
    given = settings.secret_key
    key = given.get_secret_value().encode() if given else key_in(settings.camtay_data)
    return Room(db, now, lambda: imprint(settings, house, channels), Links(key))


def imprint(settings: Settings, house: House, channels: Mapping[str, Channel]) -> Imprint:
    """The commune, and the ways to the channels that are switched on."""
    commune = house.library.commune
    telegram, bots = channels.get("telegram"), channels.get("zalo_bot")
    ways = Ways(
        telegram=telegram.username if isinstance(telegram, TelegramChannel) else "",
        web=settings.public_url.rstrip("/"),
        oa=commune.zalo_oa if "zalo_oa" in channels else "",
        zalo_bots={name: bot for name, bot in commune.zalo_bots.items() if bots and name in (bots.accounts or (name,))},
    )
    return Imprint(commune, ways, settings.timezone)
