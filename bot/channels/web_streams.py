"""Who is listening right now: one bell for each open stream of a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Stream:
    """One open page. `is_over` is set when a newer page took its place or the house closes."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()
        self.is_over = False
        self.is_crowded_out = False

    def ring(self) -> None:
        self._bell.set()

    def end(self, *, crowded_out: bool = False) -> None:
        self.is_over, self.is_crowded_out = True, crowded_out
        self._bell.set()

    def listen(self) -> None:
        """Forget rings until now; call before looking, so that none is missed."""
        self._bell.clear()

    async def rang(self, seconds: float) -> None:
        """Wait for the next ring, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        except TimeoutError:
            pass


class Streams:
    """All open streams, by chat. A chat's oldest gives way to its newest: it is probably a dead connection."""

    def __init__(self, *, of_chat: int, of_all: int) -> None:
        self._of_chat, self._of_all = of_chat, of_all
        self._open: dict[str, list[Stream]] = {}
        self._count = 0
        self._closed = False

    @property
    def is_full(self) -> bool:
        return self._closed or self._count >= self._of_all

    def ring(self, chat: str) -> None:
        for stream in self._open.get(chat, ()):
            stream.ring()

    @contextmanager
    def opened(self, chat: str) -> Iterator[Stream]:
        """A stream of this chat, for as long as the block runs."""
        stream, streams = Stream(), self._open.setdefault(chat, [])
        streams.append(stream)
        self._count += 1
        for old in streams[: -self._of_chat]:
            old.end(crowded_out=True)
        try:
            yield stream
        finally:
            self._count -= 1
            streams.remove(stream)
            if not streams and self._open.get(chat) is streams:
                del self._open[chat]

    def close(self) -> None:
        """End every stream; none opens any more."""
        self._closed = True
        for streams in self._open.values():
            for stream in streams:
                stream.end()
