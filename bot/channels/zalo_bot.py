"""Zalo Bot Platform: as many bots as there are tokens, by polling or webhook. No buttons; media by address only."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Literal

from bot.channels.base import Capabilities, Hook, Sleep, Spawn, Take
from bot.channels.zalo_bot_account import Account, Ways
from bot.channels.zalo_bot_gallery import FindMedia, Gallery
from bot.channels.zalo_bot_gate import Clock
from bot.channels.zalo_bot_http import Timeouts
from bot.channels.zalo_bot_inbox import CHANNEL
from bot.channels.zalo_bot_outbox import LONGEST_TEXT
from bot.channels.zalo_bot_token import Token
from bot.core.errors import AccountDown, Retry
from bot.core.messages import Parcel

ACCOUNT_PACE, CHAT_PACE = 5.0, 1.0

_SECRET = re.compile(r"[!-~]{8,256}")
_NOT_YET = 60.0
_TIMEOUTS = Timeouts()


class ZaloBotChannel:
    """All Zalo bots of the commune. A refused token stops its own bot; the others go on.

    `public_url` is where Zalo reaches this machine: for the webhook, and for pictures and voices, whose paths
    under it `media_address` tells from their paths inside the guides folder. Without it there are none, and a
    webhook is served but Zalo is not told about it. A webhook needs `secret`, 8 to 256 printable characters.
    `monthly_quota` messages and `users_cap` people are what one bot carries.
    """

    name = CHANNEL

    def __init__(
        self,
        tokens: Sequence[str],
        *,
        api_url: str,
        updates: Literal["polling", "webhook"],
        secret: str | None,
        public_url: str | None,
        media_address: FindMedia | None = None,
        large_text: bool = False,
        monthly_quota: int | None = None,
        users_cap: int | None = None,
        timeouts: Timeouts = _TIMEOUTS,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = monotonic,
    ) -> None:
        polls = updates == "polling"
        if not polls and not _SECRET.fullmatch(secret or ""):
            raise ValueError("a webhook needs a secret of 8 to 256 printable characters without spaces")
        gallery = Gallery(public_url or "", media_address)
        self.capabilities = _capabilities(gallery, monthly_quota, users_cap)
        ways = Ways(api_url, polls, (secret or "").encode(), gallery, large_text, timeouts, sleep, clock)
        self._polls = polls
        known = [Token(token.strip()) for token in tokens]
        self._bots = [Account(place, token, ways, self._is_new) for place, token in enumerate(known, 1)]
        for place, (bot, token) in enumerate(zip(self._bots, known, strict=True)):
            if token in known[:place]:
                bot.refuse("the same token stands twice in the settings")

    @property
    def accounts(self) -> tuple[str, ...]:
        """The bots that Zalo has named and not refused since. What waits for another waits on."""
        return tuple(bot.id for bot in self._bots if bot.is_up)

    @property
    def down(self) -> Mapping[str, str]:
        """The bots that a person has to mend, and why: by place in the settings and id, never by token."""
        return {bot.label: bot.refused for bot in self._bots if bot.refused}

    async def start(self, take: Take, spawn: Spawn) -> None:
        """Connect. Where Zalo cannot be reached now, `receive` keeps trying.

        Raises:
            AccountDown: no token is accepted.
        """
        await asyncio.gather(*(bot.start(take, spawn) for bot in self._bots))
        try:
            self._check()
        except AccountDown:
            await self.close()
            raise

    async def receive(self) -> None:
        """Fetch for all bots side by side.

        Raises:
            AccountDown: every token has been refused by now.
        """
        await asyncio.gather(*(bot.receive() for bot in self._bots if not bot.refused))
        self._check()

    def hooks(self) -> tuple[Hook, ...]:
        return () if self._polls else tuple(bot.hook for bot in self._bots if not bot.refused)

    async def send(self, parcel: Parcel) -> str:
        bot = next((bot for bot in self._bots if bot.id == parcel.account), None)
        if bot is None:
            raise Retry(_NOT_YET, whole_account=True, reason="not connected yet, or its token is gone")
        return await bot.send(parcel)

    def settled(self, parcel: Parcel) -> None:
        """Zalo keeps the history itself: nothing to look for."""

    async def close(self) -> None:
        await asyncio.gather(*(bot.close() for bot in self._bots))

    def _is_new(self, account: str) -> bool:
        return all(bot.id != account for bot in self._bots)

    def _check(self) -> None:
        if all(bot.refused for bot in self._bots):
            raise AccountDown("; ".join(f"{bot}: {why}" for bot, why in self.down.items()) or "no token")


def _capabilities(gallery: Gallery, monthly_quota: int | None, users_cap: int | None) -> Capabilities:
    return Capabilities(
        buttons=0,
        max_text=LONGEST_TEXT,
        max_caption=LONGEST_TEXT,
        files_out=False,
        media_by_url_only=True,
        pictures=gallery.is_open,
        voice=gallery.is_open,
        proactive="always",
        monthly_quota=monthly_quota,
        users_cap=users_cap,
        pace=ACCOUNT_PACE,
        chat_pace=CHAT_PACE,
    )
