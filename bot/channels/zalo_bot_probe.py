"""Single calls of one Zalo bot, with everything that came back: for looking at Zalo, not for talking to people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

from bot.channels.zalo_bot_http import Client, Params, Refused, Timeouts, ZaloError, error_code
from bot.channels.zalo_bot_outbox import send_error
from bot.channels.zalo_bot_token import Token
from bot.core.errors import SendError

_NO_PARAMS: Params = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as it came. `status` 0: nothing did, and `failure` says why. `body` None: it was no JSON."""

    method: str
    params: Params
    status: int
    body: object
    seconds: float
    failure: str = ""

    @property
    def envelope(self) -> Mapping[str, object]:
        return self.body if isinstance(self.body, dict) else {}

    @property
    def is_ok(self) -> bool:
        return self.envelope.get("ok") is True

    @property
    def result(self) -> object:
        return self.envelope.get("result") if self.is_ok else None

    @property
    def code(self) -> int:
        """Of the refusal, or the HTTP status where the API gives none; 0 where all is well or nothing came."""
        return 0 if self.is_ok else error_code(self.envelope, self.status)

    @property
    def description(self) -> str:
        """In Zalo's words, the token perhaps among them."""
        found = self.envelope.get("description")
        return found if isinstance(found, str) else ""

    @property
    def meaning(self) -> type[SendError]:
        """What the channel would make of this refusal of a message."""
        return type(send_error(Refused(self.code, self.description)))


class Probe:
    """Asks as one bot. Between `open` and `close`."""

    def __init__(self, token: Token, api_url: str, timeouts: Timeouts | None = None) -> None:
        self._client = Client(token, api_url, timeouts or Timeouts())

    def open(self) -> None:
        self._client.open()

    async def close(self) -> None:
        await self._client.close()

    async def call(self, method: str, params: Params = _NO_PARAMS) -> Answer:
        """Never raises for what Zalo or the network does."""
        began = monotonic()
        status, body, failure = 0, b"", ""
        try:
            status, body = await self._client.exchange(method, params, self._patience(method, params))
        except ZaloError as error:
            failure = str(error)
        return Answer(method, params, status, _json(body), round(monotonic() - began, 2), failure)

    def _patience(self, method: str, params: Params) -> float:
        limits, asked = self._client.timeouts, params.get("timeout")
        if method == "sendPhoto":
            return limits.media
        return asked + limits.poll_grace if isinstance(asked, int) else limits.answer


def _json(body: bytes) -> object:
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found
