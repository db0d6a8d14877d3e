"""Alarms to people: whom they reach, how often, and what is left when nobody can be reached."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.alert import alert
from bot.authoring.player import BEGIN
from bot.context import House
from bot.desk import Desk
from storage import mishaps
from storage.db import Conn
from tests.engine.limits_kit import limited_desk, said_to, sent_now, somebody

DAY = timedelta(days=1)


@pytest.fixture
def desk(house: House) -> Desk:
    return limited_desk(house)


def ring(conn: Conn, desk: Desk, days: int = 0, code: str = "down:dem:mot", period: str = "") -> int:
    now, values = BEGIN + days * DAY, {"channel": "dem", "account": "mot"}
    return alert(conn, code, "alert.account_down", now, desk, period=period, **values)


def test_once_a_day_and_code(conn: Conn, desk: Desk) -> None:
    [office] = somebody(conn, "Phòng", ("web", "web"), role="office")
    assert [ring(conn, desk), ring(conn, desk), ring(conn, desk, 1), ring(conn, desk, code="khac")] == [1, 0, 1, 1]
    assert len(said_to(conn, office)) == 3
    assert "Kênh dem (tài khoản mot) không nhận mã kết nối nữa" in said_to(conn, office)[0]
    assert [ring(conn, desk, days, "thang", "2026-11") for days in (0, 1)] == [1, 0]


def test_everybody_of_the_office_where_no_admin_can_be_reached(conn: Conn, desk: Desk) -> None:
    somebody(conn, "Máy", ("tat", "x"), role="admin")
    offices = [somebody(conn, name, ("web", "web"), role="office")[0] for name in ("Một", "Hai")]
    assert ring(conn, desk) == 2
    assert [len(said_to(conn, office)) for office in offices] == [1, 1]
    assert len(sent_now(conn, desk)) == 2


def test_with_nobody_to_tell_it_is_still_written_down(conn: Conn, desk: Desk) -> None:
    assert ring(conn, desk) == 0
    [mishap] = mishaps.recent(conn)
    assert (mishap.ref, mishap.where) == ("down:dem:mot:2026-11-24", "alert")
    assert "không nhận mã kết nối nữa" in mishap.error
