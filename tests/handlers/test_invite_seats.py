"""Sheets that lead to Zalo: each to a bot with room, from the conversation to the printed square."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.authoring.player import BEGIN, CHANNEL, WHOLE, Player
from bot.core.guide import ZaloBotSign
from bot.core.imprint import Imprint, Ways
from bot.desk import Desk
from bot.reports import invites as report
from bot.seats import taken
from storage import chats, invites, mishaps, people, units
from storage.db import Conn
from storage.schema import person
from tests.handlers.conftest import Arrive
from tests.reports.test_invites import square, text_of

BOTS = ("1", "2", "3")
CAP = 50


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A commune with three Zalo bots for 50 people each, all of which run."""
    signs = {bot: ZaloBotSign(name=f"Bot {bot}", link=f"https://zalo.me/s/{bot}") for bot in BOTS}
    library = copy(desk.house.library)
    library.commune = library.commune.model_copy(update={"zalo_bots": signs})
    bots = replace(WHOLE, buttons=0, users_cap=CAP)
    house = replace(desk.house, library=library)
    return replace(desk, house=house, channels={CHANNEL: WHOLE, "zalo_bot": bots}, accounts={"zalo_bot": BOTS})


@pytest.fixture
def coordinator(arrive: Arrive) -> Player:
    return arrive("coordinator")


def fill(conn: Conn, **counts: int) -> None:
    """People who wrote to the bots, by the last letter of the name."""
    for name, count in counts.items():
        for number in range(count):
            chats.arrive(conn, "zalo_bot", name[-1], f"{name}-{number}", BEGIN)


def members(conn: Conn, count: int) -> int:
    """So many more in the thôn, whose id this is."""
    home = units.by_code(conn, "NAPAN")
    assert home is not None
    for number in range(count):
        people.create(conn, code=f"TV{number:03}", name=f"Hoàng Thị {number}", unit_id=home.id, now=BEGIN)
    return home.id


def sheets(conn: Conn, player: Player, recipe: str, form: str = "html") -> bytes:
    """The file as it is printed."""
    commune = player.desk.house.library.commune
    ways = Ways(web="https://xa.example", oa="987", zalo_bots=commune.zalo_bots)
    data = report.read(conn, (*recipe.split(":"), form), player.now)
    return report.build(data, Imprint(commune, ways, "Asia/Ho_Chi_Minh"))


def leads_to(page: bytes) -> list[str]:
    """The bot on each sheet, in order; empty where Zalo's bots are left out."""
    squares = {bot: square(f"https://zalo.me/s/{bot}") for bot in BOTS}
    printed = page.decode().split("<article")[1:]
    return ["".join(bot for bot, drawn in squares.items() if drawn in sheet) for sheet in printed]


def test_the_51st_person_is_sent_to_the_next_bot_with_room(conn: Conn, coordinator: Player) -> None:
    fill(conn, bot1=CAP, bot2=CAP - 1, bot3=CAP - 1)
    home = members(conn, 2)
    coordinator.say("/giaymoi")
    [said] = coordinator.tap(f"invites:each:{home}")
    page = sheets(conn, coordinator, f"people:{home}")
    assert leads_to(page) == ["2", "3", ""], "bot 1 is full, and so is every bot after two more"
    assert "1 giấy không in Zalo" in said.text
    without = page.decode().split("<article")[3]
    assert square("https://zalo.me/987") in without, "the Official Account has room for everybody"
    assert "https://zalo.me/s/" not in without
    printed = text_of(sheets(conn, coordinator, f"people:{home}", "docx"))
    assert printed.count("Mở Zalo, soi ô vuông. Rồi nhắn mã mời.") == 2
    assert [row.ref for row in mishaps.recent(conn)] == ["alert.seats_full:zalo_bot:2026-11"], "the office was told"


