"""The server around the channels, and what the web page asks the database."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from aiohttp import ClientSession
from aiohttp.web import Application

from bot import web
from bot.authoring.player import BEGIN
from bot.channels.base import Hook
from bot.channels.web import WebChannel
from bot.core.messages import Rank
from bot.settings import HERE
from bot.webstore import WebStore
from storage import chats, invites, outbox, units
from storage.db import Conn, Database
from storage.outbox import Draft
from tests.engine.kit import Clock


@pytest.fixture
def store(db: Database, clock: Clock) -> WebStore:
    return WebStore(db, clock)


def application(db: Database, store: WebStore, clock: Clock, *hooks: Hook) -> Application:
    page = WebChannel(store, secure=False, demo=None, guides=HERE / "guides", clock=clock)
    return web.application(db, hooks, page)


async def test_health_counts_and_hooks_answer_with_their_status(db: Database, store: WebStore, clock: Clock) -> None:
    bodies: list[bytes] = []

    async def receive(headers: dict[str, str], body: bytes) -> int:
        bodies.append(body)
        return 202 if headers["x-secret"] == "s" else 403

    runner, port = await web.serve(application(db, store, clock, Hook("/hooks/thu", receive)), "127.0.0.1", 0)
    try:
        async with ClientSession(f"http://127.0.0.1:{port}") as http:
            health = await (await http.get("/healthz")).json()
            assert health == {"ok": True, "outbox": {"queued": 0, "sending": 0}, "set_aside": 0}
            assert (await http.post("/hooks/thu", data=b"{}", headers={"X-Secret": "s"})).status == 202
            assert (
                await http.post("/hooks/thu", data=BytesIO(b"x" * 1_100_000), headers={"X-Secret": "s"})
            ).status == 413
        with pytest.raises(web.PortTaken, match=f"PORT={port + 1}"):
            await web.serve(application(db, store, clock), "127.0.0.1", port)
    finally:
        await runner.cleanup()
    assert bodies == [b"{}"]


def furnish(conn: Conn) -> None:
    home = units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None)
    invites.create(conn, code="NAPAN", unit_id=home.id, now=BEGIN)
    chat = chats.arrive(conn, "web", "web", "c1", BEGIN)
    outbox.add(conn, [Draft(chat.id, f"w{n}", Rank.ANSWER, f"lời {n}") for n in range(5)], BEGIN)
    parcels = outbox.claim(conn, BEGIN, limit=9, max_rank=Rank.BULK, accounts=[("web", "web")])
    for parcel in parcels:
        outbox.sent(conn, [(parcel, str(parcel.id))], BEGIN + timedelta(seconds=parcel.id))


@pytest.mark.parametrize("code", ["NAPAN", "napan", " NaPan\n"])
async def test_a_good_code_admits(db: Database, store: WebStore, code: str) -> None:
    await db.run(furnish)
    assert await store.admit(code)


@pytest.mark.parametrize("code", ["", "KHONGCO", "\0", "\ud800", "x" * 100_000, "NAPAN<>", "²²²²"])
async def test_a_bad_code_does_not(db: Database, store: WebStore, code: str) -> None:
    await db.run(furnish)
    assert not await store.admit(code)


async def test_history_goes_on_where_the_tab_fell_asleep(db: Database, store: WebStore) -> None:
    await db.run(furnish)
    assert await store.knows("c1")
    assert not await store.knows("c2")
    assert await store.history("c2", None, 9) == []
    latest = await store.history("c1", None, 3)
    assert [line.text for line in latest] == ["lời 2", "lời 3", "lời 4"]
    after = await store.history("c1", latest[0].cursor, 9)
    assert [line.text for line in after] == ["lời 3", "lời 4"]


NOON = "2026-11-24T05:00:00"
CURSORS = ("", "_", "rác", f"{NOON}_1", f"{NOON}+00:00_²", f"{NOON}+00:00_{'9' * 30}", f"{NOON}+00:00_-1")


@pytest.mark.parametrize("cursor", CURSORS)
async def test_a_cursor_nobody_gave_out_means_the_latest(db: Database, store: WebStore, cursor: str) -> None:
    await db.run(furnish)
    assert len(await store.history("c1", cursor, 2)) == 2
