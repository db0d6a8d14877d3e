"""When refreshing fails: an alarm that says why, nothing more burnt, and a way back."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.zalo_oa_pairs import read_pair
from bot.core.errors import AccountDown, Retry
from storage import oa_tokens
from tests.channels.zalo_oa_kit import NOW, Kit, receiving, wait_until, zalo_oa
from tests.fakes.zalo_oa import Fault

HALF_A_LIFE = 45_000


async def row(kit: Kit) -> oa_tokens.OaToken:
    found = await kit.db.run(oa_tokens.find, kit.fake.world.app_id)
    assert found
    return found


async def test_a_spent_refresh_token_is_an_alarm_and_is_not_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with zalo_oa(tmp_path) as kit:
        kit.fake.world.grants.issue()
        for _ in range(3):
            with pytest.raises(AccountDown, match="used elsewhere"):
                await kit.channel.send(kit.parcel())
        assert kit.fake.world.grants.burned == 1
        assert "camtay zalo-oa login" in kit.channel.down
    assert [record.message for record in caplog.records if record.levelno == logging.ERROR] == [
        "zalo_oa.refresh_refused"
    ]


async def test_as_long_as_the_access_token_is_good_messages_go_on(tmp_path: Path) -> None:
    """The alarm is raised with half a day to spare."""
    async with zalo_oa(tmp_path) as kit:
        kit.fake.faults.append(Fault("code", "access_token", number=-14020))
        kit.fake.world.advance(HALF_A_LIFE)
        async with receiving(kit):
            await wait_until(lambda: kit.channel.down)
        assert await kit.channel.send(kit.parcel())
        assert kit.channel.down


async def test_a_login_mends_a_running_channel(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        grants = kit.fake.world.grants
        grants.issue()
        with pytest.raises(AccountDown):
            await kit.channel.send(kit.parcel())
        await kit.store.bring(kit.fake.world.oa_id, read_pair(grants.issue(), NOW))
        async with receiving(kit):
            await wait_until(lambda: not kit.channel._tokens.down)
        assert await kit.channel.send(kit.parcel())
        assert kit.channel.down == ""


async def test_a_refusal_that_a_person_may_mend_is_asked_again_after_an_hour(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        kit.fake.world.grants.app_active = False
        kit.fake.world.advance(90_001)
        for _ in range(2):
            with pytest.raises(AccountDown, match="-14002"):
                await kit.channel.send(kit.parcel())
        assert len(kit.fake.called("/v4/oa/access_token")) == 2
        kit.fake.world.grants.app_active = True
        kit.fake.world.advance(3600)
        assert await kit.channel.send(kit.parcel())


@pytest.mark.parametrize("kind", ["hang_after", "cut_after", "truncated"])
async def test_a_lost_answer_is_an_alarm_of_its_own(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Zalo acted and we did not hear it: the pair is lost, and a person has to know why."""
    async with zalo_oa(tmp_path, answer_seconds=0.1) as kit:
        kit.fake.world.advance(90_001)
        kit.fake.faults.append(Fault(kind, "access_token"))
        with pytest.raises(Retry):
            await kit.channel.send(kit.parcel())
        assert "answer with the new token was lost" in kit.channel.down
        with pytest.raises(Retry):  # not at once again
            await kit.channel.send(kit.parcel())
        kit.fake.world.advance(6)
        with pytest.raises(AccountDown, match="lost on its way"):
            await kit.channel.send(kit.parcel())
    said = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert said == ["zalo_oa.refresh_answer_lost", "zalo_oa.refresh_refused"]


@pytest.mark.parametrize("kind", ["hang", "cut", "502", "garbage", "503"])
async def test_where_zalo_had_not_acted_the_same_token_still_works(kind: str, tmp_path: Path) -> None:
    async with zalo_oa(tmp_path, answer_seconds=0.1) as kit:
        kit.fake.world.advance(90_001)
        kit.fake.faults.append(Fault(kind, "access_token"))
        with pytest.raises(Retry):
            await kit.channel.send(kit.parcel())
        kit.fake.world.advance(6)
        assert await kit.channel.send(kit.parcel())
        assert kit.channel.down == ""
        assert kit.fake.world.grants.burned == 0


async def test_no_connection_is_no_alarm_and_leaves_no_doubt(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        cut_off = kit.another(oauth_url="http://127.0.0.1:1")
        await cut_off.start(kit.house.take, kit.house.spawn)
        kit.fake.world.advance(90_001)
        with pytest.raises(Retry, match="cannot be reached"):
            await cut_off.send(kit.parcel())
        assert (cut_off.down, (await row(kit)).asked_at) == ("", None)
        await cut_off.close()


async def test_a_process_that_died_while_asking_leaves_its_lease_to_run_out(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path) as kit:
        dead = kit.store
        assert await dead.lease(2, timedelta(seconds=90))
        kit.fake.world.advance(90_001)
        assert await dead.lease(2, timedelta(seconds=90))
        waiting = asyncio.create_task(kit.channel.send(kit.parcel()))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        kit.fake.world.advance(91)
        assert await waiting


async def test_receiving_finds_out_whose_tokens_they_are_once_zalo_is_back(tmp_path: Path) -> None:
    async with zalo_oa(tmp_path, start=False) as kit:
        kit.fake.faults.append(Fault("503", "", times=3))
        await kit.channel.start(kit.house.take, kit.house.spawn)
        assert not kit.channel.accounts
        async with receiving(kit):
            await wait_until(lambda: step(kit) and kit.channel.accounts)
        assert await kit.channel.send(kit.parcel())


def step(kit: Kit) -> bool:
    kit.fake.world.advance(60)
    return True
