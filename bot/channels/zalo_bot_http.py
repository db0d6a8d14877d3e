"""The road to the Zalo Bot Platform: one bot's calls, and the ways in which a call can fail.

Zalo says most refusals under HTTP 200, so the body is read before the status. What stands in front of Zalo
answers with pages that repeat the address, and the address holds the token: a page is never kept, and the words
of a refusal are kept without any spelling of the token. aiohttp's own exceptions know the address too, so none
of them is ever a cause.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

from bot.channels.zalo_bot_token import Token

CONNECTIONS = 128
DNS_SECONDS = 300
LONGEST_DESCRIPTION = 200

UNAUTHORIZED = 401
NO_NEWS = 408  # the ordinary end of a poll in which nothing came
DAILY_LIMIT = 426
TOO_MANY = 429

_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "CamTay"}

Params = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How many seconds a call may stay without an answer. Zalo fetches a picture while we wait."""

    connect: float = 10.0
    answer: float = 20.0
    media: float = 90.0
    poll: float = 30.0
    poll_grace: float = 10.0


class ZaloError(Exception):
    """A call that did not succeed; its text holds no token."""


class NotSent(ZaloError):
    """No connection came about: Zalo has seen nothing."""


class NoAnswer(ZaloError):
    """The request went out and no answer came back: Zalo may or may not have acted."""


class Page(ZaloError):
    """An answer that is not the API's: from a gateway, a proxy, a provider's block page."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} without an answer of the API")
        self.status = status


class Refused(ZaloError):
    """The API says no: `code` is one of its own, or the HTTP status where it gives none, or 0."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}".strip())
        self.code = code
        self.description = description


class Client:
    """Calls methods of one bot, over connections that are kept open."""

    def __init__(self, token: Token, api_url: str, timeouts: Timeouts) -> None:
        self.timeouts = timeouts
        self._token = token
        self._api_url = api_url
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return "Client(of a Zalo bot)"

    def open(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=DNS_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=_HEADERS,
            )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, method: str, params: Params, *, seconds: float | None = None) -> object:
        """The `result` of a method; None where the answer has none.

        Raises:
            NotSent, NoAnswer, Page, Refused.
        """
        status, body = await self.exchange(method, params, seconds or self.timeouts.answer)
        answer = json_object(body)
        if "ok" not in answer:
            raise Page(status)
        if answer["ok"] is True:
            return answer.get("result")
        raise Refused(error_code(answer, status), self._described(answer.get("description")))

    async def exchange(self, method: str, params: Params, seconds: float) -> tuple[int, bytes]:
        """The HTTP status and the body as it came, which may hold the token: for whoever reads it otherwise.

        Raises:
            NotSent, NoAnswer.
        """
        if self._session is None:
            raise NotSent("not started, or closed")
        limits = aiohttp.ClientTimeout(total=None, connect=self.timeouts.connect, sock_read=seconds)
        body = json.dumps(params).encode()
        try:
            address = URL(self._token.address(self._api_url, method), encoded=True)
            # A redirect would carry the token to another server.
            async with self._session.post(address, data=body, timeout=limits, allow_redirects=False) as response:
                return response.status, await response.read()
        except _NEVER_LEFT as error:
            failure: ZaloError = NotSent(type(error).__name__)
        except Exception as error:  # only its name: aiohttp's own exceptions know addresses and headers
            failure = NoAnswer(type(error).__name__)
        raise failure

    def _described(self, description: object) -> str:
        """One line of what the API says; blanked before it is cut, or half a token could be left."""
        words = description if isinstance(description, str) else ""
        return " ".join(self._token.hidden_in(words).split())[:LONGEST_DESCRIPTION]


def json_object(body: bytes) -> dict[str, object]:
    """The JSON object that the body is, or an empty one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def error_code(answer: Mapping[str, object], status: int) -> int:
    """Numbers, numbers as text, and the spelling of one page of the documentation all occur."""
    for name in ("error_code", "errorCode"):
        written = str(answer.get(name, "")).strip()
        if written.removeprefix("-").isdecimal() and len(written) < 10:
            return int(written)
    return status if status >= 400 else 0
