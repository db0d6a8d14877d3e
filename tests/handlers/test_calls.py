"""A call for help from both sides: it reaches the unit, one takes it, the member hears each turn."""

from __future__ import annotations

from collections.abc import Callable

from bot.authoring.player import Player
from bot.turn import Desk
from storage import helps, mishaps
from storage.db import Conn
from tests.handlers.ladder_kit import another, call, key_of, said_to

Arrive = Callable[..., Player]


def test_a_call_carries_where_the_member_is_stuck(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    call(member)
    notice = said_to(conn, helper)[-1]
    assert "Hoàng Văn Tư (Thôn Nà Pán) nhờ giúp: đến tận nhà" in notice
    assert "Cài trên máy Android, bước 2" in notice


def test_taken_promised_done_and_the_lesson_goes_on_at_the_same_step(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    call(member)
    [take] = [choice for choice in helper.chat.offered if choice.key.startswith("calls:take")]
    helper.tap(take.key)
    assert "Lý Thị Lành, tổ công nghệ số, nhận giúp bác" in said_to(conn, member)[-1]
    [parts] = helper.say("hẹn hôm nay")
    assert "buổi nào hôm nay" in parts.text
    [card] = helper.say("chieu nay")
    assert "Bác hẹn: chiều nay" in card.text
    assert "đến nhà bác chiều nay" in said_to(conn, member)[-1]
    number = take.key.rpartition(":")[2]
    helper.tap(f"calls:done:{number}")
    assert "đã giúp bác xong" in said_to(conn, member)[-1]
    [step] = member.say("tốt lắm")
    assert "Bước 2 trong 9" in step.text


def test_the_second_helper_is_told_who_was_quicker(conn: Conn, arrive: Arrive, desk: Desk) -> None:
    helper, member = arrive("helper"), arrive("member")
    other = another(conn, desk, "helper")
    call(member)
    key = key_of(helper, "calls:take")
    helper.tap(key)
    [late] = other.tap(key)
    assert "đã có người nhận" in late.text
    assert helps.get(conn, int(key.rpartition(":")[2])).state == "taken"  # type: ignore[union-attr]


def test_a_busy_helper_sends_the_call_up_once(conn: Conn, arrive: Arrive) -> None:
    helper, coordinator, member = arrive("helper"), arrive("coordinator"), arrive("member")
    call(member)
    before = len(said_to(conn, coordinator))
    number = next(c.key for c in helper.chat.offered if c.key.startswith("calls:busy")).rpartition(":")[2]
    helper.tap(f"calls:busy:{number}")
    helper.tap(f"calls:busy:{number}")
    assert len(said_to(conn, coordinator)) == before + 1


def test_with_nobody_to_ask_the_admin_hears_of_it(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    call(member)
    assert "nobody to ask" in mishaps.recent(conn)[0].error
    assert "số phiếu" in said_to(conn, member)[-1]


def test_the_office_takes_it_where_the_unit_has_nobody(conn: Conn, arrive: Arrive) -> None:
    office, member = arrive("office"), arrive("member")
    call(member)
    assert "nhờ giúp" in said_to(conn, office)[-1]


def test_a_cancelled_call_is_told_to_its_helper(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    call(member)
    helper.tap(key_of(helper, "calls:take"))
    member.tap(f"help:cancel:{helps.open_of_chat(conn, member.chat.id).id}")  # type: ignore[union-attr]
    assert "không cần nữa" in said_to(conn, helper)[-1]
    assert helps.open_of_chat(conn, member.chat.id) is None


def test_a_stranger_cannot_look_at_or_take_a_call(conn: Conn, arrive: Arrive, desk: Desk, newcomer: Player) -> None:
    helper, member = arrive("helper"), arrive("member")
    call(member)
    key = key_of(helper, "calls:take")
    elsewhere = another(conn, desk, "helper", unit="LANPANG")
    for player in (newcomer, member, elsewhere):
        player.say("chào cháu")
        [refused] = player.tap(key)
        assert "người hỗ trợ của nơi ấy" in refused.text
    assert helps.get(conn, int(key.rpartition(":")[2])).state == "open"  # type: ignore[union-attr]


def test_by_phone_asks_for_the_number_and_only_the_owner_sees_it(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    call(member, "phone")
    member.say("0912.345.678")
    assert "0912345678" not in said_to(conn, helper)[-1]
    [when] = helper.tap(key_of(helper, "calls:take"))
    assert "0912345678" in when.text


def test_an_anonymous_caller_is_asked_where_and_who(conn: Conn, arrive: Arrive, newcomer: Player) -> None:
    helper = arrive("helper")
    newcomer.say("alo giup bac voi")
    newcomer.say("2")
    [where] = newcomer.say("thon na pan")
    assert "tên" in where.text
    newcomer.say("bà Hiền")
    assert "bà Hiền" in said_to(conn, helper)[-1]
