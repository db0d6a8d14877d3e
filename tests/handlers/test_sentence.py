"""One sentence, several people: read back, corrected, saved in one go, from anywhere; never from a member."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.core.dates import days_ago
from storage import progress
from storage.schema import progress as events
from tests.handlers.day_kit import Place, labels, press

SENTENCE = "xong bac Tu, ba Hien Na Pan chua co may, ong Khanh di vang"


def stored(place: Place) -> int:
    return int(place.conn.execute(select(func.count()).select_from(events)).scalar_one())


def test_mixed_results_without_tone_marks(place: Place) -> None:
    helper = place.come("helper")
    [asked] = helper.say(SENTENCE)
    assert "là ai ạ? Cháu không dám đoán" in asked.text
    assert labels(helper)[:3] == ["Hoàng Văn Tư", "Dương Văn Tư", "Để lại sau"]
    said = press(helper, "Dương Văn Tư")
    assert "Dương Văn Tư đã làm đến đâu" in said.text
    rows = press(helper, "Đã cài xong")
    assert "1. Dương Văn Tư – đã cài\n2. Lý Thị Hiền – chưa có máy thông minh\n3. Nông Văn Khánh – đi vắng" in rows.text
    assert stored(place) == 0
    saved = press(helper, "Đúng, lưu")
    assert "Nông Văn Khánh – đi vắng" in saved.text
    assert [place.state(code).reason for code in ("NP02", "NP03", "NP04")] == ["KHONG_SMARTPHONE", "VANG", None]
    assert place.state("NP04").step == 1
    assert place.state("NP01").step == 0


def test_all_of_it_back(place: Place) -> None:
    helper = place.come("helper")
    helper.say("ông Khánh cài xong, bà Hiền đi vắng")
    press(helper, "Đúng, lưu")
    said = press(helper, "Rút lại cả lượt")
    assert "Đã rút lại 2 dòng" in said.text
    assert place.state("NP03").step == 0


def test_a_row_is_corrected_by_its_number(place: Place) -> None:
    helper = place.come("helper")
    helper.say("ông Khánh cài xong, bà Hiền đi vắng")
    [rows] = helper.say("2 suc yeu")
    assert "2. Lý Thị Hiền – sức yếu" in rows.text
    [row] = helper.say("sửa 1")
    assert "Dòng này cần sửa gì" in row.text
    press(helper, "Đổi người")
    [rows] = helper.say("hoang van tu")
    assert "1. Hoàng Văn Tư – đã cài" in rows.text
    press(helper, "Sửa một dòng")
    press(helper, "Sửa dòng 2")
    rows = press(helper, "Bỏ dòng này")
    assert "2." not in rows.text
    helper.say("đúng")
    assert (place.state("NP01").step, stored(place)) == (1, 1)


def test_an_unknown_name_stays_a_row_to_correct(place: Place) -> None:
    helper = place.come("helper")
    [asked] = helper.say("ông Bảo đi vắng, ông Khánh cài xong")
    assert 'chưa thấy ai tên "Bảo"' in asked.text
    rows = press(helper, "Để lại sau")
    assert '1. "Bảo" (chưa rõ là ai) – đi vắng' in rows.text
    saved = press(helper, "Đúng, lưu")
    assert "Còn 1 dòng chưa rõ" in saved.text
    press(helper, "Sửa dòng còn lại")
    press(helper, "Sửa một dòng")
    press(helper, "Sửa dòng 1")
    press(helper, "Đổi người")
    helper.say("bà Hiền")
    press(helper, "Đúng, lưu")
    assert place.state("NP02").reason == "VANG"


def test_the_true_day_is_kept(place: Place) -> None:
    helper = place.come("helper")
    [rows] = helper.say("hôm qua ông Khánh cài xong")
    assert "đã cài, hôm qua" in rows.text
    press(helper, "Đúng, lưu")
    [event] = progress.of_person(place.conn, place.ids["NP03"])
    assert days_ago(event.happened_at, event.told_at) == 1


def test_nothing_is_saved_when_it_is_dropped(place: Place) -> None:
    helper = place.come("helper")
    helper.say("ông Khánh cài xong")
    press(helper, "Bỏ, không lưu")
    assert stored(place) == 0
    assert "report" not in helper.chat.notes


def test_it_may_come_in_the_middle_of_a_lesson_and_back_leads_there(place: Place) -> None:
    helper = place.come("helper")
    helper.tap("guide:start:android")
    helper.tap("guide:begin:android")
    at = helper.chat.at
    helper.say("ông Khánh cài xong")
    press(helper, "Đúng, lưu")
    helper.say("quay lại")
    assert helper.chat.at == at


@pytest.mark.parametrize("who", ["NP01", "secretary", "leader"])
def test_never_from_somebody_who_may_not_report(place: Place, who: str) -> None:
    player = place.come(who)
    player.say("ông Khánh cài xong, bà Hiền chưa có máy")
    assert "sentence" not in player.chat.at
    assert stored(place) == 0


def test_only_ones_own_people_are_found(place: Place) -> None:
    helper = place.come("elsewhere")
    [asked] = helper.say("bà Lan cài xong, ông Khánh cài xong")
    assert 'chưa thấy ai tên "Khánh"' in asked.text


def test_an_exemption_is_not_for_helpers(place: Place) -> None:
    helper = place.come("helper")
    [rows] = helper.say("chi bộ miễn sinh hoạt cho ông Khánh rồi")
    assert "việc này bí thư chi bộ ghi" in rows.text
    assert "Đúng, lưu" not in labels(helper)
    assert stored(place) == 0
