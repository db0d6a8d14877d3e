"""Links that expire: what they lead to stands in them, signed, so that nothing has to be kept or can be guessed."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.core.messages import Paper

_KEY_FILE = "secret.key"
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Links:
    """`key` signs; whoever has it can make links."""

    key: bytes

    def token(self, paper: Paper, until: datetime) -> str:
        """What this document's link ends in."""
        body = json.dumps([paper.recipe, paper.name, paper.asked_by, int(until.timestamp())], separators=(",", ":"))
        return f"{_packed(body.encode())}.{_packed(self._sign(body.encode()))}"

    def opened(self, token: str, now: datetime) -> Paper | None:
        """The document, if this key signed the token and it is not over yet."""
        try:
            body, signature = map(_unpacked, token[:_LONGEST].split("."))
            genuine = hmac.compare_digest(signature, self._sign(body))
            recipe, name, asked_by, until = json.loads(body) if genuine else ("", "", None, 0)
        except ValueError:
            return None
        return Paper(recipe, name, asked_by) if now < datetime.fromtimestamp(until, UTC) else None

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self.key, b"paper\0" + body, "sha256")


def key_in(folder: Path) -> bytes:
    """A random key that only this machine's user can read; made once and kept, so that links outlive a restart."""
    path = folder / _KEY_FILE
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        _write(path, secrets.token_hex(32).encode())
    return path.read_bytes()


def _write(path: Path, key: bytes) -> None:
    """Whole or not at all, also when two processes start at once.

    Raises:
        FileExistsError: there is a key already.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def _packed(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
