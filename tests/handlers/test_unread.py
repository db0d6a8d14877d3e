"""Voices, and people whose every message the channel hides: each brings a person, none of them a loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.authoring.player import Player
from bot.core.messages import Kind
from storage import helps
from storage.db import Conn
from storage.helps import HelpRequest
from storage.schema import help_request

Arrive = Callable[..., Player]
HIDDEN, VOICE = Kind.UNSUPPORTED, Kind.VOICE


def call_of(conn: Conn, player: Player) -> HelpRequest | None:
    return helps.open_of_chat(conn, player.chat.id)


def calls(conn: Conn) -> int:
    return conn.execute(select(func.count()).select_from(help_request)).scalar_one()


def test_a_voice_of_somebody_known_brings_a_call_back(conn: Conn, arrive: Arrive) -> None:
    arrive("helper")
    member = arrive("member")
    [asked] = member.do(VOICE)
    assert "mời người gọi lại" in asked.text
    member.say("0912 345 678")
    call = call_of(conn, member)
    assert call is not None
    assert (call.way, call.phone_given) == ("phone", "0912345678")


def test_a_second_voice_says_how_the_call_stands(arrive: Arrive) -> None:
    member = arrive("member")
    member.do(VOICE)
    member.say("0912 345 678")
    [again] = member.do(VOICE)
    assert "số phiếu" in again.text


def test_a_voice_of_a_stranger_asks_how_to_help(newcomer: Player) -> None:
    [asked] = newcomer.do(VOICE)
    assert "giúp cách nào" in asked.text
    assert newcomer.chat.at == "help:ask"


@pytest.mark.parametrize("kind", [VOICE, HIDDEN])
def test_a_second_one_of_a_stranger_calls_without_asking(conn: Conn, newcomer: Player, kind: Kind) -> None:
    newcomer.do(kind)
    assert calls(conn) == 0
    [told] = newcomer.do(kind)
    assert "mời người giúp" in told.text
    assert "GT-0001" in told.text
    assert calls(conn) == 1


def test_a_voice_instead_of_a_phone_number_calls_all_the_same(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    [asked] = member.do(VOICE)
    assert "số nào" in asked.text
    member.do(VOICE)
    assert call_of(conn, member) is not None


def test_somebody_known_who_cannot_be_read_is_asked_nothing(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    [told] = member.do(HIDDEN)
    assert "không đọc được tin của bác" in told.text
    call = call_of(conn, member)
    assert call is not None
    assert (call.way, call.name_given) == ("phone", "Hoàng Văn Tư")
    assert any(choice.key == f"calls:take:{call.id}" for choice in helper.chat.offered)


def test_many_in_a_row_make_one_call_and_three_lines(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    said = [len(member.do(HIDDEN)) for _ in range(8)]
    assert said == [1, 1, 1, 0, 0, 0, 0, 0]
    assert calls(conn) == 1
    assert len(member.do(HIDDEN, after=timedelta(hours=1))) == 1
    assert calls(conn) == 1


def test_something_readable_in_between_begins_the_row_anew(conn: Conn, newcomer: Player) -> None:
    for _ in range(3):
        newcomer.do(HIDDEN)
        newcomer.say("chào cháu")
    assert calls(conn) == 0
    newcomer.do(HIDDEN)
    newcomer.do(HIDDEN, after=timedelta(hours=1))
    assert calls(conn) == 0
    newcomer.do(HIDDEN)
    assert calls(conn) == 1


@pytest.mark.parametrize("over", ["done", "cancelled"])
def test_a_thank_you_after_the_visit_calls_nobody_back(conn: Conn, arrive: Arrive, over: str) -> None:
    member = arrive("member")
    member.do(HIDDEN)
    call = call_of(conn, member)
    assert call is not None
    (helps.done if over == "done" else helps.cancel)(conn, call.id, member.now)
    [told] = member.do(HIDDEN)
    assert "Gửi thêm một tin nữa" in told.text
    assert calls(conn) == 1
    member.do(HIDDEN)
    assert calls(conn) == 2


def test_days_after_the_visit_the_first_one_calls_again(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    member.do(HIDDEN)
    call = call_of(conn, member)
    assert call is not None
    helps.done(conn, call.id, member.now)
    member.do(HIDDEN, after=timedelta(days=3))
    assert calls(conn) == 2


def test_the_lesson_goes_on_where_it_was(arrive: Arrive) -> None:
    member = arrive("member")
    member.tap("guide:start:android")
    member.tap("guide:begin:android")
    member.do(HIDDEN)
    [step] = member.tap("help:lesson")
    assert "Bước 1 trong 9" in step.text


def test_a_file_of_the_office_is_shown_the_way_and_not_kept(arrive: Arrive) -> None:
    [shown] = arrive("office").do(Kind.DOCUMENT)
    assert "Mở danh sách đảng viên" in shown.text
    [other] = arrive("member").do(Kind.DOCUMENT)
    assert "không giữ ảnh" in other.text
