"""The road to Zalo's OA Open API and its token server: one exchange, told apart by what is known afterwards.

No exception, log record or repr made here holds a token or the app's secret. aiohttp's own exceptions know the
request's headers, so none of them is ever kept as a cause, and what a server says in words goes through `told`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

CONNECTIONS = 64
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
UPLOAD_SECONDS = 60.0

TOKEN_INVALID = -216
RATE_LIMITED = -32

_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_PLAIN_WORD = re.compile(r"[\w'’().,:;-]{1,24}")
_CODE = re.compile(r"-?\d{1,8}")
_LONGEST_WHY = 160

Raw = Mapping[str, Any]


class NotSent(Exception):
    """No connection came about, or something in front of Zalo turned us away: Zalo has seen nothing."""


class NoAnswer(Exception):
    """The request went out and no answer that can be read came back: Zalo may or may not have acted."""


class Refused(Exception):
    """The token server said no; `code` is its number, `why` what it said."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code} {why}".strip())
        self.code = code
        self.why = why


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said. `error` 0 is yes; `remain`: how many more calls it takes now, where it tells."""

    error: int
    why: str
    data: Raw = field(default_factory=dict, repr=False)
    remain: int | None = None


class Client:
    """One keep-alive session for both servers."""

    def __init__(
        self, app_id: str, app_secret: str, api_url: str, oauth_url: str, read_seconds: float = READ_SECONDS
    ) -> None:
        self.app_id = app_id
        self._app_secret = app_secret
        self._api, self._oauth = api_url.rstrip("/"), oauth_url.rstrip("/")
        self._usual = _timeout(read_seconds)
        self._uploading = _timeout(read_seconds, CONNECT_SECONDS + read_seconds + UPLOAD_SECONDS)
        # A token that is asked for has a lease that ends: the whole exchange must be over well before.
        self._asking = _timeout(read_seconds, CONNECT_SECONDS + read_seconds)
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"Client[{self.app_id}]"

    async def open(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._usual,
            )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, path: str, access: str, data: Raw | None = None) -> Answer:
        """Raises: NotSent, NoAnswer."""
        query = f"?data={quote(json.dumps(data), safe='')}" if data else ""
        return await self._call("GET", path + query, access, {})

    async def post(self, path: str, access: str, body: Raw) -> Answer:
        """Raises: NotSent, NoAnswer."""
        return await self._call("POST", path, access, {"json": body})

    async def upload(self, path: str, access: str, name: str, content: bytes, kind: str) -> Answer:
        """Raises: NotSent, NoAnswer."""
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name, content_type=kind)
        return await self._call("POST", path, access, {"data": form, "timeout": self._uploading})

    async def grant(self, form: Mapping[str, str]) -> Raw:
        """Ask the token server; the pair as it came.

        Raises:
            NotSent, NoAnswer.
            Refused: in its own words.
        """
        own = {"data": {**form, "app_id": self.app_id}, "timeout": self._asking}
        headers = {"secret_key": self._app_secret}
        _, _, raw = await self._exchange("POST", f"{self._oauth}/v4/oa/access_token", headers, own)
        answer = _object(raw)
        code = _number(answer.get("error"))
        if code:
            raise Refused(code, told(answer.get("error_name") or answer.get("error_description")))
        if not all(isinstance(answer.get(name), str) and answer[name] for name in ("access_token", "refresh_token")):
            raise NoAnswer("the answer holds no pair")
        return answer

    async def _call(self, method: str, path: str, access: str, own: dict[str, Any]) -> Answer:
        status, headers, raw = await self._exchange(method, self._api + path, {"access_token": access}, own)
        if status == 401:
            return Answer(TOKEN_INVALID, "HTTP 401")
        remain = _number(headers.get("X-RateLimit-Remain"))
        answer = _object(raw)
        code = _number(answer.get("error"))
        if code is None:
            return _unreadable(status, remain)
        if code == 0 and status >= 500:
            raise NoAnswer(f"HTTP {status}")
        data = answer.get("data")
        return Answer(code, told(answer.get("message")), data if isinstance(data, dict) else {}, remain)

    async def _exchange(
        self, method: str, url: str, headers: dict[str, str], own: dict[str, Any]
    ) -> tuple[int, Mapping[str, str], bytes]:
        if self._session is None:
            raise NotSent("not started, or closed")
        failure: Exception
        try:
            # A redirect would carry the token to another server.
            async with self._session.request(
                method, URL(url, encoded=True), headers=headers, allow_redirects=False, **own
            ) as response:
                return response.status, response.headers, await response.read()
        except _NEVER_LEFT as error:
            failure = NotSent(type(error).__name__)
        except Exception as error:  # only its name: aiohttp's own exceptions know addresses and headers
            failure = NoAnswer(type(error).__name__)
        raise failure


def told(words: object) -> str:
    """What a server said, as it may be shown: long words and signs of code are left out, for a token is one.

    However it is encoded: percent, entities and base64 all leave no space in it.
    """
    said = [word for word in str(words or "").split() if _is_plain(word)]
    return " ".join(said)[:_LONGEST_WHY]


def _is_plain(word: str) -> bool:
    letters_only = not any(sign.isdigit() for sign in word)
    return bool(_CODE.fullmatch(word) or (letters_only and _PLAIN_WORD.fullmatch(word)))


def _unreadable(status: int, remain: int | None) -> Answer:
    """An answer that is not the API's own.

    Zalo may have acted before it stumbled (5xx) or lost its answer (2xx). 503 and any other status come from
    something in front of it, which kept the call to itself.
    """
    if status == 429:
        return Answer(RATE_LIMITED, "HTTP 429", {}, remain)
    if status < 300 or (status >= 500 and status != 503):
        raise NoAnswer(f"HTTP {status}")
    raise NotSent(f"HTTP {status}")


def _object(raw: bytes) -> Raw:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: object) -> int | None:
    """Zalo writes numbers as numbers and as strings."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return int(value) if _CODE.fullmatch(str(value)) else None


def _timeout(read: float, total: float | None = None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=CONNECT_SECONDS, sock_read=read)
