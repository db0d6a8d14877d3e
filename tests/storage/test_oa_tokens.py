"""The tokens of an OA: a refresh token is leased to one, and a new pair is written over the one it came from."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.channels.zalo_oa_http import Client
from bot.channels.zalo_oa_pairs import read_pair
from bot.channels.zalo_oa_tokens import Tokens
from bot.core.errors import AccountDown
from bot.oastore import OaStore, seal
from storage import oa_tokens
from storage.db import Database
from storage.oa_tokens import OaToken, Pair
from tests.fakes.zalo_oa import FakeZaloOa

APP = "1234567890123456789"
LEASE = timedelta(seconds=90)


def pair(number: int, now: datetime) -> Pair:
    return Pair(f"s1.a{number}", f"s1.r{number}", now, now + timedelta(hours=25))


async def planted(db: Database, now: datetime) -> OaToken:
    await db.run(lambda conn: oa_tokens.plant(conn, APP, pair(1, now), account="579"))
    return await row(db)


async def row(db: Database) -> OaToken:
    found = await db.run(oa_tokens.find, APP)
    assert found
    return found


async def test_nothing_is_there_at_first(db: Database) -> None:
    assert await db.run(oa_tokens.find, APP) is None


async def test_a_seed_is_a_refresh_token_alone(db: Database, now: datetime) -> None:
    await db.run(lambda conn: oa_tokens.plant(conn, APP, refresh="s1.r0", seed="print"))
    found = await row(db)
    assert (found.access, found.refresh, found.expires_at, found.seed, found.generation) == (
        "",
        "s1.r0",
        None,
        "print",
        1,
    )
    await db.run(lambda conn: oa_tokens.keep(conn, APP, 1, pair(1, now)))
    assert ((await row(db)).seed, (await row(db)).prev_refresh) == ("print", "s1.r0")


async def test_one_has_the_lease_until_it_runs_out_or_is_given_back(db: Database, now: datetime) -> None:
    await planted(db, now)
    assert await db.run(oa_tokens.lease, APP, 1, "one", now, now + LEASE)
    assert not await db.run(oa_tokens.lease, APP, 1, "two", now, now + LEASE)
    assert not await db.run(oa_tokens.lease, APP, 0, "two", now, now + LEASE)
    assert (await row(db)).asked_at == now
    later = now + LEASE
    assert await db.run(oa_tokens.lease, APP, 1, "two", later, later + LEASE)
    assert not await db.run(lambda conn: oa_tokens.give_back(conn, APP, 1, "one", asked_at=None))
    assert await db.run(lambda conn: oa_tokens.give_back(conn, APP, 1, "two", asked_at=now, failure="-14020"))
    found = await row(db)
    assert (found.asked_at, found.lease_by, found.lease_until, found.failure) == (now, "", None, "-14020")


async def test_a_new_pair_lays_the_old_one_aside_and_voids_what_was_said_of_it(db: Database, now: datetime) -> None:
    first = await planted(db, now)
    await db.run(oa_tokens.lease, APP, 1, "one", now, now + LEASE)
    assert await db.run(oa_tokens.keep, APP, 1, pair(2, now + LEASE))
    found = await row(db)
    assert found == replace(
        first,
        generation=2,
        access="s1.a2",
        refresh="s1.r2",
        got_at=now + LEASE,
        expires_at=now + LEASE + timedelta(hours=25),
        prev_access="s1.a1",
        prev_refresh="s1.r1",
        prev_got_at=now,
    )


async def test_a_late_pair_is_written_after_the_lease_and_never_over_a_newer_one(db: Database, now: datetime) -> None:
    await planted(db, now)
    await db.run(oa_tokens.lease, APP, 1, "slow", now, now + LEASE)
    await db.run(oa_tokens.lease, APP, 1, "hasty", now + LEASE, now + 2 * LEASE)
    await db.run(lambda conn: oa_tokens.give_back(conn, APP, 1, "hasty", asked_at=now, failure="-14020"))
    assert await db.run(oa_tokens.keep, APP, 1, pair(2, now))
    assert (await row(db)).failure == ""
    assert not await db.run(oa_tokens.keep, APP, 1, pair(3, now))
    assert (await row(db)).access == "s1.a2"


async def test_the_verifier_is_made_once(db: Database, now: datetime) -> None:
    assert await db.run(oa_tokens.verifier, APP, "first") == "first"
    assert await db.run(oa_tokens.verifier, APP, "second") == "first"
    await planted(db, now)
    assert await db.run(oa_tokens.verifier, APP, "third") == "first"


async def test_the_store_opens_what_it_sealed_and_hides_it(db: Database, now: datetime) -> None:
    hidden: list[str] = []
    store = OaStore(db, APP, seal("a-long-secret-key", "app"), lambda: now, hidden.append)
    await store.plant("R0")
    grant = await store.load()
    assert grant
    assert (grant.refresh, grant.access, grant.generation) == ("R0", "", 1)
    assert "R0" in hidden
    await store.name_account("579")
    assert (await OaStore(db, APP, seal("a-long-secret-key", "app"), lambda: now).load()) == replace(
        grant, account="579"
    )
    with pytest.raises(AccountDown, match="SECRET_KEY"):
        await OaStore(db, APP, seal("another-long-key", "other"), lambda: now).load()


PROGRAM = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.channels.zalo_oa import ZaloOaChannel
from bot.core.messages import Parcel
from bot.oastore import OaStore, seal
from storage.db import Database

class Deadly(OaStore):
    async def keep(self, generation, pair):
        await super().keep(generation, pair)
        os.kill(os.getpid(), signal.SIGKILL)

async def main(url, database, app, secret, store):
    db = await Database.open(database)
    tasks = set()
    clock = lambda: datetime.now(UTC)
    store = {"OaStore": OaStore, "Deadly": Deadly}[store](db, app, seal(None, secret), clock)
    channel = ZaloOaChannel(app, secret, "", store=store, guides=Path("."), clock=clock, api_url=url, oauth_url=url)
    await channel.start(None, lambda work: tasks.add(asyncio.create_task(work)))
    sys.stdout.write("ready\\n"); sys.stdout.flush()
    sys.stdin.readline()
    for _ in range(3):
        grant = await channel._tokens.current()
        await channel._tokens.renew(grant.generation)
    sys.stdout.write(await channel.send(Parcel(1, "zalo_oa", "", "42", "x")))
    await channel.close()
    await db.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def process(fake: FakeZaloOa, database_url: str, store: str) -> asyncio.subprocess.Process:
    words = [sys.executable, "-c", PROGRAM, fake.url, database_url, APP, fake.world.grants.app_secret, store]
    return await asyncio.create_subprocess_exec(*words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


async def test_processes_that_refresh_at_once_or_are_killed_burn_nothing(database_url: str) -> None:
    """One is killed when its new pair is written and not used yet. Another one and this very process then refresh at
    the same moment, three times over: the loser of each race takes the winner's pair.
    """
    async with FakeZaloOa() as fake:
        grants = fake.world.grants
        fake.world.interact("42")
        db = await Database.open(database_url)
        store = OaStore(db, APP, seal(None, grants.app_secret), fake.world.now)
        await store.bring(fake.world.oa_id, read_pair(grants.issue(), fake.world.now()))
        killed, other = [await process(fake, database_url, kind) for kind in ("Deadly", "OaStore")]
        await killed.communicate(b"go\n")
        assert (killed.returncode, grants.issued) == (-signal.SIGKILL, 3)
        assert other.stdout
        assert await other.stdout.readline() == b"ready\n"
        (number, _), _ = await asyncio.gather(other.communicate(b"go\n"), refresh_here(fake, store))
        await db.close()
        assert (other.returncode, len(number), grants.burned) == (0, 20, 0)
        assert [message["text"] for message in fake.world.person("42").said] == ["x"]


async def refresh_here(fake: FakeZaloOa, store: OaStore) -> None:
    tasks: list[asyncio.Task[None]] = []
    grants = fake.world.grants
    client = Client(grants.app_id, grants.app_secret, fake.url, fake.url)
    tokens = Tokens(client, store, fake.world.now, asyncio.sleep)
    await client.open()
    await tokens.open(lambda work: tasks.append(asyncio.create_task(work)))
    for _ in range(3):
        grant = await tokens.current()
        await tokens.renew(grant.generation)
    await client.close()
