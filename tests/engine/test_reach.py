"""Whether a person can be written to; where a message goes that cannot go where it was meant to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.authoring.player import BEGIN
from bot.context import Context, Heard, House
from bot.core.messages import Choice, Kind, Rank, Reply
from bot.desk import Desk
from bot.dispatch import ask_around
from bot.outgoing import notify
from bot.reach import No, Yes, can_send
from bot.recheck import expire
from storage import chats, helps, untold
from storage.chats import Chat
from storage.db import Conn
from tests.engine.limits_kit import limited_desk, sent_now, somebody, states, tell, thon, use_up

DEM, DEM2, CUA, WEB, TAT = ("dem", "mot"), ("dem", "hai"), ("cua", "mot"), ("web", "web"), ("tat", "x")
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(house: House) -> Desk:
    return limited_desk(house)


def verdicts(conn: Conn, chat: Chat, desk: Desk, now: object = BEGIN) -> list[object]:
    found = [can_send(conn, chat, rank, now, desk) for rank in Rank]  # type: ignore[arg-type]
    return [verdict.reason if isinstance(verdict, No) else verdict for verdict in found]


def missed(conn: Conn) -> list[tuple[str, str]]:
    return [(row.name, row.reason) for row in untold.waiting(conn)]


@pytest.mark.parametrize(
    ("used", "expected"),
    [(94, [Yes(), Yes(), Yes()]), (95, [Yes(), "quota", "quota"]), (100, ["quota", "quota", "quota"])],
)
def test_the_last_part_of_a_quota_is_for_answers(conn: Conn, desk: Desk, used: int, expected: list[object]) -> None:
    [chat] = somebody(conn, "Tư", DEM)
    use_up(conn, desk, used)
    assert verdicts(conn, chat, desk) == expected


def test_a_quota_is_each_accounts_own_and_begins_anew_at_local_midnight(conn: Conn, desk: Desk) -> None:
    first, second = somebody(conn, "Tư", DEM, DEM2)
    use_up(conn, desk, 100)
    assert verdicts(conn, second, desk) == [Yes()] * 3
    last_minute = BEGIN.replace(day=30, hour=16, minute=59)  # 23:59 of November in Lạng Sơn
    assert verdicts(conn, first, desk, last_minute) == ["quota"] * 3
    assert verdicts(conn, first, desk, last_minute + MINUTE) == [Yes()] * 3


def test_a_window_closes_to_the_minute(conn: Conn, desk: Desk) -> None:
    [chat] = somebody(conn, "Tư", CUA)
    assert verdicts(conn, chat, desk, BEGIN + WEEK - MINUTE) == [Yes()] * 3
    assert verdicts(conn, chat, desk, BEGIN + WEEK) == ["window"] * 3


def test_who_left_whose_channel_is_off_and_where_a_person_writes(conn: Conn, desk: Desk) -> None:
    web, off = somebody(conn, "Tư", WEB, TAT)
    assert verdicts(conn, off, desk) == ["off"] * 3
    chats.hush(conn, "web", "web", "Tư", BEGIN + MINUTE, BEGIN)
    assert verdicts(conn, chats.get(conn, web.id), desk) == [Yes(), "quiet", "quiet"]
    assert verdicts(conn, chats.lost(conn, web.id, BEGIN), desk) == ["unreachable"] * 3


def test_a_notice_goes_to_the_persons_other_chat_at_once(conn: Conn, desk: Desk) -> None:
    use_up(conn, desk, 95)
    metered, web = somebody(conn, "Tư", DEM, WEB)
    choices = (Choice("menu:main", "Về đầu"),)
    reply = Reply("Có việc", choices, to=metered.id, rank=Rank.NOTICE)
    assert notify(conn, reply, metered, "k", desk, BEGIN).id == web.id
    assert sent_now(conn, desk) == ["web: Có việc"]
    assert chats.get(conn, web.id).offered == choices
    assert missed(conn) == []


def test_a_notice_that_cannot_go_anywhere_waits_and_somebody_is_to_call(conn: Conn, desk: Desk) -> None:
    [metered] = somebody(conn, "Tư", DEM)
    use_up(conn, desk, 95)
    tell(conn, desk, metered, "Có việc")
    assert sent_now(conn, desk) == []
    assert missed(conn) == [("Tư", "quota")]
    december = BEGIN + timedelta(days=7)
    reply = Reply("Cuối tháng", to=metered.id, rank=Rank.NOTICE, good_for=timedelta(days=30))
    notify(conn, reply, metered, "k", desk, BEGIN)
    assert sent_now(conn, desk, december) == ["dem: Cuối tháng"]


def test_answers_pass_where_notices_wait(conn: Conn, desk: Desk) -> None:
    [metered] = somebody(conn, "Tư", DEM)
    use_up(conn, desk, 99)
    for rank in (Rank.BULK, Rank.NOTICE, Rank.ANSWER):
        tell(conn, desk, metered, rank.name, rank=rank)
    assert sent_now(conn, desk) == ["dem: ANSWER"]


def test_a_window_that_closed_meanwhile_is_seen_when_it_is_sent(conn: Conn, desk: Desk) -> None:
    [closing] = somebody(conn, "Tư", CUA)
    late = BEGIN + WEEK
    tell(conn, desk, closing, "Có việc", now=late - timedelta(hours=1))
    assert sent_now(conn, desk, late) == []
    assert missed(conn) == [("Tư", "window")]
    chats.arrive(conn, "cua", "mot", "Tư", late + MINUTE)
    assert sent_now(conn, desk, late + timedelta(minutes=16)) == ["cua: Có việc"]


def test_what_cannot_go_when_it_is_sent_is_cut_anew_for_the_other_chat(conn: Conn, desk: Desk) -> None:
    closing, metered = somebody(conn, "Tư", CUA, DEM)
    chats.arrive(conn, "cua", "mot", "Tư", BEGIN)
    reply = Reply("Có việc", (Choice("menu:main", "Về đầu"),), to=closing.id, rank=Rank.NOTICE)
    notify(conn, reply, closing, "k", desk, BEGIN)
    chats.lost(conn, closing.id, BEGIN)
    assert sent_now(conn, desk) == ["dem: Có việc\n\n1. Về đầu"]
    assert chats.get(conn, metered.id).offered[0].key == "menu:main"
    assert states(conn) == {"cua:mot Có việc": "failed", "dem:mot Có việc\n\n1. Về đầu": "sent"}
    assert missed(conn) == []


def test_who_left_and_has_no_other_chat_is_to_be_called(conn: Conn, desk: Desk) -> None:
    [web] = somebody(conn, "Tư", WEB)
    tell(conn, desk, web, "Có việc")
    chats.lost(conn, web.id, BEGIN)
    assert sent_now(conn, desk) == []
    assert states(conn) == {"web:web Có việc": "failed"}
    assert missed(conn) == [("Tư", "unreachable")]


def test_what_nobody_needs_any_more_is_dropped_and_told_of(conn: Conn, desk: Desk) -> None:
    [web], [other] = somebody(conn, "Tư", WEB), somebody(conn, "Năm", WEB)
    tell(conn, desk, web, "Có việc")
    tell(conn, desk, other, "Trả lời", rank=Rank.ANSWER)
    later = BEGIN + timedelta(days=4)
    assert expire(conn, later, desk) == 2
    assert missed(conn) == [("Năm", "late"), ("Tư", "late")]


@pytest.mark.parametrize("rank", list(Rank))
def test_so_it_is_where_the_sender_finds_it_too_late(conn: Conn, desk: Desk, rank: Rank) -> None:
    [web] = somebody(conn, "Tư", WEB)
    tell(conn, desk, web, "Có việc", rank=rank)
    assert sent_now(conn, desk, BEGIN + timedelta(days=3)) == []
    assert missed(conn) == [("Tư", "late")]


def test_a_helper_who_cannot_be_written_to_is_passed_over(conn: Conn, desk: Desk) -> None:
    home = thon(conn)
    [helper] = somebody(conn, "Lành", CUA, role="helper", unit=home, now=BEGIN - WEEK)
    [coordinator] = somebody(conn, "Trưởng", DEM, role="coordinator", unit=home)
    [office] = somebody(conn, "Phòng", DEM2, role="office")
    [member] = somebody(conn, "Tư", WEB, unit=home)

    def asked() -> list[tuple[int | None, Rank]]:
        call = helps.open_(
            conn,
            chat_id=member.id,
            person_id=member.person_id,
            unit_id=home,
            way="home",
            lesson="",
            step="",
            tried=0,
            name_given="Tư",
            phone_given="",
            now=BEGIN,
        )
        return [(one.to, one.rank) for one in ask_around(Context(conn, member, BEGIN, desk, Heard(Kind.TEXT)), call)]

    assert asked() == [(coordinator.id, Rank.NOTICE)]
    use_up(conn, desk, 95)
    assert asked() == [(office.id, Rank.NOTICE)]
    use_up(conn, desk, 95, "hai")
    assert asked() == [(coordinator.id, Rank.ANSWER)]  # what is left of the quota is for calls for help, too
    chats.arrive(conn, "cua", "mot", "Lành", BEGIN)
    assert asked() == [(helper.id, Rank.NOTICE)]
