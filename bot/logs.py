"""Logs as one JSON object a line, with stable action names and no secrets.

The message of a record is its action (`turn.failed`); details are `extra` fields. Whatever a library
writes goes through the same filter: tokens and secrets are blanked at the root handler.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote

from bot.core.secrets import redact

_OWN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_COLON = r"(?::|%(?:25)*3A|&#x3a;|&#58;|&colon;)"
_SIGN = r"(?:[A-Za-z0-9_.~-]|%(?:25)*(?:2D|2E|5F|7E)|&#(?:x2d|x2e|x5f|x7e|45|46|95|126);)"
# An id, a colon, a secret. Dotted words after a number are seldom a secret unless they hold a digit; after the 15 to 24
# digits of a Zalo bot's id a shorter secret is enough. Clock times, ports and IPv6 have fewer digits before a colon.
_TOKEN = re.compile(
    rf"(?<!\d)(?:\d{{6,24}}{_COLON}(?:(?=[A-Za-z_.~-]*\d){_SIGN}{{20,}}|[A-Za-z0-9_-]{{20,}}{_SIGN}*)"
    rf"|\d{{15,24}}{_COLON}{_SIGN}{{8,}})",
    re.IGNORECASE,
)
BLANK = "[đã xóa]"
_LATER_KEPT = 64


class Scrubber:
    """Blanks known secrets in any of the encodings a gateway may echo them in, and unknown ones by shape."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._fixed = [secret for secret in secrets if len(secret) >= 6]
        self._later: deque[str] = deque(maxlen=_LATER_KEPT)
        self._known = _pattern(self._fixed)

    def hide(self, secret: str) -> None:
        """Blank this one too. Of those that came later the oldest is forgotten: tokens change twice a day."""
        if len(secret) >= 6 and secret not in self._later and secret not in self._fixed:
            self._later.append(secret)
            self._known = _pattern([*self._fixed, *self._later])

    def clean(self, text: str) -> str:
        """Without our secrets, then without people's: those know half a token for an identity number."""
        return redact(self.without_tokens(text)).text

    def without_tokens(self, text: str) -> str:
        return _TOKEN.sub(BLANK, self._known.sub(BLANK, text))


def _pattern(secrets: Iterable[str]) -> re.Pattern[str]:
    spellings = {form for secret in secrets for form in _spellings(secret)}
    longest_first = sorted(spellings, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)


def _spellings(secret: str) -> set[str]:
    entities = {secret.replace(":", entity) for entity in ("&#x3a;", "&#58;", "&colon;")}
    in_json = {json.dumps(secret, ensure_ascii=ascii_)[1:-1] for ascii_ in (True, False)}
    return {secret, quote(secret, safe="")} | in_json | entities


class JsonLines(logging.Formatter):
    """One record, one line."""

    def __init__(self, scrubber: Scrubber) -> None:
        super().__init__()
        self._scrubber = scrubber
        self.hide = scrubber.hide

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "action": self._scrubber.clean(_message(record)),
        }
        entry |= {name: self._told(value) for name, value in record.__dict__.items() if name not in _OWN}
        if record.exc_info:
            entry["error"] = self._scrubber.clean("".join(traceback.format_exception(*record.exc_info)))
        return self._scrubber.without_tokens(json.dumps(entry, ensure_ascii=False))

    def _told(self, value: object) -> object:
        """A detail as it may be seen: numbers of ours as they are, words without secrets."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, dict):
            return {str(name): self._told(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple | set):
            return [self._told(inner) for inner in value]
        return self._scrubber.clean(str(value))


def _message(record: logging.LogRecord) -> str:
    """A message that does not fit its arguments is shown bare: logging's own complaint would print them unscrubbed."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def start(secrets: Iterable[str], level: str = "INFO") -> None:
    """Send every log record to standard error, scrubbed."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(Scrubber(secrets)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # httpx logs the bot's token inside the address of each call; aiohttp logs one line a request.
    for name in ("httpx", "httpcore", "aiohttp.access", "apscheduler", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def hide(secret: str) -> None:
    """From now on blank this one too: a secret that came into being while the bot runs."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, JsonLines):
            handler.formatter.hide(secret)
