"""Two reports that disagree are shown to the coordinator; neither overwrites the other."""

from __future__ import annotations

import pytest

from bot.authoring.player import Player
from storage import helps, progress
from tests.handlers.day_kit import Place, labels, press


def disagree(place: Place) -> Player:
    coordinator = place.come("coordinator")
    for who, words in (("helper", "ông Khánh cài xong"), ("other", "ông Khánh chưa có máy")):
        player = place.come(who)
        player.say(words)
        said = press(player, "Đúng, lưu")
    assert "có người báo khác, giữ cả hai" in said.text
    return coordinator


def test_both_claims_are_shown_with_who_and_when(place: Place) -> None:
    coordinator = disagree(place)
    assert "có hai báo cáo khác nhau" in place.written_to("coordinator")[-1]
    said = press(coordinator, "Xem hai báo cáo")
    assert "đã cài – Lý Thị Lành (người hỗ trợ)" in said.text
    assert "chưa có máy thông minh – Vi Văn Sơn (người hỗ trợ)" in said.text
    assert all(event.undone_at is None for event in progress.of_person(place.conn, place.ids["NP03"]))


@pytest.mark.parametrize(("choice", "step", "reason"), [("trước", 1, None), ("sau", 0, "KHONG_SMARTPHONE")])
def test_the_coordinator_decides(place: Place, choice: str, step: int, reason: str | None) -> None:
    coordinator = disagree(place)
    press(coordinator, "Xem hai báo cáo")
    press(coordinator, f"báo {choice}")
    said = press(coordinator, "Đúng, làm vậy")
    assert "rút lại, lý do: hai báo cáo khác nhau" in said.text
    state = place.state("NP03")
    assert (state.step, state.reason, state.conflict) == (step, reason, None)
    assert [e.undone_why for e in progress.of_person(place.conn, place.ids["NP03"]) if e.undone_at] == ["conflict"]
    press(coordinator, "Giữ lại như cũ")
    assert place.state("NP03").conflict is not None


def test_decided_meanwhile_is_said_kindly(place: Place) -> None:
    coordinator = disagree(place)
    press(coordinator, "Xem hai báo cáo")
    press(coordinator, "Giữ báo trước")
    progress.undo(place.conn, 2, by=None, now=coordinator.now)
    said = press(coordinator, "Đúng, làm vậy")
    assert "đã có người quyết định" in said.text


def test_somebody_is_sent_to_see_once(place: Place) -> None:
    coordinator = disagree(place)
    for _ in range(2):
        coordinator.say("/homnay")
        press(coordinator, "Mở việc khác")
        press(coordinator, "Xem báo khác nhau")
        press(coordinator, "Nông Văn Khánh")
        press(coordinator, "Nhờ người đến xem")
    assert len(helps.waiting(place.conn, None)) == 1
    assert "Nông Văn Khánh (Thôn Nà Pán) nhờ giúp" in place.written_to("helper")[-1]


def test_an_empty_list_leads_on(place: Place) -> None:
    coordinator = place.come("coordinator")
    coordinator.say("/homnay")
    press(coordinator, "Mở việc khác")
    said = press(coordinator, "Xem báo khác nhau")
    assert "Các báo cáo đều khớp" in said.text
    assert "Về việc hôm nay" in labels(coordinator)
