"""Asks the fake Zalo over HTTP, as a client of it would."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp

from tests.fakes.zalo_oa import FakeZaloOa, World

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
CS = "/v3.0/oa/message/cs"


class Asker:
    def __init__(self, fake: FakeZaloOa, http: aiohttp.ClientSession) -> None:
        self.fake, self.http = fake, http

    async def call(self, method: str, path: str, **own: Any) -> Any:
        headers = own.pop("headers", {"access_token": self.fake.world.grants.access})
        async with self.http.request(method, self.fake.url + path, headers=headers, **own) as response:
            answer = await response.json()
            return {**answer, "status": response.status, "headers": response.headers}

    async def message(self, message: Any, user: Any = "42", path: str = CS, **own: Any) -> Any:
        return await self.call("POST", path, json={"recipient": {"user_id": user}, "message": message}, **own)

    async def grant(self, secret: str | None = "Fake4App7Secret0For9Tests", **form: str) -> Any:
        words = {"app_id": self.fake.world.app_id, **form}
        headers = {"secret_key": secret} if secret else {}
        return await self.call("POST", "/v4/oa/access_token", data=words, headers=headers)

    async def upload(self, kind: str, name: str, content: bytes, field: str = "file") -> Any:
        form = aiohttp.FormData()
        form.add_field(field, io.BytesIO(content), filename=name)
        return await self.call("POST", f"/v2.0/oa/upload/{kind}", data=form)


@asynccontextmanager
async def asking() -> AsyncIterator[Asker]:
    """A fake whose clock stands still; the person 42 has written to the OA."""
    async with FakeZaloOa(world=World(clock=lambda: NOW)) as fake, aiohttp.ClientSession() as http:
        fake.world.interact("42")
        yield Asker(fake, http)
