"""Seats: invitations go where there is room, and the office hears of it before there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.authoring.player import BEGIN
from bot.context import House
from bot.desk import Desk
from bot.jobs import seats as job
from bot.seats import next_account, taken
from storage import chats, invites
from storage.db import Conn
from tests.engine.limits_kit import limited_desk, said_to, somebody

BOTS = ("mot", "hai", "ba")


@pytest.fixture
def desk(house: House) -> Desk:
    return limited_desk(house)


def fill(conn: Conn, account: str, people: int) -> None:
    for number in range(people):
        chats.arrive(conn, "dem", account, f"{account}{number}", BEGIN)


def invite(conn: Conn, account: str) -> None:
    invites.create(conn, uses=1, channel="dem", account=account, now=BEGIN)


def test_invitations_are_spread_over_the_bots_until_all_are_full(conn: Conn) -> None:
    fill(conn, "mot", 3)
    fill(conn, "hai", 1)
    given: list[str | None] = []
    while (account := next_account(taken(conn, "dem", BOTS, BEGIN), 5)) is not None:
        invite(conn, account)
        given.append(account)
    assert [given.count(account) for account in BOTS] == [2, 4, 5]
    assert given[:3] == ["ba", "hai", "ba"]


def test_a_promise_ends_after_two_weeks(conn: Conn) -> None:
    fill(conn, "mot", 4)
    invite(conn, "mot")
    assert taken(conn, "dem", ("mot",), BEGIN + timedelta(days=14)) == {"mot": 5}
    assert taken(conn, "dem", ("mot",), BEGIN + timedelta(days=14, minutes=1)) == {"mot": 4}
    assert taken(conn, "dem", ("mot",), BEGIN) == {"mot": 5}


def test_without_a_cap_the_emptiest_is_chosen_and_without_accounts_none(conn: Conn) -> None:
    fill(conn, "mot", 900)
    assert next_account(taken(conn, "dem", ("mot", "hai"), BEGIN), None) == "hai"
    assert next_account({}, 5) is None


def test_a_bot_that_is_refused_just_now_still_has_its_seats(conn: Conn, desk: Desk) -> None:
    fill(conn, "mot", 5)
    fill(conn, "hai", 1)
    assert job.run(conn, BEGIN, replace(desk, accounts={"dem": ("mot",)})) == {"dem": 6}


def test_the_office_hears_once_at_four_fifths_and_once_when_all_are_taken(conn: Conn, desk: Desk) -> None:
    [office] = somebody(conn, "Phòng", ("web", "web"), role="office")
    heard = []
    for mot, hai in ((5, 2), (5, 3), (5, 3), (5, 5), (9, 5)):
        fill(conn, "mot", mot)
        fill(conn, "hai", hai)
        assert job.run(conn, BEGIN, desk) == {"dem": 5 + hai}
        heard.append(len(said_to(conn, office)))
    assert heard == [0, 1, 1, 2, 2]
    assert "8 trong 10 chỗ" in said_to(conn, office)[0]
    assert "đã đủ 10 người" in said_to(conn, office)[1]
