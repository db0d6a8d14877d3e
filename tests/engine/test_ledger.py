"""The ledger: counted by account and month, and the office hears of it before anything stops."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from bot import ledger
from bot.authoring.player import BEGIN
from bot.context import House
from bot.core.errors import Unknown
from bot.core.messages import Rank
from bot.desk import Desk
from bot.turn import Turns
from storage import chats, mishaps, quota
from storage.db import Conn, Database
from tests.engine.bench import sending, settled
from tests.engine.kit import Clock, Scripted, incoming, queue
from tests.engine.limits_kit import METERED, limited_desk, said_to, sent_now, somebody, tell

MOT, HAI = ("dem", "mot"), ("dem", "hai")


@pytest.fixture
def desk(house: House) -> Desk:
    return limited_desk(house)


def count(conn: Conn, desk: Desk, sent: int) -> None:
    ledger.record(conn, Counter({MOT: sent}), Counter(), BEGIN, desk)


def test_the_office_hears_at_each_mark_once_a_month(conn: Conn, desk: Desk) -> None:
    office = somebody(conn, "Phòng", ("dem", "mot"), ("web", "web"), role="office")
    chats.arrive(conn, "dem", "mot", "Phòng", BEGIN + timedelta(hours=1))
    heard = []
    for sent in (79, 1, 1, 13, 1, 1, 3, 1, 1):
        count(conn, desk, sent)
        heard.append([len(said_to(conn, chat)) for chat in office])
    assert heard == [[0, 0], [1, 0], [1, 0], [1, 0], [2, 0], [2, 0], [2, 0], [2, 1], [2, 1]]
    early, reserve, over = (text for chat in office for text in said_to(conn, chat))
    assert "Tài khoản mot (kênh dem) đã gửi 80 trong 100 tin" in early
    assert "chừng 6 ngày nữa là hết" in early  # 80 in 24 days: at most until the month is over
    assert "chỉ còn 5 tin" in reserve
    assert "đã dùng hết 100 tin" in over
    assert len(mishaps.recent(conn)) == 3


def test_the_admin_hears_instead_of_the_office_where_there_is_one(conn: Conn, desk: Desk) -> None:
    [office] = somebody(conn, "Phòng", ("web", "web"), role="office")
    [admin] = somebody(conn, "Máy", ("web", "web"), role="admin")
    count(conn, desk, 95)
    assert (len(said_to(conn, admin)), said_to(conn, office)) == (1, [])


def test_the_warning_passes_although_only_answers_do(conn: Conn, desk: Desk) -> None:
    somebody(conn, "Phòng", ("dem", "mot"), role="office")
    count(conn, desk, 95)
    [warning] = sent_now(conn, desk)
    assert "chỉ trả lời người hỏi" in warning


def test_room_is_what_is_left_less_what_is_under_way(conn: Conn, desk: Desk) -> None:
    count(conn, desk, 90)
    every = [MOT, HAI, ("web", "web")]
    assert ledger.rooms(conn, every, {MOT: 2}, BEGIN, desk) == {MOT: 3, HAI: 95}
    assert ledger.rooms(conn, [("web", "web")], {}, BEGIN, desk) == {}


def test_notices_stop_exactly_at_the_mark(conn: Conn, desk: Desk) -> None:
    people = [somebody(conn, f"N{number}", ("dem", "mot"))[0] for number in range(9)]
    for chat in people:
        tell(conn, desk, chat, f"tin {chat.id}")
    count(conn, desk, 91)
    assert len(sent_now(conn, desk)) == 4
    assert sent_now(conn, desk) == []


async def test_the_sender_counts_what_arrived_or_may_have_and_what_came_in(
    db: Database, house: House, clock: Clock
) -> None:
    desk = Desk(house, {"kenh": METERED}, accounts={"kenh": ("mot", "hai")})
    await db.run(partial(queue, account="hai"), "2", ["b"], rank=Rank.NOTICE)
    await db.run(partial(queue, twice_ok=False), "3", ["doubtful"])
    channel = Scripted(accounts=("mot", "hai"), capabilities=METERED, answers={"doubtful": [Unknown()]})
    async with sending(db, desk, channel, clock) as bench:
        turns = Turns(db, desk, clock, bench.sender.heard)
        await turns.take(incoming("chào"))
        await settled(bench)
    assert await db.run(quota.used, "2026-11") == {("kenh", "mot"): 2, ("kenh", "hai"): 1}
    assert await db.run(quota.received, "2026-11") == {("kenh", "mot"): 1, ("kenh", "hai"): 0}
