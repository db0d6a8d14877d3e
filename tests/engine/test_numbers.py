"""Numbers where there are no buttons: what they pick, and what they must never pick by accident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from unicodedata import normalize

import pytest

from bot.authoring.player import CHANNEL, WHOLE, Player
from bot.core.messages import Choice, Incoming, Kind, Media, MediaKind, Rank, Reply
from bot.outgoing import Desk, drafts, notify
from bot.turn import answer
from storage import outbox
from storage.db import Conn

Arrive = Callable[..., Player]
TYPED = replace(WHOLE, buttons=0, max_text=1900, max_caption=1900, pictures=False, voice=False)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, channels={CHANNEL: TYPED})


@pytest.fixture
def member(arrive: Arrive) -> Player:
    """In the first step of the Android lesson."""
    player = arrive("member")
    player.tap("guide:start:android")
    player.tap("guide:begin:android")
    return player


def test_every_choice_stands_in_the_text_and_the_picture_in_words(member: Player) -> None:
    [step] = member.say("nhắc lại")
    assert "\n\nTrong hình: " in step.text
    assert step.text.endswith("1. Làm được rồi\n2. Chưa được\n3. Quay lại\n4. Nhờ người giúp")
    assert step.choices == ()


@pytest.mark.parametrize("typed", ["2", " 2 ", "2.", "số 2", "hai", "chưa được", "chua duoc", "CHUA DUOC", "chưa"])
def test_a_choice_is_picked_by_digit_word_and_label(member: Player, typed: str) -> None:
    [repair] = member.say(typed)
    assert "thử cách khác" in repair.text


@pytest.mark.parametrize("typed", ["bốn", "4", "giup", "nhờ người giúp"])
def test_help_is_a_digit_or_a_word_away(member: Player, typed: str) -> None:
    [asked] = member.say(typed)
    assert "giúp cách nào" in asked.text


def test_a_number_after_a_notice_with_choices_of_its_own_is_asked_about(conn: Conn, member: Player, desk: Desk) -> None:
    step = member.chat.at
    nudged(conn, member, desk)
    [asked] = member.say("1")
    assert "Ý bác là" in asked.text
    assert "1. Xem các việc\n2. Làm được rồi" in asked.text
    assert member.chat.at == step
    member.say("2")
    assert member.chat.at != step  # done, because now that was meant


def test_words_still_mean_what_they_say(conn: Conn, member: Player, desk: Desk) -> None:
    nudged(conn, member, desk)
    [repair] = member.say("chua duoc")
    assert "thử cách khác" in repair.text


def test_a_number_only_one_of_them_has_is_clear(conn: Conn, member: Player, desk: Desk) -> None:
    nudged(conn, member, desk)
    [repair] = member.say("2")
    assert "thử cách khác" in repair.text


def test_the_next_morning_the_last_message_is_meant(conn: Conn, member: Player, desk: Desk) -> None:
    nudged(conn, member, desk)
    member.say("1", after=timedelta(hours=13))
    assert member.chat.at == "menu:main"


def test_an_answer_of_the_bot_makes_an_end_of_what_was_before(conn: Conn, member: Player, desk: Desk) -> None:
    nudged(conn, member, desk)
    member.say("nhắc lại")
    assert member.chat.earlier == ()
    [second] = member.say("1")
    assert "Bước 2" in second.text


def test_a_number_typed_before_the_choices_were_made_picks_none_of_them(conn: Conn, member: Player, desk: Desk) -> None:
    typed_at = member.now + timedelta(seconds=30)
    assert "Bước 2" in say_late(conn, member, desk, "1", typed_at)
    assert "Số ấy là của câu trước" in say_late(conn, member, desk, "1", typed_at + timedelta(seconds=3))
    assert "AND-2" in member.chat.at
    assert "Bước 3" in say_late(conn, member, desk, "1", member.now - timedelta(seconds=1))


def say_late(conn: Conn, member: Player, desk: Desk, text: str, typed_at: datetime) -> str:
    """Something that took its time to arrive."""
    member.now += timedelta(minutes=1)
    number = f"late-{member.now}"
    answer(conn, Incoming(CHANNEL, CHANNEL, member.key, number, Kind.TEXT, text, typed_at), member.now, desk)
    return "\n".join(said.text for said in member._hear())


def nudged(conn: Conn, member: Player, desk: Desk) -> None:
    choices = (Choice("menu:main", "Xem các việc"),)
    notify(conn, Reply("Có việc ạ.", choices, to=member.chat.id, rank=Rank.NOTICE), member.chat, "n", desk, member.now)
    assert [said.text for said in member._hear()] == ["Có việc ạ.\n\n1. Xem các việc"]


def test_what_goes_out_is_composed_whole_and_loses_nothing(conn: Conn, member: Player, desk: Desk) -> None:
    alt = "Hình có mũi tên. " * 300
    picture, voice = Media(MediaKind.PICTURE, "a.png", alt), Media(MediaKind.VOICE, "a.aac")
    choice = Choice("menu:main", normalize("NFD", "Xem các việc"))
    reply = Reply(normalize("NFD", "Bước một ạ."), (choice,), picture, voice)
    rows = drafts(reply, member.chat, "k", desk, member.now)
    said = " ".join(row.text for row in rows)
    assert all(row.media is None for row in rows)
    assert said == normalize("NFC", said)
    assert "".join(said.split()).count("Hìnhcómũitên.") == 300
    assert rows[0].text.startswith("Bước một ạ.\n\nTrong hình: Hình có mũi tên.")
    assert rows[-1].text.endswith("1. Xem các việc")
    assert outbox.add(conn, rows, member.now) == len(rows)
