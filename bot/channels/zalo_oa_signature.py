"""Who signed a webhook: `X-ZEvent-Signature: mac=SHA256(app id + raw body + timestamp + secret)`, no HMAC.

The makers' page names the "OA Secret Key" as the secret, other readings the app's: both are tried, and which one
fits is logged once, so that commissioning knows.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping

log = logging.getLogger(__name__)

HEADER = "x-zevent-signature"


def mac(app_id: str, body: bytes, timestamp: str, secret: str) -> str:
    """`timestamp` is the string in the body, exactly as it stands there."""
    return hashlib.sha256(app_id.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


class Signature:
    """Knows the candidates by a name that may be logged."""

    def __init__(self, app_id: str, secrets: Mapping[str, str]) -> None:
        self._app_id = app_id
        self._secrets = {name: secret for name, secret in secrets.items() if secret}
        if not self._secrets:
            raise ValueError("a webhook without a secret would take events from anybody")
        self._told: set[str] = set()

    def fits(self, shown: str, body: bytes, timestamp: str) -> bool:
        """Whether the header, with or without `mac=`, is made of these very bytes with a secret of ours."""
        given = shown.strip().removeprefix("mac=").lower().encode("utf-8", "replace")
        stamp = timestamp.encode("utf-8", "replace").decode()
        matches = {
            name: hmac.compare_digest(given, mac(self._app_id, body, stamp, secret).encode())
            for name, secret in self._secrets.items()
        }
        for name in (name for name, does in matches.items() if does and name not in self._told):
            self._told.add(name)
            log.info("zalo_oa.signed_with", extra={"secret": name})
        return any(matches.values())
