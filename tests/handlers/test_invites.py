"""Invitation sheets asked for in chat."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.authoring.player import BEGIN, Player
from storage import invites, people, units
from storage.body import unpack
from storage.db import Conn
from storage.schema import outbox
from tests.handlers.conftest import Arrive


def recipes(conn: Conn) -> list[str]:
    """What was handed over, oldest first."""
    bodies = conn.execute(select(outbox.c.body).order_by(outbox.c.id)).scalars()
    return [paper.recipe for body in bodies if (paper := unpack(body)[3])]


def home(conn: Conn) -> int:
    found = units.by_code(conn, "NAPAN")
    assert found is not None
    return found.id


def test_a_coordinator_prints_for_their_own_unit(conn: Conn, arrive: Arrive) -> None:
    player = arrive("coordinator")
    player.tap("menu:tools")
    [said] = player.tap("invites:start")
    assert "Giấy mời của Thôn Nà Pán. Còn 1 đảng viên" in said.text
    player.tap(f"invites:sheet:{home(conn)}")
    assert recipes(conn) == [f"invites:unit:{home(conn)}:docx"]
    assert invites.find(conn, "NAPAN", player.now) == "NAPAN"


def test_each_member_who_is_not_in_gets_a_code_once(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    player = arrive("coordinator")
    player.say("/giaymoi")
    player.tap(f"invites:each:{home(conn)}")
    first = invites.of_person(conn, staff["member"], player.now)
    player.say("/giaymoi")
    player.tap(f"invites:each:{home(conn)}")
    assert first is not None
    assert invites.of_person(conn, staff["member"], player.now) == first
    assert recipes(conn) == [f"invites:people:{home(conn)}:docx"] * 2


def test_where_everybody_is_in_nothing_is_printed(conn: Conn, arrive: Arrive) -> None:
    arrive("member")
    player = arrive("coordinator")
    player.say("/giaymoi")
    [said] = player.tap(f"invites:each:{home(conn)}")
    assert "Cả thôn đã vào" in said.text
    assert recipes(conn) == []


def test_the_office_types_the_name_of_the_thon_or_takes_all(conn: Conn, arrive: Arrive) -> None:
    units.create(conn, code="NAHO", name="Thôn Nà Hó", kind="thon", parent_id=None)
    player = arrive("office")
    player.say("/giaymoi")
    [said] = player.say("na ho")
    assert "Thôn Nà Hó" in said.text
    player.say("/giaymoi")
    player.tap("invites:every")
    assert recipes(conn) == ["invites:all:units:docx"]


@pytest.mark.parametrize("role", ["member", "helper", "secretary", "party", "leader"])
def test_nobody_else_prints(role: str, conn: Conn, arrive: Arrive) -> None:
    [said] = arrive(role).say("/giaymoi")
    assert "Phòng Văn hóa" in said.text
    assert recipes(conn) == []


def wrong(player: Player, times: int) -> str:
    said = [player.say(f"K7MH3WX{number}")[-1].text for number in range(2, 2 + times)]
    return said[-1]


def test_a_wrong_code_is_told_kindly_and_guessing_gets_slow(
    conn: Conn, newcomer: Player, staff: dict[str, int]
) -> None:
    newcomer.say("chào")
    assert "xem lại từng chữ" in wrong(newcomer, 1)
    assert "không phải tại bác" in wrong(newcomer, 4)
    assert newcomer.chat.at == "help:ask"
    code = invites.issue(conn, staff["member"], newcomer.now).code
    assert "đợi" in newcomer.say(code)[-1].text, "also a right one has to wait, or guessing would pay"
    assert newcomer.chat.person_id is None
    for _ in range(6):
        newcomer.say("chào")
    newcomer.say(code.lower()[:4] + " - " + code[4:])
    assert newcomer.chat.person_id == staff["member"]
    assert "wrong" not in newcomer.chat.notes


def test_why_a_code_is_refused(conn: Conn, newcomer: Player, staff: dict[str, int]) -> None:
    newcomer.say("chào")
    someone = people.create(conn, code="X1", name="Nông Văn An", now=BEGIN).id
    old = invites.issue(conn, someone, newcomer.now).code
    new = invites.issue(conn, someone, newcomer.now).code
    assert "giấy mới" in newcomer.say(f"/start {old}")[-1].text
    Player(conn, newcomer.desk, "other").say(f"/start {new}")
    assert "dùng một lần rồi" in newcomer.say(f"/start {new}")[-1].text
