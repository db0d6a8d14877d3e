"""Which channels this commune speaks through: built from the settings, not connected yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pydantic import SecretStr

from bot.channels.base import Channel, Papers
from bot.channels.telegram import TelegramChannel
from bot.channels.web import WebChannel
from bot.channels.web_media import MediaShelf
from bot.channels.zalo_bot import ZaloBotChannel
from bot.channels.zalo_oa import ZaloOaChannel
from bot.demo import DemoDoor
from bot.desk import House
from bot.oastore import OaStore, seal
from bot.settings import Settings
from bot.webroster import WebRoster
from bot.webstore import WebStore
from storage.db import Database

Clock = Callable[[], datetime]


def channels(
    settings: Settings, db: Database, house: House, now: Clock, papers: Papers | None = None
) -> dict[str, Channel]:
    """The web page always; the others where their account is set. `papers` makes the documents that are sent."""
    found: list[Channel] = [_page(settings, db, house, now, papers)]
    if settings.telegram_bot_token:
        found.append(_telegram(settings, house, papers))
    if settings.zalo_bots:
        found.append(_zalo_bot(settings, house))
    if settings.zalo_oa_app_id:
        found.append(_zalo_oa(settings, db, now))
    return {channel.name: channel for channel in found}


def _page(settings: Settings, db: Database, house: House, now: Clock, papers: Papers | None) -> WebChannel:
    return WebChannel(
        WebStore(db, now),
        secure=settings.public_url.startswith("https"),
        demo=DemoDoor(db, now) if settings.is_demo else None,
        guides=settings.camtay_guides,
        clock=now,
        public_name=house.library.commune.name,
        public_url=settings.public_url,
        behind_proxy=settings.behind_proxy,
        papers=papers,
        roster=WebRoster(
            db, now, phones=house.library.commune.keep_phones, demo=settings.is_demo, timezone=settings.timezone
        ),
    )


def _telegram(settings: Settings, house: House, papers: Papers | None) -> TelegramChannel:
    commands = [
        (name, house.words.say(f"{by}.command_{name}", "bac").text) for name, by in house.book.described_by.items()
    ]
    return TelegramChannel(
        _plain(settings.telegram_bot_token),
        api_url=settings.telegram_api_url,
        updates=settings.updates,
        secret=_plain(settings.telegram_webhook_secret) or None,
        guides=settings.camtay_guides,
        public_url=settings.public_url or None,
        commands=commands,
        papers=papers,
    )


def _zalo_bot(settings: Settings, house: House) -> ZaloBotChannel:
    carries = house.library.commune.zalo_bot
    return ZaloBotChannel(
        settings.zalo_bots,
        api_url=settings.zalo_bot_api_url,
        updates=settings.updates,
        secret=_plain(settings.zalo_bot_webhook_secret) or None,
        public_url=settings.public_url or None,
        media_address=MediaShelf(settings.camtay_guides).address,
        large_text=carries.large_text,
        monthly_quota=carries.monthly_quota,
        users_cap=carries.users_cap,
    )


def _zalo_oa(settings: Settings, db: Database, now: Clock) -> ZaloOaChannel:
    app_secret = _plain(settings.zalo_oa_app_secret)
    sealed = seal(_plain(settings.secret_key), app_secret)
    return ZaloOaChannel(
        settings.zalo_oa_app_id,
        app_secret,
        _plain(settings.zalo_oa_secret_key),
        store=OaStore(db, settings.zalo_oa_app_id, sealed, now),
        guides=settings.camtay_guides,
        clock=now,
        public_url=settings.public_url or None,
        refresh_token=_plain(settings.zalo_oa_refresh_token) or None,
        api_url=settings.zalo_oa_api_url,
        oauth_url=settings.zalo_oauth_url,
    )


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
