"""What a helper promised: kept, renewed, asked about, and passed on when nobody came."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.authoring.player import Player
from bot.turn import Desk
from storage.db import Conn
from tests.handlers.ladder_kit import Watch, call, call_of, key_of, last

Arrive = Callable[..., Player]


def test_a_promise_that_passed_is_asked_about_then_the_call_moves_on(conn: Conn, arrive: Arrive, desk: Desk) -> None:
    helper, coordinator, member = arrive("helper"), arrive("coordinator"), arrive("member")
    watch = Watch(conn, desk, [helper, coordinator, member])
    call(member)
    key = key_of(helper, "calls:take")
    helper.tap(key)
    helper.say("giúp ngay")
    assert re.search(r"đến nhà bác trước 10 giờ \d\d\.", last(conn, member))
    watch.minutes(70)
    assert "đã quá giờ hẹn" not in last(conn, helper)
    [standing] = member.say("giúp")
    assert "mà chưa thấy" in standing.text
    watch.minutes(60)
    assert "đã quá giờ hẹn" in last(conn, helper)
    watch.minutes(61)
    assert "nhờ người khác rồi" in last(conn, helper)
    assert "nhờ giúp" in last(conn, coordinator)
    gone, *_ = helper.tap(f"calls:done:{key.rpartition(':')[2]}")
    assert "không còn ở chỗ bác" in gone.text


def test_a_renewed_promise_holds(conn: Conn, arrive: Arrive, desk: Desk) -> None:
    helper, member = arrive("helper"), arrive("member")
    watch = Watch(conn, desk, [helper, member])
    call(member)
    helper.tap(key_of(helper, "calls:take"))
    helper.say("giúp ngay")
    watch.minutes(130)
    helper.tap(key_of(helper, "calls:when"))
    helper.say("để ngày mai")
    helper.say("sáng mai")
    watch.minutes(300)
    assert call_of(conn, member).state == "taken"


def test_an_overdue_call_can_be_asked_again_by_the_member(conn: Conn, arrive: Arrive, desk: Desk) -> None:
    helper, coordinator, member = arrive("helper"), arrive("coordinator"), arrive("member")
    watch = Watch(conn, desk, [helper, coordinator, member])
    call(member)
    helper.tap(key_of(helper, "calls:take"))
    helper.say("giúp ngay")
    number = call_of(conn, member).id
    [early] = member.tap(f"help:again:{number}")
    assert "tổ công nghệ số, giúp bác" in early.text
    watch.minutes(70)
    [standing] = member.tap(f"help:again:{number}")
    assert "trưởng thôn" in standing.text
    assert "nhờ giúp" in last(conn, coordinator)
