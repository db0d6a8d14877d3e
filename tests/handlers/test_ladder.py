"""Help that never falls asleep, in conversation: the next, the level above, the morning, the promise, the rating."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.authoring.player import Player
from bot.turn import Desk
from storage import asks, chats, helps, mishaps
from storage.db import Conn
from storage.schema import stuck_mark
from tests.handlers.ladder_kit import Watch, another, another_member, call, call_of, key_of, last, said_to, takes

Arrive = Callable[..., Player]


def test_silence_leads_to_the_next_then_to_the_coordinator_and_the_member_hears_each_turn(
    conn: Conn, arrive: Arrive, desk: Desk
) -> None:
    first, second = arrive("helper"), another(conn, desk, "helper")
    coordinator, member = arrive("coordinator"), arrive("member")
    watch = Watch(conn, desk, [first, second, coordinator, member])
    call(member)
    assert "nhờ giúp" in last(conn, first)
    assert "đã báo Lý Thị Lành, tổ công nghệ số" in last(conn, member)
    watch.minutes(11)
    assert "nhờ giúp" in last(conn, second)
    assert "đang hỏi Nông Văn Khác, tổ công nghệ số" in last(conn, member)
    second.tap(key_of(second, "calls:busy"))
    assert "đang hỏi Lý Thị Lành, trưởng thôn" in last(conn, member)
    assert "nhờ giúp" in last(conn, coordinator)
    takes(coordinator)
    assert "đến nhà bác chiều nay" in last(conn, member)


def test_the_card_says_who_where_what_and_what_was_tried(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    member.tap("guide:start:android")
    member.tap("guide:begin:android")
    member.say("chưa được")
    member.say("nhờ người giúp")
    member.tap("help:way:home")
    card = last(conn, helper)
    assert "Hoàng Văn Tư (Thôn Nà Pán) nhờ giúp: đến tận nhà" in card
    assert "Cài trên máy Android, bước 1. Đã thử 1 cách." in card
    assert "Bước ấy: “" in card
    assert re.search(r"trả lời trước 9 giờ \d\d", card)


def test_a_late_yes_is_still_one_and_whoever_was_asked_meanwhile_is_not_blamed(
    conn: Conn, arrive: Arrive, desk: Desk
) -> None:
    late, asked, member = arrive("helper"), another(conn, desk, "helper"), arrive("member")
    call(member)
    number = key_of(late, "calls:take").rpartition(":")[2]
    Watch(conn, desk, [late, asked, member]).minutes(11)
    late.tap(f"calls:take:{number}")
    [*_, answer] = asked.tap(f"calls:take:{number}")
    assert "đã có người nhận" in answer.text
    [thanks] = asked.tap(f"calls:busy:{number}")
    assert "Cảm ơn" in thanks.text
    assert call_of(conn, member).state == "taken"


def test_the_phrase_is_known_to_the_two_and_new_for_each_who_takes_it(conn: Conn, arrive: Arrive, desk: Desk) -> None:
    helper, coordinator, member = arrive("helper"), arrive("coordinator"), arrive("member")
    call(member)
    number = takes(helper)
    phrase = call_of(conn, member).phrase
    assert re.fullmatch(r"\w+ \w+, \w+ \w+", phrase)
    assert f"phải nói đúng câu: “{phrase}”. Không đúng thì bác đừng mở cửa" in last(conn, member)
    assert phrase in " ".join(said_to(conn, helper))
    coordinator.say("/viec")
    coordinator.tap(f"calls:one:{number}")
    assert phrase not in " ".join(said_to(conn, coordinator))
    helper.tap(f"calls:give_back:{number}")
    assert phrase not in last(conn, member)
    takes(coordinator)
    assert call_of(conn, member).phrase != phrase


def test_saying_nhac_lai_repeats_who_comes_and_when(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    call(member)
    takes(helper)
    [again] = member.say("nhắc lại")
    assert "Lý Thị Lành, tổ công nghệ số, giúp bác chiều nay" in again.text
    assert call_of(conn, member).phrase in again.text


def test_another_time_is_told(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    call(member)
    number = takes(helper)
    [question] = helper.tap(f"calls:when:{number}")
    assert "đổi giờ, hay trả lại" in question.text
    helper.say("để ngày mai")
    helper.say("sáng mai")
    assert last(conn, member).startswith("Đổi giờ: Lý Thị Lành đến nhà bác sáng mai.")


def test_at_night_the_member_hears_the_truth_and_the_morning_keeps_it(conn: Conn, arrive: Arrive, desk: Desk) -> None:
    helper, member = arrive("helper"), arrive("member")
    watch = Watch(conn, desk, [helper, member])
    watch.minutes(13 * 60)
    call(member)
    standing = last(conn, member)
    assert "7 giờ sáng mai, cháu báo người giúp ngay" in standing
    assert "113" in standing
    assert not any("nhờ giúp" in text for text in said_to(conn, helper))
    watch.minutes(60 * 8)
    assert not any("nhờ giúp" in text for text in said_to(conn, helper))
    watch.minutes(60 * 2)
    assert "nhờ giúp" in last(conn, helper)
    assert "đang hỏi Lý Thị Lành" in last(conn, member)


def test_asking_again_climbs_at_once(conn: Conn, arrive: Arrive) -> None:
    helper, coordinator, office, member = arrive("helper"), arrive("coordinator"), arrive("office"), arrive("member")
    call(member)
    number = call_of(conn, member).id
    [standing] = member.say("hỏi người khác")
    assert "trưởng thôn" in standing.text
    assert "nhờ giúp" in last(conn, coordinator)
    [standing] = member.tap(f"help:again:{number}", after=timedelta(minutes=3))
    assert "cán bộ xã" in standing.text
    assert "nhờ giúp" in last(conn, office)
    assert [ask.answer for ask in asks.of_call(conn, number)] == ["lapsed", "lapsed", ""]
    assert key_of(helper, "calls:take")


def test_at_the_end_there_is_an_alarm_and_everybody_is_asked_anew(conn: Conn, arrive: Arrive, desk: Desk) -> None:
    helper, office, member = arrive("helper"), arrive("office"), arrive("member")
    watch = Watch(conn, desk, [helper, office, member])
    call(member)
    helper.tap(key_of(helper, "calls:busy"))
    office.tap(key_of(office, "calls:busy"))
    watch.minutes(1)
    assert "Chưa ai nhận phiếu GT-0001 của Hoàng Văn Tư" in last(conn, office)
    assert "Chưa ai nhận giúp bác được" in last(conn, member)
    assert "nobody to ask" in mishaps.recent(conn)[0].error
    [standing] = member.say("giúp")
    assert "đã báo người phụ trách" in standing.text
    before = len(said_to(conn, office))
    watch.minutes(121)
    assert len(said_to(conn, office)) == before
    assert "nhờ giúp" in last(conn, helper)
    office.tap(f"calls:take:{call_of(conn, member).id}")
    assert call_of(conn, member).state == "taken"


@pytest.mark.parametrize("how", ["good", "fair"])
def test_one_tap_says_how_it_was_and_the_lesson_goes_on(conn: Conn, arrive: Arrive, how: str) -> None:
    helper, member = arrive("helper"), arrive("member")
    call(member)
    number = takes(helper)
    helper.tap(f"calls:done:{number}")
    [step] = member.tap(f"help:rate:{number}:{how}")
    assert "Bước 2 trong 9" in step.text
    assert (helps.get(conn, int(number)) or call_of(conn, member)).rating == how
    [again] = member.tap(f"help:rate:{number}:good", after=timedelta(minutes=5))
    assert "Bước 2 trong 9" in again.text


def test_not_done_opens_it_again_one_level_higher(conn: Conn, arrive: Arrive) -> None:
    helper, coordinator, member = arrive("helper"), arrive("coordinator"), arrive("member")
    call(member)
    number = takes(helper)
    helper.tap(f"calls:done:{number}")
    [standing] = member.say("chưa xong")
    assert "cháu xin lỗi vì chưa xong" in standing.text.lower()
    assert "trưởng thôn" in standing.text
    assert "nhờ giúp" in last(conn, coordinator)
    assert "chưa xong hẳn" in last(conn, helper)
    member.tap(f"help:rate:{number}:not", after=timedelta(minutes=5))
    assert len(asks.of_call(conn, int(number))) == 2


def test_a_helper_who_left_the_bot_is_passed_over(conn: Conn, arrive: Arrive, desk: Desk) -> None:
    helper, other, member = arrive("helper"), another(conn, desk, "helper"), arrive("member")
    chats.lost(conn, helper.chat.id, helper.now)
    call(member)
    assert "nhờ giúp" in last(conn, other)


def test_everything_old_doubled_or_foreign_changes_nothing(
    conn: Conn, arrive: Arrive, desk: Desk, newcomer: Player
) -> None:
    helper, other, member = arrive("helper"), arrive("coordinator"), arrive("member")
    call(member)
    number = takes(helper)
    stranger = another(conn, desk, "helper", unit="LANPANG")
    before = call_of(conn, member)
    newcomer.say("chào cháu")
    for player in (other, stranger, newcomer, member):
        for action in ("done", "give_back", "promise", "when", "part", "busy", "take"):
            more = {"promise": ":now", "part": ":today"}.get(action, "")
            assert player.tap(f"calls:{action}:{number}{more}", after=timedelta(minutes=2)), action
    for action in ("cancel:", "again:", "rate:"):
        assert stranger.tap(f"help:{action}{number}" + (":not" if action == "rate:" else ""))
    for key in (
        f"calls:promise:{number}:today:night",
        f"calls:promise:{number}:never",
        "calls:done:99",
        "help:rate:9:x",
    ):
        assert helper.tap(key)
    assert call_of(conn, member) == before


def test_the_phone_is_shown_only_where_it_was_given_for_a_call(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    call(member, "phone")
    member.say("0912 345 678")
    [when] = helper.tap(key_of(helper, "calls:take"))
    assert "0912345678" in when.text
    member.tap(f"help:cancel:{call_of(conn, member).id}")
    call(member, "home")
    [when] = helper.tap(key_of(helper, "calls:take"))
    assert "0912345678" not in when.text


def test_three_members_at_one_step_are_told_to_the_coordinator_without_names(
    conn: Conn, arrive: Arrive, desk: Desk
) -> None:
    coordinator, member = arrive("coordinator"), arrive("member")
    others = [another_member(conn, desk, name) for name in ("Bế Văn Một", "Bế Văn Hai")]
    watch = Watch(conn, desk, [coordinator, member, *others])
    member.tap("guide:start:android")
    member.tap("guide:begin:android")
    member.say("nhờ người giúp")
    member.tap("help:way:home")
    for other in others:
        other.tap("guide:start:android")
        other.tap("guide:begin:android")
        other.say("chưa được")
    watch.minutes(1)
    watch.minutes(1)
    [told] = [text for text in said_to(conn, coordinator) if "cùng vướng" in text]
    assert "Thôn Nà Pán: hôm nay 3 người cùng vướng một bước" in told
    assert "Cài trên máy Android, bước 1" in told
    assert "Bế Văn" not in told


def test_who_agreed_to_nothing_leaves_no_mark(conn: Conn, arrive: Arrive, newcomer: Player) -> None:
    newcomer.say("alo")
    newcomer.say("1")
    newcomer.tap("hello:refuse")
    newcomer.tap("guide:start:android")
    newcomer.tap("guide:begin:android")
    newcomer.say("chưa được")
    assert conn.execute(select(stuck_mark)).all() == []
