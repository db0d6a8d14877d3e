"""What stands at every door of the web chat: who may ask, how often, and what a browser may do with the answer."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, MutableMapping
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.web_shapes import Limits, Rate

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": with that, older browsers send "Origin: null" on our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}

FETCH_MARK = "X-Camtay"
"""The header on every POST of our script; a foreign page cannot set it without being asked first."""

_KEYS_KEPT = 20_000


def seal(headers: MutableMapping[str, str], *, secure: bool) -> None:
    """Tell the browser to trust nothing but our own files. What is already set stays."""
    for name, value in {**HEADERS, **(HTTPS_ONLY if secure else {})}.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")


class Trouble(Exception):
    """A request that gets no answer; `what` names the words that say why, `wait` the seconds until it may."""

    def __init__(self, what: str, status: int, wait: float = 0) -> None:
        super().__init__(what)
        self.what, self.status, self.wait = what, status, wait


class Window:
    """Counts what each key did within the last seconds. Bounded: the longest unseen key is forgotten."""

    def __init__(self, rate: Rate, clock: Callable[[], datetime]) -> None:
        self._rate, self._clock = rate, clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Count one more; 0 when it is allowed, else the seconds to wait (and it is not counted)."""
        now = self._clock().timestamp()
        times = self._recent(key, now)
        if len(times) >= self._rate.times:
            return max(1.0, times[0] + self._rate.seconds - now)
        times.append(now)
        return 0

    def demand(self, key: str, what: str) -> None:
        """Count one more, or raise Trouble with these words."""
        if wait := self.take(key):
            raise Trouble(what, 429, wait)

    def give_back(self, key: str) -> None:
        """What was last counted turned out not to count."""
        if times := self._seen.get(key):
            times.pop()

    def _recent(self, key: str, now: float) -> deque[float]:
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while times and times[0] <= now - self._rate.seconds:
            times.popleft()
        while len(self._seen) > _KEYS_KEPT:
            self._seen.popitem(last=False)
        return times


def visitor(request: web.Request, *, behind_proxy: bool) -> str:
    """The network address that asks; of IPv6 the /64, which is one household.

    Behind our own proxy the last entry of X-Forwarded-For counts: the proxy wrote it, the rest may be invented.
    """
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if behind_proxy else ""
    try:
        address = ip_address(told or request.remote or "")
    except ValueError:
        return request.remote or "unknown"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return str(address)


def is_our_own_page(request: web.Request, public_url: str) -> bool:
    """Whether a page of ours sent this POST. A browser that tells nothing about it is refused."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    told = request.headers.get("Origin") or request.headers.get("Referer")
    if told is None:
        return site is not None
    return urlsplit(told).netloc in {request.host, urlsplit(public_url).netloc} - {""}


async def body_of(request: web.Request, limits: Limits) -> bytes:
    """The whole body, if it is small and comes soon; else Trouble."""
    body = bytearray()
    async with asyncio.timeout(limits.patience):
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > limits.longest_body:
                raise Trouble("too_long", 413)
    return bytes(body)


def without_controls(text: str) -> str:
    """What a person can have typed: no control characters (PostgreSQL refuses some), no half characters."""
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    return "".join(sign for sign in whole if sign >= " " or sign in "\n\t").replace("\x7f", "").strip()
