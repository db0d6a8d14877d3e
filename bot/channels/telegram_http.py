"""The road to Telegram: python-telegram-bot's `Bot` on aiohttp, telling "not sent" from "not answered".

No exception, log record or repr made here holds the bot's token. aiohttp's own exceptions know the address,
and the address holds the token, so none of them is ever kept as a cause.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import aiohttp
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData
from yarl import URL

CONNECTIONS = 256
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
UPLOAD_SECONDS = 60.0
DNS_SECONDS = 300

# What python-telegram-bot turns into exceptions of its own; for the others it has only NetworkError.
_NAMED_BY_PTB = frozenset({400, 401, 403, 404, 409})
_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_JSON = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """No connection came about: Telegram has seen nothing."""


class NoAnswer(NetworkError):
    """The request went out and no answer came back: Telegram may or may not have acted."""


class TooMany(TelegramError):
    """Telegram asks to wait `seconds`; nothing was delivered."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests: wait {seconds:g} s")
        self.seconds = seconds


class ServerTrouble(NetworkError):
    """An answer that is not the Bot API's: an error of the server, or of something in front of it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class AiohttpRequest(BaseRequest):
    """One keep-alive session for all calls. `hide` is blanked in whatever a server answers with an error."""

    def __init__(self, hide: str, read_seconds: float) -> None:
        self._hide = hide.encode()
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None
        self._addresses: dict[str, URL] = {}
        self._usual = _timeout(CONNECT_SECONDS, read_seconds)

    @property
    def read_timeout(self) -> float:
        return self._read_seconds

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=DNS_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                # Answers are a few hundred bytes: unpacking them costs more than their size.
                headers={"Accept-Encoding": "identity", "User-Agent": self.USER_AGENT},
                auto_decompress=False,
                timeout=self._usual,
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One exchange: the status and the body.

        Raises:
            NotSent, NoAnswer, TooMany, ServerTrouble, BadRequest: the last for statuses that
                python-telegram-bot has no name for, such as 413.
        """
        limits = self._limits(request_data, read_timeout, write_timeout, connect_timeout)
        if self._session is None:
            raise NotSent("not started, or closed")
        try:
            status, body = await self._exchange(self._session, method, url, request_data, limits)
        except _NEVER_LEFT as error:
            failure: NetworkError = NotSent(type(error).__name__)
        except Exception as error:
            failure = NoAnswer(type(error).__name__)
        else:
            return status, body if status < 300 else self._explained(status, body)
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer, always with a `result`. (The one of python-telegram-bot logs what it cannot read.)"""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise ServerTrouble(200)
        answer.setdefault("result", None)
        return answer

    async def _exchange(
        self,
        session: aiohttp.ClientSession,
        method: str,
        url: str,
        request_data: RequestData | None,
        limits: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        address = self._addresses.get(url) or self._addresses.setdefault(url, URL(url, encoded=True))
        data, headers = _body(request_data)
        # A redirect would carry the token to another server.
        async with session.request(
            method, address, data=data, headers=headers, timeout=limits, allow_redirects=False
        ) as response:
            return response.status, await response.read()

    def _limits(
        self, request_data: RequestData | None, read: object, write: object, connect: object
    ) -> aiohttp.ClientTimeout:
        """aiohttp does not time the writing, so an upload gets an end for the whole exchange."""
        uploads = request_data is not None and request_data.contains_files
        default = BaseRequest.DEFAULT_NONE
        if not uploads and read is default and connect is default:
            return self._usual
        connecting, reading = _seconds(connect, CONNECT_SECONDS), _seconds(read, self._read_seconds)
        parts = [connecting, reading, _seconds(write, UPLOAD_SECONDS)]
        total = sum(part for part in parts if part) if uploads and all(parts) else None
        return _timeout(connecting, reading, total)

    def _explained(self, status: int, body: bytes) -> bytes:
        """The body of an error for python-telegram-bot to name; raises where it has no name for it."""
        body = body.replace(self._hide, b"***") if self._hide else body
        try:
            answer = self.parse_json_payload(body)
        except ServerTrouble:
            answer = {}
        wait = _dictionary(answer.get("parameters")).get("retry_after")
        if status == 429 or wait:
            raise TooMany(float(wait) if isinstance(wait, int | float) and wait > 0 else 1.0)
        if status == 413:
            raise BadRequest("Request Entity Too Large")
        if not answer or status not in _NAMED_BY_PTB:
            raise ServerTrouble(status)
        return body


class Client(Bot):
    """`Bot` with one way to call any method and get the raw result, and without a token in repr or logs.

    `send_message` costs 400 µs of CPU, `call("sendMessage", ...)` 140: most of the difference is a Message
    object with a hundred fields of which we need one.
    """

    # At DEBUG, Bot logs its address (which holds the token) and everything people are told.
    _LOGGER = logging.getLogger("bot.channels.telegram.client")
    _LOGGER.setLevel(logging.INFO)

    __slots__ = ()

    def __init__(self, token: str, api_url: str, read_seconds: float = READ_SECONDS) -> None:
        request = AiohttpRequest(token.partition(":")[2], read_seconds)
        base = api_url.rstrip("/")
        super().__init__(token, f"{base}/bot", f"{base}/file/bot", request, request)

    def __repr__(self) -> str:
        account, colon, _ = self.token.partition(":")
        return f"Client[{account if colon else '?'}]"

    async def call(self, method: str, data: dict[str, object], *, read_timeout: float | None = None) -> Any:
        """Raises: TelegramError, among them the four of this file."""
        if read_timeout is None:
            return await self._post(method, data)
        return await self._post(method, data, read_timeout=read_timeout)


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    if request_data is None:
        return None, None
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), _JSON
    form = aiohttp.FormData()
    for name, text in request_data.json_parameters.items():
        form.add_field(name, text)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, None


def _timeout(connect: float | None, read: float | None, total: float | None = None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=connect, sock_read=read)


def _seconds(value: object, default: float) -> float | None:
    if value is None or isinstance(value, int | float):
        return value
    return default


def _dictionary(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
