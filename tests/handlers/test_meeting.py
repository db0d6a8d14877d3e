"""One person leads a room through a lesson, with a running count, over days."""

from __future__ import annotations

from datetime import timedelta

from bot.authoring.player import Player, Said
from storage import meetings, progress
from tests.handlers.day_kit import Place, labels, offer, press


def begin(place: Place, who: str = "secretary") -> Player:
    player = place.come(who)
    player.say("/homnay")
    if who != "secretary":
        press(player, "Mở việc khác")
    press(player, "Học cả phòng")
    press(player, "Cài máy Android")
    return player


def to_the_end(player: Player) -> Said:
    said = press(player, "Xong cả phòng")
    while "Xong cả phòng" in labels(player):
        said = press(player, "Xong cả phòng")
    return said


def test_a_room_of_the_chi_bo_with_a_running_count(place: Place) -> None:
    secretary = begin(place)
    press(secretary, "Ghi ai chưa được")
    press(secretary, "Lý Thị Hiền")
    secretary.say("quay lại")
    said = press(secretary, "Xong cả phòng")
    assert "3 trong 4 người đã đến bước này" in said.text
    assert "Bước 2 trong 9" in said.text


def test_names_are_ticked_in_words_and_a_doubtful_one_is_asked(place: Place) -> None:
    secretary = begin(place)
    [said] = secretary.say("bà Hiền chưa được")
    assert "3 trong 4" in said.text
    [asked] = secretary.say("ông Khánh, ông Tư")
    assert "là ai ạ" in asked.text
    said = press(secretary, "Dương Văn Tư")
    assert "1 trong 4" in said.text


def test_who_catches_up_is_with_the_room_again(place: Place) -> None:
    secretary = begin(place)
    secretary.say("Khánh vắng")
    press(secretary, "Thêm ai đã kịp")
    press(secretary, "Nông Văn Khánh")
    secretary.say("quay lại")
    [said] = secretary.say("nhắc lại")
    assert "4 trong 4" in said.text


def test_the_end_asks_once_and_writes_down_those_who_finished(place: Place) -> None:
    secretary = begin(place)
    secretary.say("bà Hiền vắng")
    said = to_the_end(secretary)
    assert 'Ghi "đã cài" cho 3 người này' in said.text
    assert place.state("NP01").step == 0
    press(secretary, "Đúng, lưu")
    assert [place.state(code).step for code in ("NP01", "NP02", "NP03", "NP04")] == [1, 0, 1, 1]
    [event] = progress.of_person(place.conn, place.ids["NP01"])
    assert event.source == "secretary"
    assert meetings.get(place.conn, 1).state == "done"  # type: ignore[union-attr]


def test_days_later_it_goes_on_at_its_step(place: Place) -> None:
    secretary = begin(place)
    secretary.say("xong")
    press(secretary, "Nghỉ, học sau")
    secretary.now += timedelta(days=5)
    begin(place)
    assert "Làm tiếp" in labels(secretary)
    said = press(secretary, "Làm tiếp")
    assert "Bước 2 trong 9" in said.text
    press(secretary, "Nghỉ, học sau")
    begin(place)
    said = press(secretary, "Học lại từ đầu")
    assert "Bước 1 trong 9" in said.text


def test_a_helper_leads_the_unit_not_the_chi_bo_of_others(place: Place) -> None:
    begin(place, "helper")
    found = meetings.get(place.conn, 1)
    assert found is not None
    assert (found.unit_id, found.cell_id, found.led_by) == (1, None, place.ids["helper"])
    elsewhere = place.come("elsewhere")
    [refused] = elsewhere.tap("meeting:open:u1:android")
    assert elsewhere.chat.at == "menu:main"
    assert refused.text


def test_over_is_said_kindly(place: Place) -> None:
    secretary = begin(place)
    meetings.close(place.conn, 1, secretary.now)
    said = press(secretary, "Xong cả phòng")
    assert "đã kết thúc" in said.text
    assert "Mở buổi học khác" in labels(secretary)


def test_the_office_leads_no_room_and_is_not_offered_one(place: Place) -> None:
    office = place.come("office")
    office.say("/homnay")
    press(office, "Mở việc khác")
    assert "Học cả phòng" not in labels(office)
    offer(office, "meeting:where")
    assert "dành cho người hỗ trợ" in office.tap("meeting:where")[0].text
