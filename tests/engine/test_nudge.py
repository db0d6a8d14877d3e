"""Reminders: gentle, rare, at decent hours, never twice; and in the end a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.authoring.player import BEGIN, CHANNEL, Player
from bot.core.messages import Parcel, Rank
from bot.jobs import housekeeping, nudge
from bot.outgoing import Desk
from bot.recheck import look
from storage import chats, grants, helps, occurrences, outbox
from storage.db import Conn
from tests.engine.limits_kit import said_to

Arrive = Callable[..., Player]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TOMORROW = BEGIN + DAY  # 9:00 in Lạng Sơn
NOTHING = {"reminded": 0, "skipped": 0, "person_asked": 0}


@pytest.fixture
def member(arrive: Arrive) -> Player:
    """At step 2 of the Android lesson."""
    player = arrive("member")
    for word in ("guide:start:android", "guide:begin:android"):
        player.tap(word)
    player.say("1")
    return player


def send(conn: Conn, desk: Desk, now: datetime) -> list[Parcel]:
    parcels = outbox.claim(
        conn,
        now,
        limit=9,
        max_rank=Rank.BULK,
        accounts=[(CHANNEL, CHANNEL)],
        look=lambda one: look(conn, one, now, desk),
    )
    outbox.sent(conn, [(parcel, "x") for parcel in parcels], now)
    occurrences.settle(conn)
    return parcels


def history(conn: Conn, player: Player) -> list[tuple[str, str]]:
    own = occurrences.of_recipient(conn, "nudge", f"person:{player.chat.person_id}")
    return [(one.state, one.reason) for one in own]


def test_who_fell_silent_is_reminded_once_however_often_the_job_runs(conn: Conn, member: Player, desk: Desk) -> None:
    assert nudge.run(conn, TOMORROW, desk) == {**NOTHING, "reminded": 1}
    assert nudge.run(conn, TOMORROW, desk) == NOTHING
    assert nudge.run(conn, TOMORROW + 6 * HOUR, desk) == NOTHING
    [parcel] = send(conn, desk, TOMORROW)
    assert 'Bài "Cài trên máy Android" bác đang làm đến bước 2 trong 9' in parcel.text
    assert [choice.label for choice in parcel.choices] == ["Làm tiếp", "Nhờ người giúp", "Thôi nhắc bài"]
    assert history(conn, member) == [("sent", "")]
    [step] = member.say("lam tiep", after=TOMORROW - member.now)
    assert "Bước 2 trong 9" in step.text


@pytest.mark.parametrize(
    ("hour", "due"), [(7, 0), (8, 1), (10, 1), (11, 0), (12, 0), (14, 1), (18, 1), (19, 0), (23, 0)]
)
def test_only_at_decent_hours(conn: Conn, member: Player, desk: Desk, hour: int, due: int) -> None:
    now = desk.local(TOMORROW).replace(hour=hour, minute=5)
    assert nudge.run(conn, now, desk)["reminded"] == due


def test_three_times_and_then_a_person_who_answers_for_it(
    conn: Conn, arrive: Arrive, member: Player, desk: Desk
) -> None:
    helper = arrive("helper")
    for day in range(1, 4):
        assert nudge.run(conn, BEGIN + day * DAY, desk)["reminded"] == 1
        assert len(send(conn, desk, BEGIN + day * DAY)) == 1
    assert nudge.run(conn, BEGIN + 4 * DAY, desk) == {**NOTHING, "person_asked": 1}
    call = helps.open_of_chat(conn, member.chat.id)
    assert call is not None
    assert (call.lesson, call.step, call.name_given) == ("android", "AND-2", "Hoàng Văn Tư")
    [asked] = [text for text in said_to(conn, helper.chat) if call.code in text]
    assert asked.startswith("Người này im đã 3 ngày")
    assert "nhờ người gọi hỏi thăm bác" in said_to(conn, member.chat)[-1]
    helps.done(conn, call.id, BEGIN + 4 * DAY)
    assert [nudge.run(conn, BEGIN + day * DAY, desk) for day in (5, 6, 20)] == [NOTHING] * 3


def test_no_reminders_until_they_are_wanted_again(conn: Conn, member: Player, desk: Desk) -> None:
    [stopped] = member.say("thoi nhac")
    assert "thôi nhắc" in stopped.text
    assert nudge.run(conn, TOMORROW, desk) == NOTHING
    [again] = member.say("cứ nhắc bác")
    assert "lại nhắc bác" in again.text
    assert nudge.run(conn, member.now + DAY, desk)["reminded"] == 1


@pytest.mark.parametrize("words", ["thôi nhắc", "đừng nhắc nữa", "dừng nhắc bác", "khỏi nhắc cháu ơi", "Thôi nhắc bài"])
def test_stop_is_understood_however_it_is_said(member: Player, words: str) -> None:
    member.say(words)
    assert member.chat.notes["no_nudges"]


@pytest.mark.parametrize("words", ["nhắc lại", "nhắc lại bước này đi"])
def test_asking_for_the_step_again_is_not_about_reminders(member: Player, words: str) -> None:
    [step] = member.say(words)
    assert "Bước 2 trong 9" in step.text
    assert "no_nudges" not in member.chat.notes


def test_not_who_spoke_today_has_finished_calls_for_help_works_here_or_did_not_agree(
    conn: Conn, member: Player, desk: Desk
) -> None:
    def reminded(now: datetime) -> int:
        return nudge.run(conn, now, desk)["reminded"]

    assert reminded(member.now + 19 * HOUR) == 0
    member.say("giup")
    member.tap("help:way:home")
    assert reminded(TOMORROW) == 0
    member.tap(f"help:cancel:{call.id}" if (call := helps.open_of_chat(conn, member.chat.id)) else "")
    notes = dict(member.chat.notes)
    leave(conn, member, {**notes, "bookmarks": {}})
    assert reminded(TOMORROW) == 0
    leave(conn, member, notes)
    chats.set_consent(conn, member.chat.id, "no", "1", BEGIN)
    assert reminded(TOMORROW) == 0
    chats.set_consent(conn, member.chat.id, "yes", "1", BEGIN)
    given = grants.give(conn, member.chat.person_id or 0, "leader", now=BEGIN)
    assert given.role == "leader"
    assert reminded(TOMORROW) == 0
    assert history(conn, member) == []


def leave(conn: Conn, member: Player, notes: dict[str, object]) -> None:
    chat = member.chat
    place = {"at": chat.at, "trail": chat.trail, "offered": chat.offered, "misses": 0}
    chats.leave(conn, chat, notes=notes, last_tap=None, last_tap_at=None, **place)  # type: ignore[arg-type]


def test_looked_at_again_just_before_it_goes_out(conn: Conn, member: Player, desk: Desk) -> None:
    nudge.run(conn, TOMORROW, desk)
    chats.arrive(conn, CHANNEL, CHANNEL, member.key, TOMORROW + timedelta(minutes=1))
    assert send(conn, desk, TOMORROW + timedelta(minutes=2)) == []
    assert history(conn, member) == [("skipped", "wrote meanwhile")]


def test_too_late_is_dropped_and_says_so(conn: Conn, member: Player, desk: Desk) -> None:
    nudge.run(conn, TOMORROW, desk)
    done = housekeeping.run(conn, TOMORROW + 2 * HOUR, desk)  # 11:00
    assert (done["expired"], done["settled"]) == (1, 1)
    assert history(conn, member) == [("skipped", "too late")]


def test_whom_reminders_cannot_reach_a_person_is_asked_to_call_all_the_same(
    conn: Conn, arrive: Arrive, member: Player, desk: Desk
) -> None:
    arrive("helper")
    lane = {CHANNEL: replace(desk.channels[CHANNEL], proactive="window", window=12 * HOUR)}
    closed = replace(desk, channels=lane)
    assert [nudge.run(conn, BEGIN + day * DAY, closed)["skipped"] for day in (1, 2, 3)] == [1, 1, 1]
    assert history(conn, member) == [("skipped", "window")] * 3
    assert nudge.run(conn, BEGIN + 4 * DAY, closed)["person_asked"] == 1
    assert helps.open_of_chat(conn, member.chat.id) is not None


def test_the_chat_last_used_speaks_for_the_person(conn: Conn, arrive: Arrive, member: Player, desk: Desk) -> None:
    other = chats.arrive(conn, CHANNEL, CHANNEL, "khac", TOMORROW - HOUR)
    chats.set_person(conn, other.id, member.chat.person_id)
    chats.set_consent(conn, other.id, "yes", "1", BEGIN)
    assert nudge.run(conn, TOMORROW, desk) == NOTHING
