"""The webhook side of the fake Zalo: events as raw bytes, signed, and repeated after a time-out."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.fakes.zalo_oa_world import World

Event = dict[str, Any]

PATIENCE = 2.0
REPEATS = (30, 300, 900, 1800, 3600)


@dataclass(frozen=True)
class Delivery:
    """One attempt: `status` 0 where nobody answered in time. `repeat` is the header num_retry, 0 at first."""

    event: str
    status: int
    seconds: float
    repeat: int


class Pusher:
    """`complaints` lists what a real Zalo would hold against us: answers that are late or not 200.

    `scale` shortens the pauses before a repeat; `repeats_refused`: also repeat what was answered, but not with 200
    (nobody knows whether the real one does).
    """

    def __init__(self, world: World, changed: Callable[[], None]) -> None:
        self.url = ""
        self.scale = 0.0005
        self.patience = PATIENCE
        self.repeats_refused = False
        self.disabled = False
        self.deliveries: list[Delivery] = []
        self.complaints: list[str] = []
        self._world, self._changed = world, changed
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def push(self, event: Event, *, secret: str | None = None, header: str | None = None, times: int = 1) -> bytes:
        """Send an event, `times` over. `secret` signs instead of the OA's; `header` instead of a signature."""
        body = raw(event)
        for _ in range(times if self.url and not self.disabled else 0):
            task = asyncio.create_task(self._push(event, body, self._headers(event, body, secret, header)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return body

    async def settle(self) -> None:
        """Until every attempt and every repeat is over."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def _headers(self, event: Event, body: bytes, secret: str | None, header: str | None) -> dict[str, str]:
        if header is not None:
            return {"X-ZEvent-Signature": header} if header else {}
        stamp = str(event.get("timestamp", ""))
        signed = self._world.app_id.encode() + body + stamp.encode() + (secret or self._world.oa_secret).encode()
        return {"X-ZEvent-Signature": f"mac={hashlib.sha256(signed).hexdigest()}"}

    async def _push(self, event: Event, body: bytes, headers: dict[str, str]) -> None:
        for repeat, pause in enumerate((0, *REPEATS)):
            await asyncio.sleep(pause * self.scale)
            again = {"num_retry": str(repeat)} if repeat else {}
            delivery = await self._post(str(event.get("event_name")), body, {**headers, **again}, repeat)
            self.deliveries.append(delivery)
            self._complain(delivery)
            self._changed()
            if delivery.status == 200 or (delivery.status and not self.repeats_refused):
                return
        self.disabled = True

    async def _post(self, name: str, body: bytes, headers: dict[str, str], repeat: int) -> Delivery:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.patience))
        began = time.monotonic()
        status = 0
        try:
            json_ = {"Content-Type": "application/json"}
            async with self._session.post(self.url, data=body, headers={**json_, **headers}) as response:
                await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError):
            pass
        return Delivery(name, status, time.monotonic() - began, repeat)

    def _complain(self, delivery: Delivery) -> None:
        if delivery.status != 200 or delivery.seconds >= self.patience:
            self.complaints.append(f"{delivery.event}: status {delivery.status} after {delivery.seconds:.2f} s")


def raw(event: Event) -> bytes:
    """The bytes as Zalo writes them: keys in its own order, and a blank here and there that the signature covers."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ": ")).encode("utf-8", "surrogatepass")
