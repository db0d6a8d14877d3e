"""The helper's day: the list of who is left, one person's card, and whose people these are."""

from __future__ import annotations

import pytest

from storage import helps, people, progress
from tests.handlers.day_kit import Place, labels, offer, press


def test_today_says_who_is_left_who_waits_and_who_promised_what(place: Place) -> None:
    helper, member = place.come("helper"), place.come("NP01")
    member.tap("guide:start:android")
    member.tap("guide:begin:android")
    member.say("nhờ người giúp")
    member.tap("help:way:home")
    [today] = place.come("helper").say("/homnay")
    assert "Còn 4 trong 4 người" in today.text
    assert "1 phiếu đang chờ" in today.text
    call = helps.waiting(place.conn, None)[0]
    helper.tap(f"calls:take:{call.id}")
    helper.tap(f"calls:promise:{call.id}:now")
    [today] = place.come("coordinator").say("/homnay")
    assert "Lý Thị Lành nhận giúp Hoàng Văn Tư, hẹn trước" in today.text


def test_the_list_is_paged_with_names_on_its_buttons(place: Place) -> None:
    helper = place.come("helper")
    helper.say("/homnay")
    page = press(helper, "Xem ai chưa xong")
    assert "Trang 1 trong 2" in page.text
    assert labels(helper) == ["Hoàng Văn Tư", "Lý Thị Hiền", "Xem tiếp", "Quay lại", "Nhờ người giúp"]
    press(helper, "Xem tiếp")
    assert labels(helper)[:2] == ["Nông Văn Khánh", "Dương Văn Tư"]


def test_who_has_been_told_of_moves_down_and_says_why(place: Place) -> None:
    helper = place.come("helper")
    helper.say("/homnay")
    press(helper, "Xem ai")
    press(helper, "Hoàng Văn Tư")
    press(helper, "Chưa được")
    press(helper, "Đi vắng")
    press(helper, "Báo người khác")
    last = press(helper, "Xem tiếp")
    assert "Hoàng Văn Tư: chưa cài; đi vắng" in last.text


@pytest.mark.parametrize(("said", "name"), [("bà Hiền", "Lý Thị Hiền"), ("khanh", "Nông Văn Khánh"), ("NP03", "Khánh")])
def test_a_name_typed_opens_the_card(place: Place, said: str, name: str) -> None:
    helper = place.come("helper")
    helper.say("/homnay")
    [card] = helper.say(said)
    assert name in card.text
    assert "person.seen" in place.actions()


def test_a_name_that_two_bear_is_asked(place: Place) -> None:
    helper = place.come("helper")
    helper.say("/homnay")
    [asked] = helper.say("ông Tư")
    assert "là ai ạ" in asked.text
    assert "NP01" in asked.text
    assert "NP04" in asked.text
    assert labels(helper)[:2] == ["Hoàng Văn Tư", "Dương Văn Tư"]


def test_the_same_name_twice_is_told_apart_on_its_button(place: Place) -> None:
    unit = people.get(place.conn, place.ids["NP01"])
    assert unit is not None
    people.create(
        place.conn, code="NP09", name="Hoàng Văn Tư", unit_id=unit.unit_id, cell_id=unit.cell_id, now=unit.created_at
    )
    helper = place.come("helper")
    helper.say("/homnay")
    helper.say("Hoàng Văn Tư")
    first, second = labels(helper)[:2]
    assert first != second
    assert max(len(first), len(second)) <= 20


def test_the_office_picks_a_unit_first(place: Place) -> None:
    office = place.come("office")
    office.say("/homnay")
    page = press(office, "Xem ai")
    assert "Thôn Nà Pán: còn 4 người" in page.text
    [unit] = office.say("bo chang")
    assert "Còn 2 trong 2 người" in unit.text


def test_when_all_are_done_it_says_so_and_leads_on(place: Place) -> None:
    helper = place.come("elsewhere")
    helper.say("bà Dương Hiền kiểm tra đúng hết, bà Lan kiểm tra đúng hết")
    press(helper, "Đúng, lưu")
    done = press(helper, "Báo người khác")
    assert "Cả 2 người đã xong" in done.text
    assert "Về việc hôm nay" in labels(helper)


@pytest.mark.parametrize("who", ["NP01", "leader"])
def test_others_have_no_such_list(place: Place, who: str) -> None:
    player = place.come(who)
    [refused] = player.say("/homnay")
    assert "dành cho người hỗ trợ" in refused.text


FORBIDDEN = (
    "day:person:3",
    "day:history:3:1",
    "report:set:3:info_checked",
    "report:why:p3:1",
    "report:one:1",
    "report:undo:1",
    "report:yesterday:1",
    "report:undo_all:1",
    "together:begin:3",
    "together:start:3:android",
    "together:done:3:android:AND-9",
    "conflict:one:3",
    "conflict:keep:3:1",
    "conflict:visit:3",
    "exempt:ask:3",
    "exempt:grant:3",
    "meeting:lessons:u1:1",
    "meeting:open:u1:android",
)


def test_somebody_elses_people_stay_untouched(place: Place) -> None:
    helper = place.come("helper")
    helper.say("ông Khánh cài xong")
    press(helper, "Đúng, lưu")
    before = place.actions()
    for who in ("NP01", "leader", "elsewhere", "secretary2"):
        stranger = place.come(who)
        for key in FORBIDDEN:
            offer(stranger, key)
            [refused] = stranger.tap(key)
            assert "dành cho" in refused.text or "không thuộc phần" in refused.text, (who, key)
    assert len(progress.of_person(place.conn, place.ids["NP03"])) == 1
    assert place.state("NP03").step == 1
    assert place.actions() == before


def test_the_history_keeps_everything(place: Place) -> None:
    helper = place.come("helper")
    helper.say("ông Khánh cài xong")
    press(helper, "Đúng, lưu")
    press(helper, "Rút lại cả lượt")
    helper.say("Khánh")
    while "Xem các lần báo" not in labels(helper):
        press(helper, "Xem tiếp")
    history = press(helper, "Xem các lần báo")
    assert "Dòng 1: đã cài – Lý Thị Lành (người hỗ trợ), hôm nay" in history.text
    assert "Đã rút lại, người rút: Lý Thị Lành" in history.text
    assert "Mở dòng 1" in labels(helper)


def test_what_waits_is_said_before_anything_is_opened(place: Place) -> None:
    """Calls at home already; two reports that disagree to whoever decides."""
    coordinator, now = place.come("coordinator"), place.come("helper").now
    for what, who in (("installed", "helper"), ("KHONG_SMARTPHONE", "other")):
        told = {"source": "helper", "by": place.ids[who], "happened_at": now, "now": now}
        progress.record(place.conn, place.ids["NP01"], what, **told)  # type: ignore[arg-type]
    assert "1 người có hai báo cáo khác nhau" in coordinator.say("/homnay")[0].text
    assert "hai báo cáo khác nhau" not in place.come("helper").say("/homnay")[0].text
    offer(coordinator, visit := f"conflict:visit:{place.ids['NP01']}")
    coordinator.tap(visit)
    assert "phiếu đang chờ người nhận" in place.come("office").say("/menu")[0].text