def test_printing_again_leads_everybody_where_they_were_led_before(
    conn: Conn, coordinator: Player, staff: dict[str, int]
) -> None:
    home = members(conn, 3)
    for _ in range(2):
        coordinator.say("/giaymoi")
        coordinator.tap(f"invites:each:{home}")
        assert leads_to(sheets(conn, coordinator, f"people:{home}")) == ["1", "2", "3", "1"]
    assert taken(conn, "zalo_bot", BOTS, coordinator.now) == {"1": 2, "2": 1, "3": 1}
    code = invites.of_person(conn, staff["member"], coordinator.now)
    assert code is not None
    invites.redeem(conn, code.code, coordinator.now)
    assert taken(conn, "zalo_bot", BOTS, coordinator.now)["1"] == 1, "whoever came holds no promise any more"


def test_a_seat_that_was_promised_too_long_ago_is_found_anew(conn: Conn, coordinator: Player) -> None:
    home = members(conn, 0)
    for filled, bot in (({}, "1"), ({"bot1": CAP}, "2")):
        fill(conn, **filled)
        coordinator.say("/giaymoi", after=timedelta(days=15))
        coordinator.tap(f"invites:each:{home}")
        assert leads_to(sheets(conn, coordinator, f"people:{home}")) == [bot]


def test_the_one_sheet_of_a_thon_holds_a_seat_for_all_who_are_to_come(conn: Conn, coordinator: Player) -> None:
    fill(conn, bot1=1, bot2=2, bot3=3)
    home = members(conn, 29)
    for bot1, bot in ((0, "1"), (CAP - 1, "2")):
        fill(conn, again1=bot1)
        coordinator.say("/giaymoi")
        [said] = coordinator.tap(f"invites:sheet:{home}")
        assert leads_to(sheets(conn, coordinator, f"unit:{home}")) == [bot], "each copy to a bot with room that day"
        assert "thiếu" not in said.text
    assert taken(conn, "zalo_bot", BOTS, coordinator.now) == {"1": CAP, "2": 32, "3": 3}


def test_a_thon_larger_than_a_bot_is_told_to_print_personal_sheets(conn: Conn, coordinator: Player) -> None:
    home = members(conn, CAP + 3)
    coordinator.say("/giaymoi")
    [said] = coordinator.tap(f"invites:sheet:{home}")
    assert "có thể thiếu 4 chỗ" in said.text
    coordinator.say("/giaymoi")
    [said] = coordinator.tap(f"invites:each:{home}")
    assert "thiếu" not in said.text
    assert max(taken(conn, "zalo_bot", BOTS, coordinator.now).values()) <= CAP


def test_a_bot_that_is_down_or_has_no_name_is_on_no_sheet(conn: Conn, arrive: Arrive) -> None:
    home, office = members(conn, 1), arrive("office")
    office.desk = replace(office.desk, accounts={"zalo_bot": ("2", "9")})
    office.say("/giaymoi")
    office.say("na pan")
    office.tap(f"invites:each:{home}")
    assert leads_to(sheets(conn, office, f"people:{home}")) == ["2", "2"]
    office.desk = replace(office.desk, accounts={"zalo_bot": ("9",)})
    office.say("/giaymoi")
    [said] = office.tap("invites:every")
    assert "chưa ghi tên bot Zalo" in said.text
    assert leads_to(sheets(conn, office, "all:units")) == [""]


def test_whoever_is_given_a_role_gets_a_sheet_with_a_seat(conn: Conn, coordinator: Player) -> None:
    fill(conn, bot1=5, bot2=5)
    home = members(conn, 0)
    coordinator.say("/giaoviec")
    coordinator.tap("roles:pick")
    coordinator.tap("roles:for:helper")
    coordinator.say("Nông Văn Bình")
    coordinator.tap(f"roles:give:helper:{home}:0")
    new = conn.execute(select(person.c.id).where(person.c.name == "Nông Văn Bình")).scalar_one()
    assert leads_to(sheets(conn, coordinator, f"person:{new}")) == ["3"]
