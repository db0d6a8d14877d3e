"""One phone in the family, and one person with two phones."""

from __future__ import annotations

from bot.authoring.player import BEGIN, Player
from storage import chats, invites, people, places, progress
from storage.db import Conn
from tests.handlers.conftest import Arrive


def another(conn: Conn, staff: dict[str, int], name: str = "Nông Thị Lan") -> tuple[int, str]:
    """One more member of the thôn, with a code."""
    member = people.get(conn, staff["member"])
    assert member is not None
    person = people.create(conn, code="LAN", name=name, unit_id=member.unit_id, now=BEGIN).id
    return person, invites.issue(conn, person, BEGIN).code


def test_two_people_on_one_phone_keep_apart(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    player = arrive("member")
    player.tap(player.chat.offered[0].key)
    place = dict(player.chat.notes["bookmarks"])
    lan, code = another(conn, staff)
    player.tap("share:who")
    player.say("/dungchung")
    player.tap("share:add")
    [said] = player.say(code)
    assert "dùng chung" in said.text
    assert (player.chat.person_id, player.chat.consent, player.chat.notes.get("bookmarks")) == (lan, None, None)
    player.tap("hello:begin")
    player.tap("hello:agree")
    player.say("gọi là cô")
    assert player.chat.form == "co"
    [said] = player.say("/dungchung")
    assert [choice.label for choice in said.choices][:2] == ["Hoàng Văn Tư", "Thêm người"]
    [said] = player.tap(f"share:be:{staff['member']}")
    assert "Hoàng Văn Tư" in said.text
    assert (player.chat.person_id, player.chat.form, player.chat.consent) == (staff["member"], "bac", "yes")
    assert player.chat.notes["bookmarks"] == place
    player.say("/dungchung")
    [said] = player.say("chị Lan")
    assert player.chat.person_id == lan


def test_what_one_did_is_not_the_others(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    player = arrive("member")
    lan, code = another(conn, staff)
    player.say(code)
    player.tap("hello:begin")
    player.tap("hello:agree")
    progress.record(conn, lan, "installed", source="self", by=None, happened_at=BEGIN, now=BEGIN)
    assert "installed" not in progress.reached(conn, staff["member"])
    assert "chưa cài" not in player.say("/dulieu")[-1].text
    player.say("/dungchung")
    player.tap(f"share:be:{staff['member']}")
    assert "chưa cài" in player.say("/dulieu")[-1].text


def test_a_stranger_is_never_taken_for_somebody_here(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    player = arrive("member")
    _, code = another(conn, staff)
    player.say(code)
    player.tap(f"share:be:{staff['office']}")
    assert player.chat.person_id != staff["office"]


def test_a_shared_phone_asks_who_it_is_when_opened(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    player = arrive("member")
    _, code = another(conn, staff)
    player.say(code)
    player.tap("hello:begin")
    player.tap("hello:agree")
    assert "Bây giờ là ai" in player.say("/start")[-1].text


def test_a_second_phone_goes_on_with_the_same_lesson(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    first = arrive("member", form="ong")
    begin = first.chat.offered[0].key
    slug = begin.rpartition(":")[2]
    first.tap(begin)
    first.say("làm được rồi")
    step = first.chat.notes["bookmarks"][slug]
    first.say("/menu")
    first.tap("menu:more")
    first.tap("menu:settings")
    [said] = first.tap("me:another")
    code = said.text.split("là ")[1].split(",")[0]
    second = Player(conn, first.desk, "second", now=first.now)
    second.say(f"/start {code}")
    assert (second.chat.person_id, second.chat.consent, second.chat.form) == (staff["member"], "yes", "ong")
    assert second.chat.notes["bookmarks"][slug] == step
    second.say("/menu")
    second.tap(begin)
    second.tap(second.chat.offered[0].key)
    second.say("làm được rồi")
    onwards = second.chat.notes["bookmarks"][slug]
    assert onwards != step
    first.now = second.now
    for _ in range(3):
        first.say("chào cháu")
    assert first.chat.notes["bookmarks"][slug] == onwards
    assert chats.of_person(conn, staff["member"])[0].id == first.chat.id, "notices go to the one used last"


def test_without_consent_no_place_is_kept(conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    player = arrive("member")
    chats.set_consent(conn, player.chat.id, "no", "1", BEGIN)
    player.tap(player.chat.offered[0].key)
    assert places.since(conn, staff["member"], None) is None
