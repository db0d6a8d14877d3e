"""Somebody came in with the code of the whole thôn: who is it?"""

from __future__ import annotations

import pytest

from bot.authoring.player import Player
from storage import chats, people
from storage.db import Conn
from tests.handlers.conftest import Arrive


@pytest.fixture
def with_code(newcomer: Player, arrive_unit_code: str) -> Player:
    """A newcomer who came in with the unit's code and agreed; the name is asked for."""
    newcomer.say(f"/start {arrive_unit_code}")
    for key in ("hello:begin", "hello:agree", "hello:call:bac", "hello:phone:android"):
        newcomer.tap(key)
    assert newcomer.chat.at == "claim:name"
    return newcomer


@pytest.mark.parametrize("typed", ["Hoàng Văn Tư", "hoang van tu", "đ/c HOÀNG VĂN TƯ"])
def test_a_name_that_can_only_be_one_is_confirmed(typed: str, with_code: Player, staff: dict[str, int]) -> None:
    [said] = with_code.say(typed)
    assert "Có phải bác là" in said.text
    assert "Thôn Nà Pán" in said.text
    [said] = with_code.tap("claim:yes")
    assert with_code.chat.person_id == staff["member"]
    assert with_code.chat.at == "menu:main"


def test_nobody_elses_name_is_ever_shown(with_code: Player) -> None:
    [said] = with_code.say("Hoàng Văn Tứ")
    assert "Hoàng Văn Tư " not in said.text
    [said] = with_code.tap("claim:yes")
    assert "Hoàng Văn Tư" not in said.text.replace("Hoàng Văn Tứ", "")
    assert with_code.chat.person_id is None


def test_a_doubt_goes_to_the_coordinator_who_says_yes(
    conn: Conn, with_code: Player, arrive: Arrive, staff: dict[str, int]
) -> None:
    coordinator = arrive("coordinator")
    with_code.now = coordinator.now
    with_code.say("Hoàng Văn Tứ")
    with_code.tap("claim:yes")
    assert coordinator.chat.offered[0].key == "claim:one:1"
    [said] = coordinator.tap("claim:one:1")
    assert [choice.label for choice in said.choices][:2] == ["Đúng Hoàng Văn Tư", "Không phải"]
    coordinator.tap(f"claim:is:1:{staff['member']}")
    assert with_code.chat.person_id == staff["member"]
    coordinator.tap("claim:undo:1")
    assert with_code.chat.person_id is None
    coordinator.tap("claim:no:1")
    assert with_code.chat.offered[0].key == "claim:name"


@pytest.mark.parametrize("role", ["member", "helper", "secretary", "party", "leader"])
def test_nobody_else_decides(role: str, conn: Conn, with_code: Player, arrive: Arrive, staff: dict[str, int]) -> None:
    with_code.say("Hoàng Văn Tứ")
    with_code.tap("claim:yes")
    other = arrive(role)
    for key in ("claim:one:1", f"claim:is:1:{staff['member']}", "claim:no:1", "claim:undo:1"):
        [said] = other.tap(key)
        assert "trưởng thôn của nơi ấy" in said.text or "cũ rồi" in said.text
    assert with_code.chat.person_id is None


def test_two_of_one_name_are_a_doubt(conn: Conn, with_code: Player, staff: dict[str, int]) -> None:
    twin = people.get(conn, staff["member"])
    assert twin is not None
    people.create(conn, code="TWIN", name=twin.name, unit_id=twin.unit_id, now=with_code.now)
    with_code.say(twin.name)
    with_code.tap("claim:yes")
    assert with_code.chat.person_id is None


def test_who_is_in_already_is_a_doubt(conn: Conn, with_code: Player, arrive: Arrive) -> None:
    arrive("member")
    with_code.say("Hoàng Văn Tư")
    with_code.tap("claim:yes")
    assert with_code.chat.person_id is None


def test_later_is_an_answer_and_is_not_asked_again(with_code: Player) -> None:
    with_code.tap("claim:later")
    assert with_code.chat.at == "menu:main"
    with_code.say("/start")
    assert with_code.chat.at == "menu:main"


@pytest.mark.parametrize("typed", ["giúp với", "0912345678", "Tư", "một hai ba bốn năm sáu bảy tám"])
def test_what_is_no_name_is_not_taken_for_one(typed: str, with_code: Player) -> None:
    with_code.say(typed)
    assert with_code.chat.at != "claim:sure"


def test_who_refused_to_be_kept_is_not_asked(newcomer: Player, arrive_unit_code: str) -> None:
    newcomer.say(f"/start {arrive_unit_code}")
    for key in ("hello:begin", "hello:refuse", "hello:call:bac", "hello:phone:android"):
        newcomer.tap(key)
    assert newcomer.chat.at == "menu:main"
    assert chats.of_person(newcomer.conn, 1) == []
