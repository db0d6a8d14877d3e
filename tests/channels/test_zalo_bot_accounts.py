"""Several bots in one channel: each with its own people, none dragging the others down."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.errors import AccountDown, Retry
from bot.logs import JsonLines, Scrubber
from tests.channels.zalo_bot_kit import House, a_channel, receiving, zalo
from tests.fakes.zalo_bot import Fault


async def test_each_bot_speaks_with_its_own_people() -> None:
    async with zalo(count=3) as kit:
        assert kit.channel.accounts == tuple(bot.id for bot in kit.fake.bots)
        async with receiving(kit):
            for number, bot in enumerate(kit.fake.bots):
                bot.say("Lan", str(number))
            await kit.fake.until(lambda: all(len(kit.fake.called("getUpdates", n)) == 2 for n in range(3)))
        found = {(incoming.account, incoming.chat, incoming.text) for incoming in kit.house.taken}
        assert found == {(bot.id, bot.person("Lan"), str(n)) for n, bot in enumerate(kit.fake.bots)}
        assert len({chat for _, chat, _ in found}) == 3
        for bot in kit.fake.bots:
            await kit.send(bot.id, account=bot.id, chat=bot.person("Lan"))
        assert [bot.chat("Lan").texts for bot in kit.fake.bots] == [[bot.id] for bot in kit.fake.bots]


async def test_the_log_tells_the_id_that_the_commune_writes_down(caplog: pytest.LogCaptureFixture) -> None:
    """Through the scrubber, which takes nineteen digits in words for somebody's secret."""
    caplog.set_level("INFO")
    async with zalo(count=1) as kit:
        [record] = [each for each in caplog.records if each.message == "zalo_bot.connected"]
        assert f'"account": {kit.bot.id}' in JsonLines(Scrubber([kit.bot.token])).format(record)


async def test_a_bad_token_stops_its_own_bot_only(caplog: pytest.LogCaptureFixture) -> None:
    async with zalo(count=1, start=False) as kit:
        tokens = ["no token", "999:not-of-anybody", f" {kit.bot.token}\n", kit.bot.token]
        channel = a_channel(tokens, kit.fake.url)
        await channel.start(kit.house.take, kit.house.spawn)
        assert channel.accounts == (kit.bot.id,)
        assert channel.down == {
            "bot 1": "a token looks like 12345689:abc-xyz",
            "bot 2": "401 Unauthorized",
            "bot 4": "the same token stands twice in the settings",
        }
        assert len(channel.hooks()) == 0
        await channel.close()
    refused = [record for record in caplog.records if record.message == "zalo_bot.account_refused"]
    assert [record.levelname for record in refused] == ["ERROR"] * 3


@pytest.mark.parametrize("tokens", [[], [""], ["no token", "7:" + "x" * 300], ["999:not-of-anybody", "998:neither"]])
async def test_with_no_good_token_the_channel_does_not_start(tokens: list[str]) -> None:
    async with zalo() as kit:
        channel = a_channel(tokens, kit.fake.url)
        with pytest.raises(AccountDown):
            await channel.start(kit.house.take, kit.house.spawn)
        assert channel.accounts == ()


async def test_two_tokens_of_one_bot_are_one_bot() -> None:
    async with zalo(count=2, start=False) as kit:
        kit.fake.bots[1].id = kit.bot.id
        await kit.channel.start(kit.house.take, kit.house.spawn)
        assert kit.channel.accounts == (kit.bot.id,)
        assert kit.channel.down == {"bot 2": f"the same bot as another token: {kit.bot.id}"}


async def test_where_zalo_is_down_at_start_it_is_tried_again() -> None:
    async with zalo(start=False) as kit:
        kit.fake.faults += [Fault("page", "getMe", times=2), Fault("reset", "getMe"), Fault("no_id", "getMe")]
        await kit.channel.start(kit.house.take, kit.house.spawn)
        assert (kit.channel.accounts, kit.channel.down) == ((), {})
        with pytest.raises(Retry) as caught:
            await kit.send()
        assert caught.value.whole_account
        kit.bot.say("Lan", "có ai không")
        async with receiving(kit):
            await kit.fake.until(lambda: kit.bot.polls and kit.house.taken)
        assert kit.channel.accounts == (kit.bot.id,)
        assert len(kit.house.pauses) == 3


async def test_a_token_that_turns_out_bad_later_stops_its_bot_only() -> None:
    async with zalo(count=2, start=False) as kit:
        kit.fake.faults += [Fault("page", "getMe", times=2), Fault("401", "getMe")]
        await kit.channel.start(kit.house.take, kit.house.spawn)
        async with receiving(kit):
            await kit.fake.until(lambda: any(bot.polls for bot in kit.fake.bots))
        assert len(kit.channel.accounts) == 1
        assert list(kit.channel.down.values()) == ["401 Unauthorized"]


async def test_a_token_refused_while_sending_stops_the_bot() -> None:
    async with zalo(count=2) as kit:
        kit.fake.faults.append(Fault("401", "sendMessage"))
        for _ in range(2):  # the second time without asking
            with pytest.raises(AccountDown):
                await kit.send()
        assert kit.channel.accounts == (kit.fake.bots[1].id,)
        assert kit.fake.called("sendMessage") == []
        assert await kit.send(account=kit.fake.bots[1].id, chat=kit.fake.bots[1].chat("Lan").id)


async def test_a_bot_that_left_the_settings_keeps_its_messages() -> None:
    async with zalo() as kit:
        with pytest.raises(Retry):
            await kit.send(account="1")


async def test_one_bots_spent_quota_leaves_the_others_alone() -> None:
    async with zalo(count=2) as kit:
        kit.bot.sent = 3000
        with pytest.raises(Retry):
            await kit.send()
        assert await kit.send(account=kit.fake.bots[1].id, chat=kit.fake.bots[1].chat("Lan").id)


async def test_the_51st_person_is_simply_not_there() -> None:
    async with zalo() as kit:
        for number in range(60):
            kit.bot.say(f"người {number}", "chào")
        async with receiving(kit):
            await kit.fake.until(lambda: kit.bot.polls and not kit.bot.queue)
        assert len(kit.house.taken) == 49  # Lan is the first
        assert len(kit.bot.dropped) == 11


async def test_many_at_once_share_few_connections() -> None:
    async with zalo() as kit:
        numbers = await asyncio.gather(*(kit.send(f"{n}") for n in range(100)))
        assert len(set(numbers)) == 100


async def test_starting_twice_and_closing_twice_hurts_nobody() -> None:
    house = House()
    channel = a_channel(["123:abc-xyz"])
    await channel.start(house.take, house.spawn)
    await channel.close()
    await channel.close()
