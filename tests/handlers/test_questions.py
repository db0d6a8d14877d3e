"""A question is answered, and then it goes on where the person was; what cannot be answered is kept for the author."""

from __future__ import annotations

from collections.abc import Callable

from bot.authoring.player import Player
from storage import unanswered
from storage.db import Conn

Arrive = Callable[..., Player]


def in_a_lesson(player: Player) -> str:
    player.tap("guide:start:chuan-bi")
    player.tap("guide:begin:chuan-bi")
    return player.chat.at


def test_in_a_lesson_the_same_step_follows_the_answer(arrive: Arrive) -> None:
    member = arrive("member")
    step = in_a_lesson(member)
    said = member.say("cái này có mất tiền không cháu")
    assert "Không ai được thu tiền" in said[0].text
    assert "Bước 1" in said[1].text
    assert member.chat.at == step
    assert any(choice.key.startswith("guide:done:") for choice in member.chat.offered)


def test_elsewhere_the_answer_is_a_place_with_ways_on(arrive: Arrive) -> None:
    member = arrive("member")
    [said] = member.say("quen mat khau ch play")
    assert "Google hoặc Apple" in said.text
    assert [choice.key for choice in said.choices] == ["help:ask", "nav:back"]
    member.say("quay lại")
    assert member.chat.at == "menu:main"


def test_a_word_not_confirmed_is_told_honestly(arrive: Arrive) -> None:
    member = arrive("member")
    [said] = member.say("bị khóa tài khoản rồi, bao lâu thì mở")
    assert "chưa xác nhận" in said.text
    assert "None" not in said.text


def test_a_lesson_can_be_opened_from_an_answer(arrive: Arrive) -> None:
    member = arrive("member")
    member.say("đọc nghị quyết ở đâu")
    member.tap("guide:start:tin-tai-lieu")
    assert member.chat.at.startswith("guide:")


def test_danger_brings_the_card_with_the_answer_to_it(arrive: Arrive) -> None:
    member = arrive("member")
    in_a_lesson(member)
    [said] = member.say("lỡ bấm vào link rồi")
    assert member.chat.at == "scam:card"
    assert "Dừng tay" in said.text or "dừng" in said.text.lower()


def test_what_has_no_answer_is_kept_without_secrets_or_names(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    member.say("giá lợn hơi hôm nay bao nhiêu")
    [kept] = unanswered.often(conn)
    assert (kept.text, kept.count) == ("giá lợn hơi hôm nay bao nhiêu", 1)


def test_unsure_asks_between_two_readings_and_the_chosen_one_is_answered(arrive: Arrive) -> None:
    member = arrive("member")
    member.tap("questions:about:cost")
    assert member.chat.at == "questions:answer:mat-tien"
    member.tap("nav:meant:otp_missing")
    assert member.chat.at == "questions:answer:ma-khong-ve"
    member.tap("nav:meant:nonsense")
    assert member.chat.at == "questions:answer:ma-khong-ve"


def test_two_misses_offer_a_person(arrive: Arrive) -> None:
    member = arrive("member")
    member.say("qzx blub wok")
    [said] = member.say("wok qzx")
    assert "help:ask" in {choice.key for choice in said.choices}


def test_staff_questions_are_for_staff(arrive: Arrive) -> None:
    [said] = arrive("coordinator").say("hạn nộp báo cáo là khi nào")
    assert "chưa được báo" in said.text
    [said] = arrive("member").say("hạn nộp báo cáo là khi nào")
    assert "Hạn kỳ này" not in said.text
