"""Tokens: a refresh token is spent once, the new pair is durable before it is used, and what fails is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.zalo_oa_http import Client, told
from bot.channels.zalo_oa_pairs import Pair, read_pair
from bot.core.errors import AccountDown, Retry
from bot.oastore import OaStore, seal
from storage import oa_tokens
from storage.db import Busy
from tests.channels.zalo_oa_kit import NOW, Kit, receiving, zalo_oa

HALF_A_LIFE = 45_000


async def row(kit: Kit) -> oa_tokens.OaToken:
    found = await kit.db.run(oa_tokens.find, kit.fake.world.app_id)
    assert found
    return found


async def test_the_first_pair_comes_from_the_settings(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        grant = await kit.store.load()
        assert grant
        assert (grant.access, grant.refresh) == (kit.fake.world.grants.access, kit.fake.world.grants.refresh)
        assert (grant.account, grant.generation) == (kit.fake.world.oa_id, 2)
        assert grant.expires_at == NOW + timedelta(hours=25)


async def test_a_restart_without_network_knows_the_oa_and_asks_nothing(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        issued = kit.fake.world.grants.issued
        again = kit.another(api_url="http://127.0.0.1:1", oauth_url="http://127.0.0.1:1")
        await again.start(kit.house.take, kit.house.spawn)
        assert again.accounts == (kit.fake.world.oa_id,)
        assert kit.fake.world.grants.issued == issued
        await again.close()


async def test_the_same_setting_is_never_planted_twice(tmp_path: Path) -> None:
    """The refresh token in the settings is spent at the first start and stays there."""
    async with zalo_oa(tmp_path) as kit:
        kit.fake.world.grants.issue()  # somebody else's refresh: ours is spent
        kit.fake.world.advance(90_001)
        for _ in range(2):
            again = kit.another(refresh_token="R1_the_same_again")
            await again.start(kit.house.take, kit.house.spawn)
            await again.close()
        assert (await row(kit)).failure == "-14020"
        assert kit.fake.world.grants.burned == 2  # the one in force, then the new one of the settings, each once
        fresh = kit.another(refresh_token=kit.fake.world.grants.refresh)
        await fresh.start(kit.house.take, kit.house.spawn)
        assert await fresh.send(kit.parcel(chat="42"))
        await fresh.close()


async def test_without_any_token_the_channel_stays_out(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path, start=False, refresh_token=None) as kit:
        with pytest.raises(AccountDown, match="camtay zalo-oa login"):
            await kit.channel.start(kit.house.take, kit.house.spawn)


@pytest.mark.parametrize("mode", ["expired", "expired as -216", "replaced", "HTTP 401"])
async def test_a_token_that_died_is_refreshed_once_and_the_message_goes(mode: str, tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        grants = kit.fake.world.grants
        kit.fake.world.modes.http_401 = mode == "HTTP 401"
        kit.fake.world.modes.expired_as_216 = mode == "expired as -216"
        if mode == "replaced":
            grants.access = "another"
        else:
            grants._since = NOW - timedelta(hours=26)  # Zalo's clock and ours differ
        issued = grants.issued
        await asyncio.gather(*(kit.channel.send(kit.parcel()) for _ in range(5)))
        assert (grants.issued, grants.burned) == (issued + 1, 0)
        assert len(kit.fake.world.person("42").said) == 5


async def test_a_token_known_to_be_over_is_not_even_tried(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        kit.fake.world.advance(90_001)
        await kit.channel.send(kit.parcel())
        assert len(kit.fake.called("/v3.0/oa/message/cs")) == 1


async def test_it_is_refreshed_at_half_its_life_though_nothing_happens(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit, receiving(kit):
        grants = kit.fake.world.grants
        kit.fake.world.advance(HALF_A_LIFE - 60)
        await asyncio.sleep(0.02)
        assert grants.issued == 2
        kit.fake.world.advance(60)
        await kit.fake.until(lambda: grants.issued == 3)
        assert kit.house.pauses[0] == 60


async def test_a_pair_with_a_long_life_is_refreshed_weekly(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        grants = kit.fake.world.grants
        pair = Pair(grants.access, grants.refresh, NOW, NOW + timedelta(days=80))
        await kit.store.bring(kit.fake.world.oa_id, pair)
        async with receiving(kit):
            await asyncio.sleep(0.02)
            assert grants.issued == 2
            kit.fake.world.advance(7 * 86400)
            await kit.fake.until(lambda: grants.issued == 3)


async def test_several_processes_at_once_burn_nothing(tmp_path: Path) -> None:
    """Each has a store of its own; whoever loses the race takes the winner's pair."""
    async with zalo_oa(tmp_path) as kit:
        others = [kit.another() for _ in range(4)]
        for other in others:
            await other.start(kit.house.take, kit.house.spawn)
        kit.fake.world.advance(90_001)
        await asyncio.gather(*(each.send(kit.parcel()) for each in (kit.channel, *others)))
        assert (kit.fake.world.grants.issued, kit.fake.world.grants.burned) == (3, 0)
        for other in others:
            await other.close()


