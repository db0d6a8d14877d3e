"""Somebody of the office writes into a chat by hand: the bot keeps quiet there, and yet leaves nobody alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.authoring.player import BEGIN, CHANNEL, Player
from bot.core.messages import Incoming, Kind, Rank, Reply
from bot.outgoing import Desk, notify
from bot.recheck import look
from bot.turn import answer
from storage import chats, outbox, seen
from storage.db import Conn

Arrive = Callable[..., Player]
MINUTE = timedelta(minutes=1)


def by_hand(player: Player, *, after: timedelta = MINUTE) -> None:
    player.do(Kind.TAKEN_OVER, after=after)


@pytest.fixture
def member(arrive: Arrive) -> Player:
    return arrive("member")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.TEXT, "cảm ơn cán bộ nhé"),
        (Kind.TEXT, "1"),
        (Kind.TEXT, "xong rồi"),
        (Kind.VOICE, ""),
        (Kind.UNSUPPORTED, ""),
        (Kind.PHOTO, ""),
        (Kind.TAP, "menu:more"),
        (Kind.START, ""),
    ],
)
def test_nothing_is_answered_meanwhile_but_it_is_taken_in(conn: Conn, member: Player, kind: Kind, text: str) -> None:
    before = member.chat
    by_hand(member)
    assert member.do(kind, text) == []
    after = member.chat
    assert (after.at, after.offered) == (before.at, before.offered)
    assert after.last_in_at == member.now
    assert not seen.first_time(conn, after.channel, after.account, f"member-{next(member._numbers) - 1}", member.now)


def test_after_half_an_hour_the_next_message_is_answered_as_usual(member: Player) -> None:
    by_hand(member)
    assert member.say("chào cháu", after=29 * MINUTE) == []
    assert member.say("chào cháu", after=MINUTE)


def test_each_further_message_by_hand_makes_it_longer(member: Player) -> None:
    by_hand(member)
    by_hand(member, after=20 * MINUTE)
    assert member.say("chào cháu", after=20 * MINUTE) == []
    assert member.say("chào cháu", after=10 * MINUTE)


def test_what_arrives_late_counts_from_when_it_was_written(conn: Conn, member: Player, desk: Desk) -> None:
    hour_ago = member.now - timedelta(hours=1)
    late = Incoming("thu", "thu", "member", "tay", Kind.TAKEN_OVER, sent_at=hour_ago)
    assert [answer(conn, late, member.now, desk) for _ in range(2)] == [True, False]
    assert member.say("chào cháu")


def test_what_the_office_writes_is_no_message_of_the_member(member: Player) -> None:
    before = member.chat.last_in_at
    by_hand(member)
    assert member.chat.last_in_at == before


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (Kind.TEXT, "giúp bác với", "giúp cách nào"),
        (Kind.TEXT, "/giup", "giúp cách nào"),
        (Kind.TAP, "help:ask", "giúp cách nào"),
        (Kind.TEXT, "nó bảo đọc mã otp cho nó", "dừng tay"),
        (Kind.TEXT, "/khancap", "dừng tay"),
    ],
)
def test_danger_and_calls_for_help_are_always_answered(member: Player, kind: Kind, text: str, said: str) -> None:
    by_hand(member)
    [answered] = member.do(kind, text)
    assert said in answered.text
    assert member.say("1")  # and so is what follows from it


def test_an_invitation_is_not_lost(newcomer: Player, arrive_unit_code: str) -> None:
    newcomer.do(Kind.TAKEN_OVER)
    assert newcomer.do(Kind.START, arrive_unit_code)
    assert newcomer.chat.unit_id is not None


def test_notices_wait_and_are_not_lost(conn: Conn, member: Player, desk: Desk) -> None:
    planned = Reply("Trước", to=member.chat.id, rank=Rank.NOTICE)
    notify(conn, planned, member.chat, "a", desk, member.now)
    chats.hush(conn, CHANNEL, CHANNEL, "member", member.now + 30 * MINUTE, member.now)
    chat = member.chat
    notify(conn, Reply("Sau", to=chat.id, rank=Rank.NOTICE), chat, "b", desk, member.now)

    def due_at(minutes: int) -> list[str]:
        now = member.now + minutes * MINUTE
        lane = [(chat.channel, chat.account)]
        return [
            parcel.text
            for parcel in outbox.claim(
                conn, now, limit=9, max_rank=Rank.BULK, accounts=lane, look=lambda one: look(conn, one, now, desk)
            )
        ]

    assert [due_at(0), due_at(29)] == [[], []]
    assert due_at(30) == ["Trước", "Sau"]


def test_somebody_the_office_wrote_to_first_is_left_in_peace_too(conn: Conn, newcomer: Player) -> None:
    newcomer.do(Kind.TAKEN_OVER)
    assert newcomer.say("tôi nghe đây") == []
    assert chats.get(conn, newcomer.chat.id).is_quiet(BEGIN)
