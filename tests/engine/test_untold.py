"""Whom the bot could not write to: somebody nearby is asked to call them, once a day and in one message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.authoring.player import BEGIN
from bot.context import House
from bot.desk import Desk
from bot.jobs import untold as job
from storage import chats, mishaps, untold
from storage.chats import Chat
from storage.db import Conn
from tests.engine.limits_kit import limited_desk, said_to, sent_now, somebody, states, tell, thon, use_up

DEM, WEB = ("dem", "mot"), ("web", "web")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def desk(house: House) -> Desk:
    return limited_desk(house)


def miss(conn: Conn, desk: Desk, *people: Chat, day: int = 0, reason: str = "quota") -> None:
    now = BEGIN + day * DAY
    untold.note(conn, [chat.id for chat in people], desk.day(now), reason, now)


def test_one_message_a_day_about_all_of_them(conn: Conn, desk: Desk) -> None:
    home = thon(conn)
    [head] = somebody(conn, "Trưởng", WEB, role="coordinator", unit=home)
    people = [somebody(conn, name, DEM, unit=home)[0] for name in ("Năm", "Tư", "Sáu")]
    miss(conn, desk, *people[:2])
    assert job.run(conn, BEGIN, desk) == {"detoured": 0, "told": 2}
    miss(conn, desk, people[2], reason="window")
    assert job.run(conn, BEGIN + HOUR, desk)["told"] == 0
    assert job.run(conn, BEGIN + DAY, desk)["told"] == 1
    first, second = said_to(conn, head)
    assert "không nhắn được cho 2 người" in first
    assert "- Năm (Thôn Nà Pán): hết lượt tin của tháng\n- Tư (Thôn Nà Pán)" in first
    assert "- Sáu (Thôn Nà Pán): lâu rồi chưa nhắn lại" in second


def test_a_person_missed_on_two_chats_is_one_person(conn: Conn, desk: Desk) -> None:
    home = thon(conn)
    [head] = somebody(conn, "Trưởng", WEB, role="coordinator", unit=home)
    miss(conn, desk, *somebody(conn, "Tư", DEM, ("cua", "mot"), unit=home))
    job.run(conn, BEGIN, desk)
    assert "cho 1 người" in said_to(conn, head)[0]


def test_the_office_where_no_coordinator_can_be_written_to_and_nobody_about_themselves(conn: Conn, desk: Desk) -> None:
    home = thon(conn)
    [head] = somebody(conn, "Trưởng", DEM, role="coordinator", unit=home)
    [office] = somebody(conn, "Phòng", WEB, role="office")
    [member] = somebody(conn, "Tư", DEM, unit=home)
    miss(conn, desk, member)
    use_up(conn, desk, 100)
    job.run(conn, BEGIN, desk)
    assert (len(said_to(conn, office)), said_to(conn, head)) == (1, [])
    miss(conn, desk, head, day=1)
    job.run(conn, BEGIN + DAY, desk)
    assert "- Trưởng" in said_to(conn, office)[1]


def test_the_message_passes_where_only_answers_do(conn: Conn, desk: Desk) -> None:
    home = thon(conn)
    somebody(conn, "Trưởng", DEM, role="coordinator", unit=home)
    use_up(conn, desk, 96)
    miss(conn, desk, *somebody(conn, "Tư", DEM, unit=home))
    job.run(conn, BEGIN, desk)
    [asked] = sent_now(conn, desk)
    assert "Tư" in asked


def test_with_nobody_to_ask_the_admin_finds_it(conn: Conn, desk: Desk) -> None:
    miss(conn, desk, *somebody(conn, "Tư", DEM))
    assert job.run(conn, BEGIN, desk)["told"] == 1
    assert "1 người" in mishaps.recent(conn)[0].error
    assert job.run(conn, BEGIN, desk)["told"] == 0


@pytest.mark.parametrize(("hour", "told"), [(6, 0), (7, 1), (12, 0), (13, 0), (14, 1), (20, 0)])
def test_staff_have_quiet_hours_too(conn: Conn, desk: Desk, hour: int, told: int) -> None:
    somebody(conn, "Phòng", WEB, role="office")
    miss(conn, desk, *somebody(conn, "Tư", DEM))
    assert job.run(conn, desk.local(BEGIN).replace(hour=hour), desk)["told"] == told


def test_what_waits_for_a_used_up_account_goes_elsewhere_or_is_told_of_each_day(conn: Conn, desk: Desk) -> None:
    [office] = somebody(conn, "Phòng", WEB, role="office")
    lucky, alone = somebody(conn, "Năm", DEM)[0], somebody(conn, "Tư", DEM)[0]
    for chat in (lucky, alone):
        tell(conn, desk, chat, f"tin {chat.key}")
    chats.set_person(conn, chats.arrive(conn, "web", "web", "Năm", BEGIN).id, lucky.person_id)
    chats.arrive(conn, "dem", "mot", "Năm", BEGIN + HOUR)
    use_up(conn, desk, 95)
    assert job.run(conn, BEGIN + 2 * HOUR, desk) == {"detoured": 2, "told": 1}
    assert job.run(conn, BEGIN + 3 * HOUR, desk) == {"detoured": 0, "told": 0}
    assert states(conn)["web:web tin Năm"] == "queued"
    assert states(conn)["dem:mot tin Tư"] == "queued"
    assert job.run(conn, BEGIN + DAY, desk) == {"detoured": 1, "told": 1}
    assert [("Tư" in text, "Năm" in text) for text in said_to(conn, office)] == [(True, False)] * 2


def test_a_long_list_is_cut_and_says_so(conn: Conn, desk: Desk) -> None:
    [office] = somebody(conn, "Phòng", WEB, role="office")
    miss(conn, desk, *(somebody(conn, f"Người {number:02}", DEM)[0] for number in range(15)))
    job.run(conn, BEGIN, desk)
    [asked] = said_to(conn, office)
    assert "15 người" in asked
    assert "Còn 3 người nữa" in asked
