"""Tokens of the fake Zalo: a refresh token works exactly once, and a new pair ends the access token before it.

Of the error numbers only -14002, -14003 and -14020 have been seen in life; the other ones are invented.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

ACCESS_LIFE, REFRESH_LIFE, CODE_LIFE = timedelta(seconds=90_000), timedelta(days=90), timedelta(minutes=10)


class OaError(Exception):
    """A refusal, with its number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass
class Code:
    challenge: str
    at: datetime
    used: bool = False


@dataclass
class Grants:
    """`burned` counts refresh tokens shown a second time, `issued` the pairs given out."""

    now: Callable[[], datetime]
    app_id: str = "1234567890123456789"
    app_secret: str = "Fake4App7Secret0For9Tests"
    callback: str = "https://camtay.example/"
    app_active: bool = True
    access: str = ""
    refresh: str = ""
    burned: int = 0
    issued: int = 0
    codes: dict[str, Code] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._since = self.now()
        self.issue()

    def issue(self) -> dict[str, Any]:
        number = next(self._numbers)
        self.access = f"A{number}_{secrets.token_urlsafe(96)}"
        self.refresh = f"R{number}_{secrets.token_urlsafe(96)}"
        self._since = self.now()
        self.issued += 1
        life = str(int(ACCESS_LIFE.total_seconds()))
        return {"access_token": self.access, "refresh_token": self.refresh, "expires_in": life}

    def consent(self, words: Mapping[str, str]) -> str:
        """Press "allow": the code of the redirect. Raises: OaError."""
        if words.get("app_id") != self.app_id or not self.app_active:
            raise OaError(-14002, "invalid app")
        if words.get("redirect_uri", self.callback) != self.callback:
            raise OaError(-14003, "invalid redirect uri")
        code = secrets.token_urlsafe(40)
        self.codes[code] = Code(words.get("code_challenge", ""), self.now())
        return code

    def exchange(self, secret: str | None, form: Mapping[str, str]) -> dict[str, Any]:
        """Raises: OaError."""
        if secret != self.app_secret:
            raise OaError(-14004, "invalid secret key")
        if form.get("app_id") != self.app_id or not self.app_active:
            raise OaError(-14002, "invalid app")
        match form.get("grant_type"):
            case "refresh_token":
                return self._refreshed(form.get("refresh_token", ""))
            case "authorization_code":
                return self._redeemed(form.get("code", ""), form.get("code_verifier", ""))
        raise OaError(-14010, "invalid grant type")

    def check(self, access: str | None, expired_as: int) -> None:
        """Raises: OaError for an access token that does not work."""
        if not access or access != self.access:
            raise OaError(-216, "Access token is invalid")
        if self.now() >= self._since + ACCESS_LIFE:
            raise OaError(expired_as, "Access token has expired")

    def _refreshed(self, refresh: str) -> dict[str, Any]:
        if refresh != self.refresh or self.now() >= self._since + REFRESH_LIFE:
            self.burned += 1
            raise OaError(-14020, "Invalid refresh token.")
        return self.issue()

    def _redeemed(self, code: str, verifier: str) -> dict[str, Any]:
        found = self.codes.get(code)
        if found is None or found.used or self.now() - found.at >= CODE_LIFE:
            raise OaError(-14011, "invalid code")
        digest = hashlib.sha256(verifier.encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != found.challenge:
            raise OaError(-14012, "invalid code verifier")
        found.used = True
        return self.issue()
