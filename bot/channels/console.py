"""The terminal as a channel: the simulator for authors, on the same engine as everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count

from bot.channels.base import Capabilities, Hook, Spawn, Take
from bot.core.messages import Incoming, Kind, Parcel

_ANSWER_WITHIN = 5.0
_GIFTS = {"[ảnh]": Kind.PHOTO, "[giọng]": Kind.VOICE, "[nhãn]": Kind.STICKER}


class ConsoleChannel:
    """One person at one terminal. `read` brings a line typed, or None at the end; `write` shows a text."""

    name = "console"
    capabilities = Capabilities(
        buttons=0,
        max_text=4000,
        max_caption=4000,
        files_out=False,
        media_by_url_only=False,
        pace=1000,
        chat_pace=1000,
    )
    accounts = ("console",)

    def __init__(self, read: Callable[[], Awaitable[str | None]], write: Callable[[str], None], code: str = "") -> None:
        self._read, self._write, self._code = read, write, code
        self._numbers = count(1)
        self._answered = asyncio.Event()
        self.ended = asyncio.Event()

    async def start(self, take: Take, spawn: Spawn) -> None:
        self._take = take

    async def receive(self) -> None:
        """Say hello with the code, then one line after the other until the end of input."""
        await self._say(Kind.START, self._code)
        while (line := await self._read()) is not None:
            if line.strip():
                await self._say(_GIFTS.get(line.strip(), Kind.TEXT), line.strip())
        self.ended.set()

    def hooks(self) -> tuple[Hook, ...]:
        return ()

    async def send(self, parcel: Parcel) -> str:
        picture = f"[{parcel.media.alt or parcel.media.path}]\n" if parcel.media else ""
        self._write(f"\n{picture}{parcel.text}\n")
        self._answered.set()
        return str(parcel.id)

    def settled(self, parcel: Parcel) -> None:
        """Nothing to do: it is on the screen."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def _say(self, kind: Kind, text: str) -> None:
        self._answered.clear()
        await self._take(Incoming(self.name, "console", "1", str(next(self._numbers)), kind, text))
        # A double tap or the like has no answer: the prompt comes back all the same.
        with suppress(TimeoutError):
            async with asyncio.timeout(_ANSWER_WITHIN):
                await self._answered.wait()
