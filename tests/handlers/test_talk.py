"""What has no words of its own: voices, pictures, stickers."""

from __future__ import annotations

from collections.abc import Callable

from bot.authoring.player import Player
from bot.core.messages import Kind
from storage import helps
from storage.db import Conn

Arrive = Callable[..., Player]


def test_a_voice_of_somebody_known_brings_a_call_back(conn: Conn, arrive: Arrive) -> None:
    arrive("helper")
    member = arrive("member")
    [asked] = member.do(Kind.VOICE)
    assert "mời người gọi lại" in asked.text
    member.say("0912 345 678")
    call = helps.open_of_chat(conn, member.chat.id)
    assert call is not None
    assert (call.way, call.phone_given) == ("phone", "0912345678")


def test_a_second_voice_says_how_the_call_stands(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    member.do(Kind.VOICE)
    member.say("0912 345 678")
    [again] = member.do(Kind.VOICE)
    assert "số phiếu" in again.text


def test_a_voice_of_a_stranger_asks_how_to_help(newcomer: Player) -> None:
    [asked] = newcomer.do(Kind.VOICE)
    assert "giúp cách nào" in asked.text
    assert newcomer.chat.at == "help:ask"


def test_a_file_of_the_office_is_shown_the_way_and_not_kept(arrive: Arrive) -> None:
    [shown] = arrive("office").do(Kind.DOCUMENT)
    assert "Mở danh sách đảng viên" in shown.text
    [other] = arrive("member").do(Kind.DOCUMENT)
    assert "không giữ ảnh" in other.text
