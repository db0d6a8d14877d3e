"""What answering and planning need besides the database: the house, and what each channel can carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.channels.base import Capabilities
from bot.core.guide import Library
from bot.core.messages import Paper
from bot.core.routing import Book
from bot.render import Words

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class House:
    """What does not change while the bot runs: the guides, the words, the routes."""

    library: Library
    words: Words
    book: Book


@dataclass(frozen=True, slots=True)
class Desk:
    """The house, the channels that are switched on with their accounts, and where the commune's clock hangs."""

    house: House
    channels: Mapping[str, Capabilities]
    zone: ZoneInfo = _ZONE
    accounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    link: Callable[[Paper, datetime], str] = lambda paper, now: ""  # where a document can be fetched, if anywhere

    def local(self, now: datetime) -> datetime:
        return now.astimezone(self.zone)

    def day(self, now: datetime) -> str:
        """The local date, `2026-11-24`."""
        return f"{self.local(now):%Y-%m-%d}"

    def month(self, now: datetime) -> str:
        """The local month, `2026-11`."""
        return f"{self.local(now):%Y-%m}"
