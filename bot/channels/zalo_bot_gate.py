"""Keeps still while Zalo says "too many": a spent quota must not be hammered, nor a limit that passes in seconds."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.core.errors import Retry

log = logging.getLogger(__name__)

Clock = Callable[[], float]
"""Seconds that only grow, such as `time.monotonic`."""

PROBE_SECONDS = 2.0
_BURST, _LONGEST_BURST = 2.0, 60.0
_QUOTA, _LONGEST_QUOTA = 300.0, 3600.0
# 2 + 4 + ... + 60 seconds: what a burst leaves behind is over by then, so what goes on is the month's quota.
_BURSTS = 6


class Gate:
    """One account's. Closed, it lets nothing out: no answer either, since Zalo would refuse that too.

    When it opens again one message goes ahead, and the others wait for what becomes of it.
    """

    def __init__(self, account: str, clock: Clock) -> None:
        self._account = account
        self._clock = clock
        self._refusals = 0
        self._quota_refusals = 0
        self._closed_at = self._opens_at = float("-inf")

    def enter(self) -> float:
        """The moment of entering, to tell with the outcome.

        Raises:
            Retry: closed.
        """
        now = self._clock()
        if now < self._opens_at:
            raise Retry(self._opens_at - now, whole_account=True, reason="too many messages: waiting")
        if self._refusals:
            self._opens_at = now + PROBE_SECONDS
        return now

    def refused(self, entered: float, *, is_quota: bool) -> float:
        """Close; returns for how long. What was under way when it closed says nothing new."""
        now = self._clock()
        if entered < self._closed_at:
            return max(0.0, self._opens_at - now)
        self._closed_at, pause = now, self._pause(is_quota)
        self._opens_at = now + pause
        return pause

    def passed(self, entered: float) -> None:
        """Something went out."""
        if entered >= self._closed_at:
            self._refusals = self._quota_refusals = 0
            self._opens_at = float("-inf")

    def _pause(self, is_quota: bool) -> float:
        self._refusals += 1
        if not is_quota and not self._quota_refusals and self._refusals <= _BURSTS:
            return min(_LONGEST_BURST, _BURST * 2.0 ** (self._refusals - 1))
        if not self._quota_refusals:
            log.error("zalo_bot.quota_spent", extra={"account": self._account})
        self._quota_refusals += 1
        return min(_LONGEST_QUOTA, _QUOTA * 2.0 ** (self._quota_refusals - 1))