class Stumbling(OaStore):
    """The store of a database that is away for a moment, or of a process that dies at a bad one."""

    fails: Callable[[], Awaitable[None]] | None = None

    async def keep(self, generation: int, pair: Pair) -> None:
        if self.fails:
            await self.fails()
        await super().keep(generation, pair)


def stumbling(kit: Kit) -> Stumbling:
    grants = kit.fake.world.grants
    return Stumbling(kit.db, grants.app_id, seal(None, grants.app_secret), kit.fake.world.now, kit.hidden.append)


async def test_a_pair_in_hand_is_written_however_often_that_fails(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        store = stumbling(kit)
        channel = kit.another(store=store)
        await channel.start(kit.house.take, kit.house.spawn)
        failures = iter([Busy("locked"), OSError("the disk is full"), Busy("locked")])

        async def fails() -> None:
            if error := next(failures, None):
                raise error

        store.fails = fails
        kit.fake.world.advance(90_001)
        assert await channel.send(kit.parcel())
        assert [pause for pause in kit.house.pauses if pause < 1] == [0.1, 0.2, 0.4]
        await channel.close()


async def test_whoever_waits_may_be_cancelled_the_pair_is_written_all_the_same(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        kit.fake.world.advance(90_001)
        sending = asyncio.create_task(kit.channel.send(kit.parcel()))
        await kit.fake.until(lambda: len(kit.fake.called("/v4/oa/access_token")) == 2)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await kit.house.settle()
        found = await kit.store.load()
        assert found
        assert found.refresh == kit.fake.world.grants.refresh


async def test_a_pair_that_is_written_and_never_used_is_there_for_the_next_process(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        grants = kit.fake.world.grants
        await kit.store.keep(2, read_pair(grants.issue(), NOW))  # and here the process is killed
        assert await kit.channel.send(kit.parcel())
        assert (grants.issued, grants.burned) == (3, 0)


async def test_the_pair_before_is_kept_aside_and_nothing_lies_there_in_the_open(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        first = kit.fake.world.grants.access
        kit.fake.world.advance(90_001)
        await kit.channel.send(kit.parcel())
        found = await row(kit)
        assert seal(None, kit.fake.world.grants.app_secret).open(found.prev_access) == first
        for sealed in (found.access, found.refresh, found.prev_access, found.prev_refresh):
            assert sealed.startswith("s1.")
        assert kit.fake.world.grants.refresh not in repr(found)
        assert {kit.fake.world.grants.access, kit.fake.world.grants.refresh, first} <= set(kit.hidden)


async def test_tokens_sealed_with_another_key_are_told_as_such(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        with_key = OaStore(kit.db, kit.fake.world.app_id, seal("a-key-set-later-on", "wrong"), kit.fake.world.now)
        channel = kit.another(store=with_key)
        with pytest.raises(AccountDown, match="SECRET_KEY"):
            await channel.start(kit.house.take, kit.house.spawn)


@pytest.mark.parametrize(
    ("life", "seconds"), [("90000", 90_000), (3600, 3600), ("", 90_000), ("soon", 90_000), ("0", 90_000)]
)
def test_the_life_of_a_pair_is_a_string_of_seconds(life: object, seconds: int) -> None:
    pair = read_pair({"access_token": "a", "refresh_token": "r", "expires_in": life}, NOW)
    assert pair.expires_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("user_id is invalid", "user_id is invalid"),
        ("Lỗi -201: người dùng", "Lỗi người dùng"),
        ("x " * 200, ("x " * 200)[:160]),
        ("token Zx9_kL3 here", "token here"),
        ("q" * 25, ""),
        (None, ""),
    ],
)
def test_what_a_server_says_is_shown_without_signs_of_code(said: object, shown: str) -> None:
    assert told(said) == shown


async def test_a_client_that_is_closed_sends_nothing(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        await kit.channel.close()
        with pytest.raises(Retry):
            await kit.channel.send(kit.parcel())
    assert repr(Client("1", "s", "u", "v")) == "Client[1]"
