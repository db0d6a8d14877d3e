"""Sealing a secret that has to lie in the database: whoever has only the database, or a backup of it, cannot read it.

The standard library has no cipher, so one is put together from what it has, in the usual way: a key stream of
HMAC-SHA256 over a counter, then HMAC-SHA256 over all of it (encrypt, then authenticate), each with a key of its own.
What that protects from, and what not: docs/decisions/0009-sealed-tokens.md.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence

from bot.core.errors import CamtayError

_MARK = "s1."
_NONCE, _TAG = 16, 32


class Unreadable(CamtayError):
    """Mã đã niêm phong không mở được: SECRET_KEY hoặc ZALO_OA_APP_SECRET đã đổi. Đặt lại như cũ, hoặc đăng nhập lại."""


class Seal:
    """Seals with the first key; opens with whichever of them it was sealed with."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or not all(keys):
            raise ValueError("a seal needs a key")
        self._keys = [key.encode() for key in keys]

    def close(self, text: str) -> str:
        """The text, sealed; another result each time."""
        nonce = os.urandom(_NONCE)
        body = _xor(text.encode(), self._keys[0], nonce)
        tag = _mac(self._keys[0], nonce + body)
        return _MARK + base64.urlsafe_b64encode(nonce + tag + body).decode()

    def open(self, sealed: str) -> str:
        """The text again.

        Raises:
            Unreadable: sealed with another key, or altered.
        """
        nonce, tag, body = _parts(sealed)
        for key in self._keys:
            if hmac.compare_digest(tag, _mac(key, nonce + body)):
                return _xor(body, key, nonce).decode()
        raise Unreadable


def _parts(sealed: str) -> tuple[bytes, bytes, bytes]:
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(_MARK).encode())
    except ValueError:
        raw = b""
    if not sealed.startswith(_MARK) or len(raw) < _NONCE + _TAG:
        raise Unreadable
    return raw[:_NONCE], raw[_NONCE : _NONCE + _TAG], raw[_NONCE + _TAG :]


def _xor(text: bytes, key: bytes, nonce: bytes) -> bytes:
    own = _derived(key, b"encrypt")
    blocks = range(-(-len(text) // hashlib.sha256().digest_size))
    stream = b"".join(hmac.digest(own, nonce + block.to_bytes(8, "big"), "sha256") for block in blocks)
    return bytes(letter ^ mask for letter, mask in zip(text, stream, strict=False))


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(_derived(key, b"authenticate"), text, "sha256")


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"camtay seal 1 " + purpose, "sha256")
