"""The tokens of an OA: a refresh token is leased to one, and a new pair is written over the one it came from."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

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
import asyncio, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from bot.channels.zalo_oa import ZaloOaChannel
from bot.core.messages import Parcel
from bot.oastore import OaStore, seal
from storage.db import Database

async def main(url, database, app, secret):
    db = await Database.open(database)
    tasks = set()
    def spawn(work):
        tasks.add(asyncio.create_task(work))
    async def take(incoming): ...
    clock = lambda: datetime.now(UTC)
    store = OaStore(db, app, seal(None, secret), clock)
    channel = ZaloOaChannel(app, secret, "", store=store, guides=Path("."), clock=clock, api_url=url, oauth_url=url)
    await channel.start(take, spawn)
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


async def test_two_processes_that_refresh_at_once_burn_nothing(database_url: str) -> None:
    """Both press at the same moment, three times over; the loser of each race takes the winner's pair."""
    async with FakeZaloOa() as fake:
        grants = fake.world.grants
        fake.world.interact("42")
        db = await Database.open(database_url)
        store = OaStore(db, APP, seal(None, grants.app_secret), fake.world.now)
        await store.plant(grants.refresh)
        await store.name_account(fake.world.oa_id)
        await db.close()
        words = [sys.executable, "-c", PROGRAM, fake.url, database_url, APP, grants.app_secret]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        both = [await asyncio.create_subprocess_exec(*words, **pipes) for _ in range(2)]
        for one in both:
            assert one.stdout
            assert await one.stdout.readline() == b"ready\n"
        outcomes = await asyncio.gather(*(one.communicate(b"go\n") for one in both))
        assert [one.returncode for one in both] == [0, 0]
        assert all(len(number) == 20 for number, _ in outcomes)
        assert grants.burned == 0
        assert len(fake.world.person("42").said) == 2
