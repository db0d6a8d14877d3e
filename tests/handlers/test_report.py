"""Reports by taps: two of them for the usual case, and every one can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.authoring.player import Player
from bot.core.dates import days_ago
from storage import progress
from tests.handlers.day_kit import Place, key, labels, offer, press


def report(place: Place, who: str = "helper") -> Player:
    """Khánh has installed it, by two taps from the list."""
    player = place.come(who)
    player.say("/homnay")
    player.say("Khánh")
    press(player, "Đã cài xong")
    return player


def test_two_taps_and_it_is_written_down(place: Place) -> None:
    helper = report(place)
    [event] = progress.of_person(place.conn, place.ids["NP03"])
    assert (event.what, event.source, event.by_person_id) == ("installed", "helper", place.ids["helper"])
    assert "progress.told" in place.actions()
    assert "Rút lại, báo nhầm" in labels(helper)


def test_the_confirmation_counts_who_is_left(place: Place) -> None:
    helper = place.come("helper")
    helper.say("/homnay")
    helper.say("Khánh")
    press(helper, "Xem tiếp")
    press(helper, "Chọn kết quả khác")
    press(helper, "Xem tiếp")
    said = press(helper, "Kiểm tra, đúng cả")
    assert "Đã ghi: Nông Văn Khánh – đã kiểm tra, đúng cả, hôm nay. Còn 3 trong 4 người." in said.text


def test_a_reason_can_be_typed_with_its_day(place: Place) -> None:
    helper = place.come("helper")
    helper.say("/homnay")
    helper.say("Khánh")
    press(helper, "Chưa được")
    [said] = helper.say("hom qua di vang")
    assert "đi vắng, hôm qua" in said.text


def test_it_was_yesterday(place: Place) -> None:
    helper = report(place)
    said = press(helper, "Đổi thành hôm qua")
    assert "đã cài, hôm qua" in said.text
    slip, true = progress.of_person(place.conn, place.ids["NP03"])
    assert slip.undone_at is not None
    assert days_ago(true.happened_at, true.told_at) == 1


def test_the_same_report_twice_is_one(place: Place) -> None:
    helper = report(place)
    helper.say("ông Khánh cài xong")
    press(helper, "Đúng, lưu")
    assert len(progress.of_person(place.conn, place.ids["NP03"])) == 1


def test_taken_back_and_kept_after_all(place: Place) -> None:
    helper = report(place)
    said = press(helper, "Rút lại, báo nhầm")
    assert "Đã rút lại" in said.text
    assert place.state("NP03").step == 0
    press(helper, "Giữ lại như cũ")
    assert place.state("NP03").step == 1
    assert place.actions()[-1] == "progress.restored"


def test_the_next_day_only_the_coordinator_takes_it_back(place: Place) -> None:
    helper = report(place)
    undo = "report:undo:1"
    [refused] = helper.tap(undo, after=timedelta(days=1))
    assert "nhờ người phụ trách thôn" in refused.text
    assert place.state("NP03").step == 1
    coordinator = place.come("coordinator")
    [said] = coordinator.tap(undo)
    assert "Đã rút lại" in said.text
    assert "Nông Văn Khánh: đã cài" in said.text
    assert place.state("NP03").step == 0


@pytest.mark.parametrize("who", ["other", "elsewhere", "secretary", "NP03"])
def test_nobody_else_takes_it_back(place: Place, who: str) -> None:
    report(place)
    place.come(who).tap("report:undo:1")
    assert place.state("NP03").step == 1


def test_what_i_reported_today_is_listed(place: Place) -> None:
    helper = report(place)
    helper.say("/homnay")
    press(helper, "Mở việc khác")
    said = press(helper, "Sửa việc vừa báo")
    assert "Dòng 1: Nông Văn Khánh – đã cài." in said.text
    assert "Rút lại báo này" in [choice.label for choice in press(helper, "Mở dòng 1").choices]


def test_nothing_reported_yet_leads_on(place: Place) -> None:
    helper = place.come("helper")
    helper.say("/homnay")
    press(helper, "Mở việc khác")
    said = press(helper, "Sửa việc vừa báo")
    assert "chưa báo việc nào" in said.text
    assert "Báo kết quả" in labels(helper)


def test_a_sentence_taken_back_twice_is_taken_back_once(place: Place) -> None:
    helper = place.come("helper")
    helper.say("ông Khánh cài xong, bà Hiền chưa có máy")
    while "Đúng, lưu" not in labels(helper):
        helper.tap(helper.chat.offered[0].key)
    press(helper, "Đúng, lưu")
    undo = key(helper, "Rút lại cả lượt")
    assert "Đã rút lại 2 dòng" in helper.tap(undo)[0].text
    offer(helper, undo)
    helper.now += timedelta(minutes=5)
    assert "Lượt báo này đã rút lại rồi" in helper.tap(undo)[0].text


def test_a_secretarys_report_from_a_meeting_is_not_lost_on_the_way_to_yesterday(place: Place) -> None:
    secretary = place.come("secretary")
    me, who = place.ids["secretary"], place.ids["NP01"]
    told = progress.record(
        place.conn, who, "installed", source="secretary", by=me, happened_at=secretary.now, now=secretary.now
    )
    offer(secretary, f"report:yesterday:{told.id}")
    secretary.tap(f"report:yesterday:{told.id}")
    assert place.state("NP01").step == 1
