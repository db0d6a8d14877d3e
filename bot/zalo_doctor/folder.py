"""Where an examination is kept: raw bodies without secrets and people, and the report; only the owner may read it."""

from __future__ import annotations

import os
from pathlib import Path

from bot.channels.zalo_bot_blank import Blanker
from bot.channels.zalo_bot_probe import Answer
from bot.channels.zalo_bot_probe_hook import Delivery

REPORT = "bao-cao.md"


class Folder:
    """`NN-<what>.json` by order, made when there is something to keep."""

    def __init__(self, path: Path, blanker: Blanker) -> None:
        self.path = path
        self.blanker = blanker
        self._number = 0

    def keep_answer(self, what: str, answer: Answer) -> None:
        told: dict[str, object] = {"what": what, "method": answer.method, "params": answer.params}
        told |= {"status": answer.status, "seconds": answer.seconds, "failure": answer.failure, "body": answer.body}
        self._keep(what, told)

    def keep_delivery(self, what: str, delivery: Delivery) -> None:
        self._keep(what, {"what": what, "status": delivery.status, "headers": delivery.headers, "body": delivery.body})

    def report(self, text: str) -> Path:
        return self._write(REPORT, text)

    def _keep(self, what: str, told: dict[str, object]) -> None:
        self._number += 1
        self._write(f"{self._number:02}-{what}.json", self.blanker.as_json(told) + "\n")

    def _write(self, name: str, text: str) -> Path:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self.path / name
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
        return file
