"""Roles given and taken back in chat."""

from __future__ import annotations

from datetime import timedelta

from bot.authoring.player import Said
from storage import grants, invites, people, units
from storage.db import Conn
from tests.handlers.conftest import Arrive
from tests.handlers.test_invites import home, recipes


def labels(said: Said) -> list[str]:
    return [choice.label for choice in said.choices]


def test_a_coordinator_appoints_a_new_helper_and_gets_their_sheet(conn: Conn, arrive: Arrive) -> None:
    player = arrive("coordinator")
    player.tap("menu:tools")
    player.tap("roles:start")
    [said] = player.tap("roles:pick")
    assert labels(said)[0] == "Tổ công nghệ số"
    [said] = player.tap("roles:for:helper")
    assert "Thôn Nà Pán" in said.text
    [said] = player.say("nông văn páo")
    assert "cho Nông Văn Páo, đúng không" in said.text
    [said] = player.tap(f"roles:give:helper:{home(conn)}:0")
    new = next(
        each for each in people.called(conn, home(conn)) if each.name == said.text.split("cho ")[1].split(".")[0]
    )
    assert [(held.role, held.scope_unit_id) for held in grants.roles(conn, new.id)] == [("helper", home(conn))]
    assert invites.of_person(conn, new.id, player.now) is not None
    assert recipes(conn) == [f"invites:person:{new.id}:docx"]


def test_the_office_makes_a_known_member_secretary_of_a_chi_bo(
    conn: Conn, arrive: Arrive, staff: dict[str, int]
) -> None:
    cell = grants.roles(conn, staff["secretary"])[0].scope_cell_id
    player = arrive("office")
    player.say("/giaoviec")
    player.tap("roles:pick")
    player.tap("roles:pick:2")
    player.tap("roles:for:secretary")
    player.say("nà pán")
    [said] = player.say("Hoàng Văn Tư")
    assert labels(said)[:2] == ["Chọn MEMBER", "Thêm người mới"]
    player.tap(f"roles:sure:secretary:{cell}:{staff['member']}")
    player.tap(f"roles:give:secretary:{cell}:{staff['member']}")
    assert [held.scope_cell_id for held in grants.roles(conn, staff["member"])] == [cell]


def test_given_twice_is_given_once(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    player = arrive("coordinator")
    for _ in range(2):
        player.say("/giaoviec")
        player.tap("roles:pick")
        player.tap("roles:for:helper")
        player.say("Hoàng Văn Tư")
        player.tap(f"roles:sure:helper:{home(conn)}:{staff['member']}")
        player.tap(f"roles:give:helper:{home(conn)}:{staff['member']}")
    assert len(grants.roles(conn, staff["member"])) == 1


def test_taken_back_and_given_again_within_a_day(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    player = arrive("coordinator")
    player.say("/giaoviec")
    [said] = player.tap("roles:held")
    assert "Lý Thị Lành: tổ công nghệ số, Thôn Nà Pán" in said.text
    held = grants.roles(conn, staff["helper"])[0].id
    player.tap(f"roles:one:{held}")
    player.tap(f"roles:revoke:{held}")
    assert grants.roles(conn, staff["helper"]) == []
    player.tap(f"roles:restore:{held}")
    assert grants.roles(conn, staff["helper"])[0].id == held
    player.tap(f"roles:revoke:{held}")
    player.now += timedelta(days=2)
    player.tap(f"roles:restore:{held}")
    assert grants.roles(conn, staff["helper"]) == []


def test_a_name_is_never_forgotten_for_somebody_new(conn: Conn, arrive: Arrive) -> None:
    player = arrive("office")
    units.create(conn, code="NAHO", name="Thôn Nà Hó", kind="thon", parent_id=None)
    player.say("/giaoviec")
    player.tap("roles:pick")
    player.tap("roles:for:helper")
    player.say("Nà Hó")
    player.say("Lộc Thị Slao")
    assert player.chat.at.startswith("roles:sure:helper:")
    player.tap("roles:start")
    assert people.called(conn, 2) == []
