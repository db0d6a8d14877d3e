"""What the house knows of a channel: what it can do, how to send, how it receives."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from bot.core.messages import Incoming, Paper, Parcel

Take = Callable[[Incoming], Awaitable[None]]
"""Hands an update to the house. Returns once it is durable, and only then may it be acknowledged.

Raises only when the update could not be stored at all: then it must not be acknowledged.
"""

Spawn = Callable[[Coroutine[Any, Any, None]], object]
"""Starts side work that nobody waits for, in the one supervised place."""


class Papers(Protocol):
    """Where a channel that carries files (`files_out`) gets them."""

    async def build(self, paper: Paper) -> bytes:
        """The file itself, made now.

        Raises:
            NoPaper: it is gone, or it is not (any longer) theirs who asked.
        """
        ...

    def opened(self, token: str) -> Paper | None:
        """The document that a signed link leads to; None: not ours, or too old."""
        ...


Sleep = Callable[[float], Awaitable[object]]
"""Waits so many seconds; a test's own does not."""


class Backoff:
    """Pauses of 1 s to `longest`, doubling with each failure in a row; a little random, so that bots spread out."""

    def __init__(self, sleep: Sleep, longest: float) -> None:
        self._sleep, self._longest = sleep, longest
        self._failures = 0

    async def pause(self, at_least: float = 1.0) -> None:
        pause = max(at_least, min(self._longest, 2.0**self._failures * random.uniform(0.75, 1.25)))
        self._failures = min(self._failures + 1, 10)
        await self._sleep(pause)

    def reset(self) -> None:
        self._failures = 0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What rendering and planning need to know. Lengths are in UTF-16 code units.

    `pace` is messages a second of one account, `chat_pace` of one chat (both for unprompted messages).
    `pictures`, `voice`: whether they can be shown; where they cannot, the words carry what the picture shows.
    `proactive` "window": a person may be written to only for `window` after they wrote last.
    `monthly_quota` messages and `users_cap` people are what one account carries; None: no limit.
    """

    buttons: int
    max_text: int
    max_caption: int
    files_out: bool
    media_by_url_only: bool
    pictures: bool = True
    voice: bool = True
    proactive: Literal["always", "window"] = "always"
    window: timedelta = timedelta(days=7)
    monthly_quota: int | None = None
    users_cap: int | None = None
    pace: float = 25.0
    chat_pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Hook:
    """One way in over HTTP: `POST /hooks/<channel>`, and more behind that where there are several.

    Returns the status to answer with. `headers` have lower-case names. The body is untrusted bytes of at most 1 MiB.
    """

    path: str
    receive: Callable[[dict[str, str], bytes], Awaitable[int]]


@runtime_checkable
class Partly(Protocol):
    """A channel that goes on while some of its accounts are refused, and says which: name and reason of each."""

    @property
    def down(self) -> Mapping[str, str] | str:
        """Only the reason, or nothing, where there is but one account."""
        ...


class Channel(Protocol):
    """One file under `bot/channels` implements this; handlers never see it."""

    name: str
    capabilities: Capabilities

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts (bots) this channel speaks through."""
        ...

    async def start(self, take: Take, spawn: Spawn) -> None:
        """Connect. A refusal of the account raises AccountDown; comforts that fail are only logged."""
        ...

    async def receive(self) -> None:
        """Fetch updates until cancelled (polling); returns at once where updates are pushed."""
        ...

    def hooks(self) -> tuple[Hook, ...]:
        """The webhooks to serve; empty when polling."""
        ...

    async def send(self, parcel: Parcel) -> str:
        """Deliver one message; returns the platform's id of it.

        Raises:
            Retry, Stopped, Rejected, Unknown, AccountDown: see `bot.core.errors`.
        """
        ...

    def settled(self, parcel: Parcel) -> None:
        """The sending of this message is now recorded for good (the web page looks for it then)."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
