"""Who answers: buttons old and new, codes, commands, contacts, words understood and not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.authoring.player import BEGIN, Player, enter
from bot.core.messages import Kind
from bot.turn import Desk
from storage import chats, helps, invites, mishaps, people, progress, units
from storage.db import Conn
from storage.schema import chat as chat_table
from storage.schema import progress as progress_table

Arrive = Callable[..., Player]
SECOND = timedelta(seconds=1)

MADE_UP = (
    *("", "nav:meant", "nav:meant:la", "calls:take", "calls:take:1:2:3", "calls:take:x", "calls:take:999999"),
    *("guide:start", "help:cancel:", "calls:promise:1", "a:b", "menu:main:thua", "guide:start:la", "hello:call:bac"),
)


def keys(player: Player) -> list[str]:
    return [choice.key for choice in player.chat.offered]


def test_an_old_button_leads_to_where_the_person_is(arrive: Arrive) -> None:
    member = arrive("member")
    member.tap("guide:start:android")
    member.tap("guide:begin:android")
    [answer] = member.tap("guide:done:iphone:IOS-1")
    assert "Nút này cũ rồi" in answer.text
    assert "Bước 1 trong 9" in answer.text


@pytest.mark.parametrize("key", MADE_UP)
def test_a_made_up_key_breaks_nothing(conn: Conn, arrive: Arrive, key: str) -> None:
    for role in ("member", "helper"):
        player = arrive(role)
        assert player.tap(key)
        assert "help:ask" in keys(player)
    assert mishaps.recent(conn) == []


def test_a_double_tap_is_silent_and_a_later_one_counts(arrive: Arrive) -> None:
    member = arrive("member")
    member.tap("guide:start:android")
    assert member.tap("guide:begin:android")
    assert member.tap("guide:begin:android", after=SECOND) == []
    member.say("1")
    member.say("quay lai", after=SECOND)
    member.say("quay lai", after=SECOND)
    assert member.tap("guide:begin:android", after=SECOND), "something else was said in between"


def test_going_back_quickly_goes_back_each_time(arrive: Arrive) -> None:
    member = arrive("member")
    for key in ("guide:start:android", "guide:begin:android"):
        member.tap(key)
    for _ in range(3):
        member.say("1")
    for _ in range(3):
        assert member.tap("nav:back", after=timedelta(seconds=3))
    assert member.chat.at.startswith("guide:step:android")
    assert "AND-1" in member.chat.at
    assert member.tap("nav:back", after=SECOND) == []


def test_help_is_one_tap_away_even_from_an_old_message(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    chats.offer(conn, member.chat, ())
    [answer] = member.tap("help:ask")
    assert "giúp cách nào" in answer.text


@pytest.mark.parametrize("typed", ["napan", " NaPan ", "NAPAN\n", "/start napan", "/START NAPAN"])
def test_a_code_is_taken_however_it_is_typed(conn: Conn, newcomer: Player, typed: str) -> None:
    home = units.by_code(conn, "NAPAN")
    assert home is not None
    invites.create(conn, code="NAPAN", unit_id=home.id, now=BEGIN)
    newcomer.do(Kind.START)
    newcomer.say(typed)
    assert newcomer.chat.unit_id == home.id


def test_a_bad_code_says_what_to_do(newcomer: Player) -> None:
    [answer] = newcomer.do(Kind.START, "KHONGCO2")
    assert "chưa thấy mã này" in answer.text


@pytest.mark.parametrize("command", ["/menu", "/MENU", "/menu@CamTayBot", "/menu thêm chữ"])
def test_commands_however_they_are_written(arrive: Arrive, command: str) -> None:
    member = arrive("member")
    member.say("/giup")
    member.say(command)
    assert member.chat.at == "menu:main"


def test_an_unknown_command_is_a_miss_and_two_misses_offer_a_person(arrive: Arrive) -> None:
    member = arrive("member")
    [first] = member.say("/laptrinh")
    assert "chưa hiểu" in first.text
    [second] = member.say("qzx blub wok")
    assert "nói chuyện với người" in second.text
    assert keys(member)[0] == "help:ask"


def test_every_command_answers(arrive: Arrive, desk: Desk) -> None:
    member = arrive("member")
    for name in desk.house.book.commands:
        assert member.say(f"/{name}"), name


def test_unsure_words_are_asked_about_and_the_answer_counts(arrive: Arrive) -> None:
    member = arrive("member")
    member.tap("guide:start:android")
    member.tap("guide:begin:android")
    [asked] = member.say("hình như là xong rồi thì phải")
    assert "Ý bác là" in asked.text
    assert member.chat.at.endswith("AND-1")
    assert "nav:meant:done" in keys(member)
    member.tap("nav:meant:done")
    assert "AND-1" in member.chat.at or "AND-2" in member.chat.at


def test_a_photo_is_dropped_and_a_voice_goes_to_a_person(arrive: Arrive) -> None:
    member = arrive("member")
    [photo] = member.do(Kind.PHOTO, "thẻ của bác")
    assert "không giữ ảnh" in photo.text
    [voice] = member.do(Kind.VOICE)
    assert "chưa nghe được" in voice.text
    assert member.chat.at.startswith("help:")


def test_a_phone_number_stays_and_a_contact_answers_the_phone_question(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    member.tap("help:ask")
    member.tap("help:way:phone")
    assert member.chat.at == "help:phone"
    [unclear] = member.do(Kind.CONTACT, "")
    assert "chưa đọc ra" in unclear.text
    member.do(Kind.CONTACT, "+84912345678")
    call = helps.open_of_chat(conn, member.chat.id)
    assert call is not None
    assert call.phone_given == "84912345678"


def test_a_contact_where_nobody_asked_is_dropped(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    member.do(Kind.CONTACT, "+84912345678")
    assert "912345678" not in str(conn.execute(select(chat_table)).all())


@pytest.mark.parametrize("screen", ["hello:who", "hello:consent", "hello:form:1", "hello:device", "hello:unit"])
def test_help_from_every_question_of_the_first_contact(newcomer: Player, screen: str) -> None:
    newcomer.do(Kind.START)
    for word in ("1", "dong y", "bac", "1"):
        if newcomer.chat.at == screen:
            break
        newcomer.say(word)
    assert newcomer.chat.at == screen
    assert "help:ask" in keys(newcomer)
    newcomer.say("cháu ơi giúp bác với")
    assert newcomer.chat.at == "help:ask"


def through_android(player: Player) -> None:
    """The whole lesson, each step done."""
    player.tap("guide:start:android")
    player.tap("guide:begin:android")
    for _ in range(30):
        ways = [key for key in keys(player) if key.startswith("guide:done:android")]
        if not ways:
            break
        player.tap(ways[0])


def test_a_milestone_is_recorded_once_however_often_the_lesson_is_done(
    conn: Conn, arrive: Arrive, staff: dict[str, int]
) -> None:
    member = arrive("member")
    through_android(member)
    member.tap("guide:start:android")
    through_android(member)
    told = progress.of_person(conn, staff["member"])
    assert [event.what for event in told] == ["installed"]


def test_without_a_person_it_is_kept_and_handed_over_when_the_code_comes(
    conn: Conn, newcomer: Player, desk: Desk
) -> None:
    newcomer.do(Kind.START)
    for word in ("1", "dong y", "bac", "1", "de sau"):
        newcomer.say(word)
    through_android(newcomer)
    assert set(newcomer.chat.notes["reached"]) == {"installed"}
    done = newcomer.now
    newcomer.now += timedelta(days=2)
    first, second = (people.create(conn, code=code, name=code, now=BEGIN) for code in ("DV1", "DV2"))
    for person in (first, second):
        newcomer.say(invites.create(conn, person_id=person.id, uses=1, now=BEGIN).code.lower())
    [event] = progress.of_person(conn, first.id)
    assert event.happened_at <= done < event.told_at
    assert progress.of_person(conn, second.id) == []
    assert "reached" not in newcomer.chat.notes


def test_after_consent_is_taken_back_nothing_is_recorded(conn: Conn, arrive: Arrive) -> None:
    member = arrive("member")
    member.say("/dulieu")
    member.tap("me:withdraw")
    member.tap("me:withdrawn")
    assert member.chat.consent == "no"
    through_android(member)
    assert conn.execute(select(progress_table)).all() == []
    assert "reached" not in member.chat.notes


@pytest.mark.parametrize("at", ["guide:step:da-bo:XX-1", "guide:step", "khong:co", "calls:one:99", "hello:form:1:2:3"])
def test_a_place_that_is_gone_holds_nobody(conn: Conn, arrive: Arrive, at: str) -> None:
    """A lesson taken away, a role that ended, an address of an older version: on to the list of things to do."""
    member = arrive("member")
    place = {"notes": {}, "offered": (), "misses": 0, "last_tap": None, "last_tap_at": None}
    chats.leave(conn, member.chat, at=at, trail=("menu:lessons:1", at), **place)  # type: ignore[arg-type]
    assert member.say("nhắc lại")
    assert member.chat.at == "menu:main"
    chats.leave(conn, member.chat, at="menu:more", trail=("menu:lessons:1", at), **place)  # type: ignore[arg-type]
    member.say("quay lai")
    assert member.chat.at in ("menu:lessons:1", "menu:main")


def test_a_call_given_back_is_asked_about_anew(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    helper, coordinator, member = arrive("helper"), arrive("coordinator"), arrive("member")
    member.tap("help:ask")
    member.tap("help:way:home")
    [number] = [key.split(":")[2] for key in keys(helper) if key.startswith("calls:take")]
    helper.tap(f"calls:busy:{number}")
    assert f"calls:take:{number}" in keys(coordinator)
    coordinator.say("/menu")
    helper.tap(f"calls:take:{number}")
    helper.tap(f"calls:give_back:{number}")
    assert f"calls:take:{number}" in keys(coordinator)


def test_a_name_cannot_become_a_button(conn: Conn, arrive: Arrive, newcomer: Player) -> None:
    helper = arrive("helper")
    newcomer.say("giúp")
    newcomer.say("2")
    newcomer.say("thon na pan")
    newcomer.say("[help:ask] Bấm vào đây\n[calls:done:1] Xong")
    assert {key.split(":")[1] for key in keys(helper)} == {"take", "busy"}


def test_staff_come_in_and_go(conn: Conn, desk: Desk, staff: dict[str, int]) -> None:
    for role, person in staff.items():
        player = Player(conn, desk, key=f"vai-{role}")
        enter(player, person, "dongchi")
        assert player.say("/menu"), role
        assert "help:ask" in keys(player)
