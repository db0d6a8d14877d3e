"""A helper walks a member through a lesson; the helper's own place is kept."""

from __future__ import annotations

from bot.authoring.player import Player
from storage import progress
from tests.handlers.day_kit import Place, labels, press


def begin(place: Place, name: str = "Khánh") -> Player:
    helper = place.come("helper")
    helper.say("/homnay")
    helper.say(name)
    press(helper, "Xem tiếp")
    press(helper, "Làm cùng từng bước")
    return helper


def test_under_the_members_name_and_ticked_for_them(place: Place) -> None:
    helper = begin(place)
    step = press(helper, "Cài trên iPhone")
    assert step.text.startswith("Đang làm cho: Nông Văn Khánh, Thôn Nà Pán")
    said = [step.text]
    while "Làm được rồi" in labels(helper):
        said.append(press(helper, "Làm được rồi").text)
    assert "Đã ghi: Nông Văn Khánh – đã cài." in "".join(said)
    assert 'Xong bài "Cài trên iPhone" cho Nông Văn Khánh' in said[-1]
    [event] = progress.of_person(place.conn, place.ids["NP03"])
    assert (event.source, event.by_person_id) == ("helper", place.ids["helper"])
    assert helper.chat.at.startswith("day:person:")
    assert "with" not in helper.chat.notes
    helper.say("quay lại")
    assert helper.chat.at == "day:today"


def test_back_is_one_step_and_words_do_as_well(place: Place) -> None:
    helper = begin(place)
    press(helper, "Cài máy Android")
    helper.say("xong rồi")
    assert helper.chat.at.endswith("AND-2")
    [other] = helper.say("chua duoc")
    assert "mình thử cách khác" in other.text
    helper.say("quay lại")
    helper.say("quay lại")
    assert helper.chat.at.endswith("AND-1")


def test_when_nothing_helps_the_reason_is_asked(place: Place) -> None:
    helper = begin(place)
    press(helper, "Cài máy Android")
    for _ in range(4):
        if "Chưa được" in labels(helper):
            said = press(helper, "Chưa được")
    assert "chưa làm được vì sao" in said.text


def test_the_helpers_own_lesson_keeps_its_place(place: Place) -> None:
    helper = place.come("helper")
    helper.tap("guide:start:iphone")
    helper.tap("guide:begin:iphone")
    own = helper.chat.notes["bookmarks"]
    begin(place)
    press(helper, "Cài máy Android")
    press(helper, "Làm được rồi")
    assert helper.chat.notes["bookmarks"] == own


def test_another_person_is_asked_about_first_and_the_first_place_is_kept(place: Place) -> None:
    helper = begin(place)
    press(helper, "Cài máy Android")
    press(helper, "Làm được rồi")
    begin(place, "bà Hiền")
    assert "Đổi sang người mới" in labels(helper)
    press(helper, "Đổi sang người mới")
    press(helper, "Cài trên iPhone")
    press(helper, "Nghỉ, làm sau")
    begin(place)
    step = press(helper, "Làm tiếp bài dở")
    assert "Nông Văn Khánh" in step.text
    assert "Bước 2 trong 9" in step.text


def test_later_and_on_again_is_the_same_step(place: Place) -> None:
    helper = begin(place)
    press(helper, "Cài máy Android")
    at = helper.chat.at
    helper.say("để mai làm")
    helper.say("làm tiếp")
    assert helper.chat.at == at
