"""Words between member and helper: both ways, without phone numbers or secrets, and only while the call is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.authoring.player import Player
from bot.core.messages import Kind
from bot.turn import Desk
from storage.db import Conn
from tests.handlers.ladder_kit import another, call, call_of, key_of, last, said_to, takes

Arrive = Callable[..., Player]


def at_work(conn: Conn, arrive: Arrive, way: str = "home") -> tuple[Player, Player, str]:
    helper, member = arrive("helper"), arrive("member")
    call(member, way)
    if way == "phone":
        member.say("0912345678")
    return helper, member, takes(helper)


def test_words_go_both_ways_and_the_lesson_is_where_it_was(conn: Conn, arrive: Arrive) -> None:
    helper, member, _ = at_work(conn, arrive)
    [entry] = member.say("viết cho người giúp")
    assert "chuyển ngay cho Lý Thị Lành" in entry.text
    [passed] = member.say("Nhà bác có con chó, cháu gọi cổng nhé")
    assert "đã chuyển lời" in passed.text
    assert "Hoàng Văn Tư nhắn bác: “Nhà bác có con chó, cháu gọi cổng nhé”" in last(conn, helper)
    helper.say("viết trả lời")
    helper.say("Vâng, bác ra cổng giúp cháu nhé")
    assert "Lý Thị Lành nhắn bác: “Vâng, bác ra cổng giúp cháu nhé”" in last(conn, member)
    [step] = member.say("làm tiếp bài")
    assert "Bước 2 trong 9" in step.text


def test_a_word_that_moves_about_is_no_message_and_danger_goes_first(conn: Conn, arrive: Arrive) -> None:
    helper, member, _ = at_work(conn, arrive)
    before = len(said_to(conn, helper))
    member.say("viết cho người giúp")
    [card] = member.say("có người gọi bảo đọc mã otp cho nó")
    assert "113" in card.text
    member.say("quay lại")
    assert member.chat.at == "relay:to_helper"
    member.say("quay lại")
    assert member.chat.at.startswith(("guide:", "help:"))
    assert len(said_to(conn, helper)) == before


def test_secrets_are_not_passed_on(conn: Conn, arrive: Arrive) -> None:
    helper, member, _ = at_work(conn, arrive)
    member.say("viết cho người giúp")
    member.say("mật khẩu của bác là Hoa@1955xyz")
    assert not any("Hoa@1955xyz" in text for text in said_to(conn, helper))


def test_it_ends_with_the_call(conn: Conn, arrive: Arrive) -> None:
    helper, member, number = at_work(conn, arrive)
    member.tap("relay:to_helper")
    helper.tap(f"relay:to_member:{number}")
    member.tap(f"help:cancel:{number}")
    [over] = helper.say("Bác ơi cháu sắp đến rồi nhé")
    assert "không còn ai đang giúp" in over.text
    [over] = member.tap("relay:to_helper")
    assert "không còn ai đang giúp" in over.text or "cũ rồi" in over.text


def test_nobody_else_can_write_into_it(conn: Conn, arrive: Arrive, desk: Desk) -> None:
    _helper, member, number = at_work(conn, arrive)
    other = another(conn, desk, "coordinator")
    before = len(said_to(conn, member))
    assert other.tap(f"relay:to_member:{number}")
    other.say("Bác chuyển tiền cho tôi")
    assert len(said_to(conn, member)) == before


def test_ten_messages_in_ten_minutes_are_enough(conn: Conn, arrive: Arrive) -> None:
    helper, member, _ = at_work(conn, arrive)
    member.tap("relay:to_helper")
    before = len(said_to(conn, helper))
    for number in range(10):
        member.say(f"Bác nhắn lần thứ mấy rồi nhỉ, lần {number} đấy", after=timedelta(seconds=20))
    [enough] = member.say("Bác lại nhắn thêm câu nữa đây")
    assert "nhắn nhiều quá" in enough.text
    assert len(said_to(conn, helper)) == before + 10


def test_a_voice_of_the_member_is_told_and_can_be_called_back(conn: Conn, arrive: Arrive) -> None:
    helper, member, _ = at_work(conn, arrive, "phone")
    [told] = member.do(Kind.VOICE)
    assert "đã báo người giúp" in told.text
    notice = last(conn, helper)
    assert "vừa gửi tin bằng tiếng nói" in notice
    assert "0912345678" in notice
    helper.tap(key_of(helper, "relay:to_member"))
    [typed] = helper.do(Kind.VOICE)
    assert "gõ chữ" in typed.text


def test_a_voice_where_no_phone_was_given_shows_none(conn: Conn, arrive: Arrive) -> None:
    helper, member, _ = at_work(conn, arrive)
    member.do(Kind.UNSUPPORTED)
    assert "gọi lại số" not in last(conn, helper)
    assert call_of(conn, member).state == "taken"
