"""A seat: one person in one tab. Its token lives in that browser only; the house knows its fingerprint."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from aiohttp import web

_COOKIE = "camtay"
_ROLE_COOKIE = "camtay_vai"
_LAST_SEAT_COOKIE = "camtay_cho"
_YEAR = 365 * 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Seat:
    """`name` stands in the address bar and is no secret; `token` opens the conversation."""

    name: str
    token: str

    @classmethod
    def new(cls) -> Seat:
        return cls(secrets.token_hex(4), secrets.token_urlsafe(32))

    @classmethod
    def drawn(cls, key: bytes, *words: str) -> Seat:
        """The same words give the same seat, so that a form sent twice opens one conversation."""
        digest = hmac.digest(key, "\0".join(words).encode(), "sha512")
        return cls(digest[32:36].hex(), urlsafe_b64encode(digest[:32]).rstrip(b"=").decode())

    @classmethod
    def of(cls, request: web.Request) -> Seat | None:
        """The seat whose address is asked for, when the browser holds its token."""
        name, token = request.match_info["seat"], request.cookies.get(_COOKIE, "")
        return cls(name, token) if _NAME.fullmatch(name) and _TOKEN.fullmatch(token) else None

    @property
    def chat(self) -> str:
        """The chat's key in the house: whoever reads the database cannot sit down here."""
        return sha256(self.token.encode()).hexdigest()[:32]

    @property
    def path(self) -> str:
        return f"/s/{self.name}/"


def hand_over(response: web.Response, seat: Seat, *, role: str | None, secure: bool) -> None:
    """Give the browser its seat. In the demo (with a role) `/` keeps leading to the door."""
    _keep(response, _COOKIE, seat.token, seat.path, secure)
    if role is None:
        _keep(response, _LAST_SEAT_COOKIE, seat.name, "/", secure)
    else:
        _keep(response, _ROLE_COOKIE, role, seat.path, secure)


def role_of(request: web.Request) -> str:
    """Which invented person this tab is; empty outside the demo."""
    return request.cookies.get(_ROLE_COOKIE, "")


def last_seat(request: web.Request) -> str | None:
    """The path of the conversation this browser had last."""
    name = request.cookies.get(_LAST_SEAT_COOKIE, "")
    return f"/s/{name}/" if _NAME.fullmatch(name) else None


def forget_last_seat(request: web.Request, response: web.Response) -> None:
    """Where this conversation was the last one, `/` is the door again and no circle."""
    last = last_seat(request)
    if last and request.path.startswith(last):
        response.del_cookie(_LAST_SEAT_COOKIE, path="/")


def _keep(response: web.Response, name: str, value: str, path: str, secure: bool) -> None:
    # Lax, not Strict: the page must know the person also when a link in another app opened it.
    response.set_cookie(name, value, path=path, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
