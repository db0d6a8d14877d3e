"""The outbox on its way out: in order, whatever the platform answers, whatever moment the bot stops at."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from bot.authoring.player import BEGIN
from bot.channels.base import Capabilities
from bot.core.errors import AccountDown, Rejected, Retry, Stopped, Unknown
from bot.core.messages import Choice, Rank
from bot.outgoing import Desk
from storage import chats, grants, mishaps, people, units
from storage.db import Conn, Database
from tests.engine.bench import SLOW, sending, settled
from tests.engine.kit import Clock, Scripted, queue, until


async def test_a_thousand_rows_each_chat_in_order(db: Database, desk: Desk, clock: Clock) -> None:
    def fill(conn: Conn) -> None:
        for chat in range(50):
            queue(conn, f"c{chat}", [f"{chat}-{n}" for n in range(20)])

    await db.run(fill)
    channel = Scripted()
    async with sending(db, desk, channel, clock) as bench:
        await settled(bench)
    assert len(channel.texts) == 1000
    for chat in range(50):
        assert [text for text in channel.texts if text.startswith(f"{chat}-")] == [f"{chat}-{n}" for n in range(20)]
    assert len(channel.settled_ids) == 1000


async def test_answers_overtake_what_waits_for_its_pace(db: Database, desk: Desk, clock: Clock) -> None:
    def fill(conn: Conn) -> None:
        for chat in range(300):
            queue(conn, f"b{chat}", [f"bulk-{chat}"], rank=Rank.BULK)

    await db.run(fill)
    channel = Scripted(capabilities=SLOW)
    async with sending(db, desk, channel, clock) as bench:
        await until(lambda: len(channel.sent) >= 50)
        await db.run(queue, "nguoi", ["answer"])
        bench.sender.wake()
        before = len(channel.sent)
        await until(lambda: "answer" in channel.texts)
        assert channel.texts.index("answer") <= before + 5


async def test_answers_before_notices_before_bulk(db: Database, desk: Desk, clock: Clock) -> None:
    for text, rank in (("bulk", Rank.BULK), ("notice", Rank.NOTICE), ("answer", Rank.ANSWER)):
        await db.run(queue, "1", [text], rank=rank)
    channel = Scripted()
    async with sending(db, desk, channel, clock) as bench:
        await settled(bench)
    assert channel.texts == ["answer", "notice", "bulk"]


async def test_unprompted_messages_keep_the_rate_from_the_first_moment(db: Database, desk: Desk, clock: Clock) -> None:
    def fill(conn: Conn) -> None:
        for chat in range(60):
            queue(conn, f"b{chat}", [f"bulk-{chat}"], rank=Rank.BULK)

    await db.run(fill)
    slow = Capabilities(
        buttons=9, max_text=4000, max_caption=1000, files_out=True, media_by_url_only=False, pace=10, chat_pace=10
    )
    channel = Scripted(capabilities=slow)
    async with sending(db, desk, channel, clock):
        await until(lambda: len(channel.sent) >= 10)
        await asyncio.sleep(0.1)
        assert len(channel.sent) == 10


async def test_a_retry_keeps_the_order_and_delays_only_its_chat(db: Database, desk: Desk, clock: Clock) -> None:
    await db.run(queue, "1", ["a1", "a2", "a3"])
    await db.run(queue, "2", ["b1", "b2"])
    channel = Scripted(answers={"a1": [Retry(30)]})
    async with sending(db, desk, channel, clock) as bench:
        await until(lambda: len(channel.sent) == 2)
        assert channel.texts == ["b1", "b2"]
        assert channel.tried.count("a2") == 0
        clock.pass_(seconds=31)
        bench.sender.wake()
        await settled(bench)
    assert channel.texts == ["b1", "b2", "a1", "a2", "a3"]


@pytest.mark.parametrize("after", [0.0, -5.0, 1e12])
async def test_any_wait_a_platform_names_is_survived(db: Database, desk: Desk, clock: Clock, after: float) -> None:
    await db.run(queue, "1", ["a1"])
    channel = Scripted(answers={"a1": [Retry(after)]})
    async with sending(db, desk, channel, clock) as bench:
        await until(lambda: channel.tried == ["a1"])
        clock.pass_(days=1)
        bench.sender.wake()
        await settled(bench)
    assert channel.texts == ["a1"]


async def test_a_pause_of_the_whole_account_holds_its_notices_but_not_another_accounts(
    db: Database, desk: Desk, clock: Clock
) -> None:
    def fill(conn: Conn) -> None:
        for chat in range(80):
            queue(conn, f"n{chat}", [f"notice-{chat}"], rank=Rank.NOTICE)
        queue(conn, "x", ["other"], rank=Rank.NOTICE, account="hai")

    await db.run(queue, "0", ["first"])
    channel = Scripted(accounts=("mot", "hai"), answers={"first": [Retry(60, whole_account=True)]})
    async with sending(db, desk, channel, clock) as bench:
        await until(lambda: channel.tried == ["first"])
        await db.run(fill)
        bench.sender.wake()
        await until(lambda: "other" in channel.texts)
        assert channel.texts == ["other"]
        await settled(bench, "queued")  # nothing stays claimed through a long pause


async def test_a_blocked_chat_is_unreachable_and_the_helper_hears_of_it(db: Database, desk: Desk, clock: Clock) -> None:
    def fill(conn: Conn) -> None:
        home = units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None)
        member = people.create(conn, code="DV1", name="Hoàng Văn Tư", unit_id=home.id, now=BEGIN)
        helper = people.create(conn, code="TN1", name="Lý Thị Lành", unit_id=home.id, now=BEGIN)
        grants.give(conn, helper.id, "helper", scope_unit_id=home.id, now=BEGIN)
        chats.set_person(conn, chats.arrive(conn, "kenh", "mot", "tn", BEGIN).id, helper.id)
        row = queue(conn, "dv", ["a1", "a2"])
        chats.set_person(conn, row, member.id)
        chats.set_consent(conn, row, "yes", "1", BEGIN)

    await db.run(fill)
    channel = Scripted(answers={"a1": [Stopped()]})
    async with sending(db, desk, channel, clock) as bench:
        await settled(bench)
        states = await bench.states()
    assert (states["a1"], states["a2"]) == ("failed", "failed")
    assert channel.tried[0] == "a1"
    assert "a2" not in channel.tried
    [notice] = channel.texts
    assert "Hoàng Văn Tư (Thôn Nà Pán)" in notice
    lost = await db.run(chats.find, "kenh", "mot", "dv")
    assert lost is not None
    assert not lost.reachable


async def test_a_rejected_message_is_told_to_the_admin_and_the_next_one_goes(
    db: Database, desk: Desk, clock: Clock
) -> None:
    await db.run(queue, "1", ["a1", "a2"])
    channel = Scripted(answers={"a1": [Rejected("text is too long")]})
    async with sending(db, desk, channel, clock) as bench:
        await settled(bench)
        assert await bench.states() == {"a1": "failed", "a2": "sent"}
    [mishap] = await db.run(mishaps.recent)
    assert mishap.error == "text is too long"


@pytest.mark.parametrize("error", [Unknown(), KeyError("a fault of the channel's")])
async def test_an_unknown_outcome_is_said_once_more_and_before_what_follows(
    db: Database, desk: Desk, clock: Clock, error: Exception
) -> None:
    await db.run(queue, "1", ["a1", "a2"])
    await db.run(partial(queue, twice_ok=False), "2", ["b1", "b2"])
    channel = Scripted(answers={"a1": [error, Unknown()], "b1": [error]})
    async with sending(db, desk, channel, clock) as bench:
        await settled(bench)
        assert await bench.states() == {"a1": "unknown", "a2": "sent", "b1": "unknown", "b2": "sent"}
    assert [text for text in channel.tried if text.startswith("a")] == ["a1", "a1", "a2"]
    assert channel.tried.count("b1") == 1


async def test_a_refused_token_stops_only_its_account_until_the_next_try(
    db: Database, desk: Desk, clock: Clock
) -> None:
    await db.run(queue, "1", ["a1", "a2"])
    await db.run(partial(queue, account="hai"), "2", ["b1", "b2"])
    channel = Scripted(accounts=("mot", "hai"), answers={"a1": [AccountDown(), AccountDown()]})
    async with sending(db, desk, channel, clock) as bench:
        await until(lambda: channel.texts == ["b1", "b2"])
        clock.pass_(minutes=4)
        await db.run(partial(queue, account="hai"), "2", ["b3"])
        bench.sender.wake()
        await until(lambda: "b3" in channel.texts)
        await settled(bench, "queued")
        states = await bench.states()
        assert (states["a1"], states["a2"], channel.tried.count("a1")) == ("queued", "queued", 1)
        for tries in (2, 3):
            clock.pass_(minutes=6)
            bench.sender.wake()
            await until(lambda tries=tries: channel.tried.count("a1") == tries)  # type: ignore[misc]
        await settled(bench)
    assert channel.texts == ["b1", "b2", "b3", "a1", "a2"]
    [told] = await db.run(mishaps.recent)
    assert told.ref == "down:kenh:mot:2026-11-24"


async def test_what_is_worthless_by_now_is_dropped(db: Database, desk: Desk, clock: Clock) -> None:
    await db.run(partial(queue, worthless_after=BEGIN + timedelta(hours=1)), "1", ["late"])
    await db.run(queue, "1", ["fresh"])
    clock.pass_(hours=2)
    channel = Scripted()
    async with sending(db, desk, channel, clock) as bench:
        await settled(bench)
        assert await bench.states() == {"late": "expired", "fresh": "sent"}


async def test_each_new_keyboard_clears_the_one_before(db: Database, desk: Desk, clock: Clock) -> None:
    button = (Choice("menu:main", "Về đầu"),)
    channel = Scripted()
    async with sending(db, desk, channel, clock) as bench:
        for text, choices in (("k1", button), ("plain", ()), ("k2", button), ("k3", button)):
            await db.run(partial(queue, choices=choices), "1", [text])
        bench.sender.wake()
        await settled(bench)
    ids = {parcel.text: f"id-{parcel.id}" for parcel in channel.sent}
    assert [(p.text, p.clears) for p in channel.sent] == [
        ("k1", None), ("plain", None), ("k2", ids["k1"]), ("k3", ids["k2"])
    ]  # fmt: skip
