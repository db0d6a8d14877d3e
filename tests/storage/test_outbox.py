"""The outbox: strict order in a chat, ranks overtaking, and what becomes of each message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.messages import Choice, Media, MediaKind, Parcel, Rank
from storage import chats, history, outbox
from storage.chats import Chat
from storage.db import Database
from storage.outbox import Draft

SECOND = timedelta(seconds=1)
CHOICES = (Choice("nav:back", "Quay lại"),)
TELEGRAM = ("telegram", "bacson")


class Post:
    """The outbox as the sender sees it, at a moment that moves."""

    def __init__(self, db: Database, now: datetime) -> None:
        self.db, self.now, self.number = db, now, 0

    async def chat(self, key: str, account: str = "bacson") -> Chat:
        return await self.db.run(chats.arrive, "telegram", account, key, self.now)

    async def add(self, chat: Chat, *texts: str, rank: Rank = Rank.ANSWER, **more: Any) -> None:
        drafts = [Draft(chat.id, f"{self.number}:{place}", rank, text, **more) for place, text in enumerate(texts)]
        self.number += 1
        await self.db.run(outbox.add, drafts, self.now)

    async def claim(
        self, limit: int = 100, max_rank: Rank = Rank.BULK, accounts: Sequence[tuple[str, str]] = (TELEGRAM,)
    ) -> list[Parcel]:
        return await self.db.run(outbox.claim, self.now, limit=limit, max_rank=max_rank, accounts=accounts)

    async def texts(self, **wanted: Any) -> list[str]:
        return [parcel.text for parcel in await self.claim(**wanted)]

    async def sent(self, *parcels: Parcel) -> None:
        await self.db.run(outbox.sent, [(parcel, f"m{parcel.id}") for parcel in parcels], self.now)

    async def backlog(self) -> tuple[int, int]:
        found = await self.db.run(outbox.backlog)
        return found["queued"], found["sending"]


@pytest.fixture
def post(db: Database, now: datetime) -> Post:
    return Post(db, now)


async def test_a_message_arrives_as_it_was_written(post: Post) -> None:
    chat = await post.chat("77")
    picture = Media(MediaKind.PICTURE, "android/AND-1.png", "Màn hình chính")
    await post.add(chat, "Bước 1", choices=CHOICES, media=picture, rank=Rank.NOTICE)
    [parcel] = await post.claim()
    expected = Parcel(parcel.id, *TELEGRAM, "77", "Bước 1", CHOICES, picture, Rank.NOTICE, 1, None, chat.id)
    assert parcel == expected


async def test_the_same_thing_is_said_once(db: Database, post: Post) -> None:
    chat = await post.chat("1")
    drafts = [Draft(chat.id, key, Rank.ANSWER, key) for key in ("a", "b", "a")]
    assert await db.run(outbox.add, drafts, post.now) == 2
    assert await db.run(outbox.add, drafts, post.now) == 0
    assert await db.run(outbox.add, [], post.now) == 0
    assert await post.texts() == ["a", "b"]


async def test_answers_overtake_everything(post: Post) -> None:
    for key, rank in enumerate([Rank.BULK, Rank.NOTICE, Rank.ANSWER, Rank.BULK, Rank.ANSWER]):
        await post.add(await post.chat(str(key)), f"{rank.name} {key}", rank=rank)
    assert await post.texts(limit=4) == ["ANSWER 2", "ANSWER 4", "NOTICE 1", "BULK 0"]


async def test_only_the_ranks_that_were_asked_for(post: Post) -> None:
    for rank in Rank:
        await post.add(await post.chat(rank.name), rank.name, rank=rank)
    assert await post.texts(max_rank=Rank.ANSWER) == ["ANSWER"]
    assert await post.texts(max_rank=Rank.NOTICE) == ["NOTICE"]


async def test_of_a_chat_only_its_best_rank_and_nothing_while_it_is_under_way(post: Post) -> None:
    chat = await post.chat("1")
    await post.add(chat, "bulk", rank=Rank.BULK)
    await post.add(chat, "one", "two")
    first = await post.claim()
    assert [parcel.text for parcel in first] == ["one", "two"]
    await post.sent(first[0])
    assert await post.texts() == []
    await post.sent(first[1])
    assert await post.texts() == ["bulk"]


async def test_a_chat_stops_at_the_first_buttons_which_the_next_message_clears(post: Post) -> None:
    chat = await post.chat("1")
    for text, choices in [("hello", ()), ("step 1", CHOICES), ("aside", ()), ("step 2", CHOICES)]:
        await post.add(chat, text, choices=choices)
    first = await post.claim()
    assert [(parcel.text, parcel.clears) for parcel in first] == [("hello", None), ("step 1", None)]
    await post.sent(*first)
    shown = f"m{first[1].id}"
    second = await post.claim()
    assert [(parcel.text, parcel.clears) for parcel in second] == [("aside", None), ("step 2", shown)]
    await post.sent(*second)
    assert (await post.chat("1")).keyboard == f"m{second[1].id}"


async def test_a_row_that_must_wait_keeps_back_those_behind_it(db: Database, post: Post) -> None:
    chat, other = await post.chat("1"), await post.chat("2")
    await post.add(chat, "one", "two")
    one, two = await post.claim()
    await db.run(outbox.later, one.id, post.now + 10 * SECOND, "slow down")
    await db.run(outbox.later, two.id, post.now)
    await post.add(chat, "three")
    await post.add(chat, "notice", rank=Rank.NOTICE)
    await post.add(other, "other")
    parcels = await post.claim()
    assert [parcel.text for parcel in parcels] == ["other", "notice"]
    await post.sent(*parcels)
    assert await post.texts() == []
    post.now += 10 * SECOND
    assert await post.texts() == ["one"]


async def test_after_waiting_the_order_is_the_old_one(db: Database, post: Post) -> None:
    chat = await post.chat("1")
    await post.add(chat, "one", "two", "three")
    one, two, three = await post.claim()
    for parcel, wait in ((one, 10), (two, 0), (three, 0)):
        await db.run(outbox.later, parcel.id, post.now + wait * SECOND)
    said = []
    for _ in range(40):
        parcels = await post.claim(limit=1)
        said += [(parcel.text, parcel.attempts) for parcel in parcels]
        await post.sent(*parcels)
        post.now += SECOND
    assert said == [("one", 2), ("two", 2), ("three", 2)]


async def test_not_before_its_time(post: Post) -> None:
    chat = await post.chat("1")
    await post.add(chat, "tomorrow", not_before=post.now + timedelta(days=1))
    assert await post.texts() == []
    post.now += timedelta(days=1)
    assert await post.texts() == ["tomorrow"]


async def test_too_late_is_dropped(db: Database, post: Post) -> None:
    chat = await post.chat("1")
    await post.add(chat, "stale", worthless_after=post.now + SECOND)
    await post.add(chat, "staler", worthless_after=post.now + SECOND, rank=Rank.BULK)
    await post.add(chat, "fresh", rank=Rank.NOTICE)
    post.now += SECOND
    assert await post.texts(max_rank=Rank.NOTICE) == ["fresh"]
    assert len(await db.run(outbox.expire, post.now)) == 1
    assert await post.backlog() == (0, 1)


async def test_nothing_is_sent_to_who_left(db: Database, post: Post) -> None:
    chat = await post.chat("1")
    await post.add(chat, "one", "two")
    await db.run(chats.lost, chat.id, post.now)
    assert await post.texts() == []
    assert await post.backlog() == (0, 0)


async def test_accounts_do_not_disturb_each_other(post: Post) -> None:
    await post.add(await post.chat("1"), "ours")
    await post.add(await post.chat("1", "down"), "theirs")
    assert await post.texts(accounts=[]) == []
    assert await post.texts(accounts=[("web", "web"), TELEGRAM]) == ["ours"]
    assert await post.texts(accounts=[("telegram", "down")]) == ["theirs"]


async def test_an_unknown_outcome_is_tried_once_more_where_twice_is_better(db: Database, post: Post) -> None:
    await post.add(await post.chat("1"), "twice")
    await post.add(await post.chat("2"), "once", twice_ok=False)
    for parcel in await post.claim():
        await db.run(outbox.unknown, parcel.id, post.now)
    [again] = await post.claim()
    assert (again.text, again.attempts) == ("twice", 2)
    await db.run(outbox.unknown, again.id, post.now)
    assert await post.backlog() == (0, 0)


async def test_a_refusal_before_it_does_not_use_up_the_second_try(db: Database, post: Post) -> None:
    """What was told to wait was certainly not delivered."""
    await post.add(await post.chat("1"), "hello")
    for settle in (lambda row: (outbox.later, row, post.now), lambda row: (outbox.unknown, row, post.now)):
        [parcel] = await post.claim()
        work, *words = settle(parcel.id)
        await db.run(work, *words)
    assert await post.texts() == ["hello"]


async def test_what_a_dead_process_was_sending_is_of_unknown_outcome(db: Database, post: Post) -> None:
    await post.add(await post.chat("1"), "twice")
    await post.add(await post.chat("2"), "once", twice_ok=False)
    await post.claim()
    started = post.now
    post.now += 60 * SECOND
    await post.add(await post.chat("3"), "alive")
    await post.claim()
    assert await db.run(outbox.recover, post.now, started) == 2
    assert await post.backlog() == (1, 1)
    assert await post.texts() == ["twice"]


async def test_a_rejected_message_lets_the_next_one_through(db: Database, post: Post) -> None:
    await post.add(await post.chat("1"), "bad", choices=CHOICES)
    await post.add(await post.chat("1"), "good")
    [bad] = await post.claim()
    await db.run(outbox.failed, bad.id, "message is too long")
    assert await post.texts() == ["good"]


async def test_claims_side_by_side_never_share_a_chat(post: Post) -> None:
    for number in range(300):
        await post.add(await post.chat(str(number % 30)), f"{number:03}")
    found = await asyncio.gather(*(post.claim(limit=25) for _ in range(20)))
    owners = [{parcel.chat for parcel in claimed} for claimed in found]
    assert sum(map(len, owners)) == len(set().union(*owners)) == 30


async def test_each_chat_hears_everything_in_order_whatever_happens(post: Post) -> None:
    """Several senders while turns go on; every fifth message is told to wait the first time."""
    heard: dict[str, list[str]] = {}
    texts = [f"{number:02}" for number in range(12)]

    async def turns(key: str) -> None:
        chat = await post.chat(key)
        for text in texts:
            await post.add(chat, text, choices=CHOICES if text > "05" else ())

    async def deliver(parcels: list[Parcel]) -> None:
        waits = False
        for parcel in parcels:
            waits = waits or (parcel.attempts == 1 and parcel.id % 5 == 0)
            if waits:
                await post.db.run(outbox.later, parcel.id, post.now)
            else:
                heard.setdefault(parcel.chat, []).append(parcel.text)
                await post.sent(parcel)

    async def sender() -> None:
        while sum(map(len, heard.values())) < 6 * len(texts):
            parcels = await post.claim(limit=10)
            for key in {parcel.chat for parcel in parcels}:
                await deliver([parcel for parcel in parcels if parcel.chat == key])

    works = [*(turns(str(key)) for key in range(6)), *(sender() for _ in range(3))]
    await asyncio.wait_for(asyncio.gather(*works), 20)
    assert heard == {str(key): texts for key in range(6)}


async def test_old_rows_are_forgotten_once_they_are_over(db: Database, post: Post) -> None:
    chat = await post.chat("1")
    await post.add(chat, "old")
    await post.sent(*await post.claim())
    await post.add(chat, "old but waiting", not_before=post.now + timedelta(days=90))
    assert await db.run(outbox.purge, post.now) == 0
    post.now += timedelta(days=31)
    await post.add(chat, "young")
    assert await db.run(outbox.purge, post.now - timedelta(days=30)) == 1
    assert await db.run(outbox.purge, post.now + timedelta(days=30)) == 0
    assert await post.backlog() == (2, 0)


async def test_history_catches_up_from_any_place(db: Database, post: Post) -> None:
    chat = await post.chat("1")
    for number in range(6):
        await post.add(chat, str(number))
        if number % 2:  # two at a time share a moment
            await post.sent(*await post.claim())
            post.now += SECOND
    await post.add(chat, "not sent yet")
    lines = await db.run(history.history, chat.id, None, 4)
    assert [line.text for line in lines] == ["2", "3", "4", "5"]
    place = (lines[0].sent_at, lines[0].id)
    assert [line.text for line in await db.run(history.history, chat.id, place, 2)] == ["3", "4"]
    assert await db.run(history.history, 99, None, 9) == []
