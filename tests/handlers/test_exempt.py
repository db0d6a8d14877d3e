"""Only the secretary of the member's own chi bộ writes an exemption down."""

from __future__ import annotations

import pytest

from bot.authoring.player import Player
from storage import people, progress
from tests.handlers.day_kit import Place, labels, offer, press


def is_exempt(place: Place) -> bool:
    found = people.get(place.conn, place.ids["NP02"])
    assert found is not None
    return found.exempt


def card(place: Place, who: str) -> Player:
    player = place.come(who)
    player.say("/homnay")
    player.say("NP02")
    return player


def test_asked_once_written_down_and_taken_back(place: Place) -> None:
    secretary = card(place, "secretary")
    said = press(secretary, "Ghi miễn sinh hoạt")
    assert "Chi bộ đã quyết định miễn" in said.text
    assert not is_exempt(place)
    press(secretary, "Đúng, ghi miễn")
    assert is_exempt(place)
    counts = progress.counts(place.conn, unit_id=None, cell_id=1)
    assert (counts.total, counts.due) == (4, 3)
    press(secretary, "Bỏ, ghi nhầm")
    assert not is_exempt(place)
    [event] = progress.of_person(place.conn, place.ids["NP02"])
    assert (event.what, event.source, event.undone_why) == ("MIEN_SINH_HOAT", "secretary", "exemption")
    assert place.actions()[-2:] == ["exempt.granted", "exempt.lifted"]


@pytest.mark.parametrize("who", ["helper", "coordinator", "office"])
def test_others_are_not_offered_it(place: Place, who: str) -> None:
    player = card(place, who)
    for _ in range(4):
        assert "Ghi miễn sinh hoạt" not in labels(player)
        if "Xem tiếp" in labels(player):
            press(player, "Xem tiếp")


@pytest.mark.parametrize("who", ["secretary2", "coordinator", "helper", "NP02", "leader"])
def test_others_get_a_kind_no(place: Place, who: str) -> None:
    player = place.come(who)
    offer(player, f"exempt:grant:{place.ids['NP02']}")
    [refused] = player.tap(f"exempt:grant:{place.ids['NP02']}")
    assert "ạ" in refused.text
    assert not is_exempt(place)


def test_a_helper_does_not_take_an_exemption_back(place: Place) -> None:
    secretary = card(place, "secretary")
    press(secretary, "Ghi miễn sinh hoạt")
    press(secretary, "Đúng, ghi miễn")
    place.come("coordinator").tap("report:undo:1")
    assert is_exempt(place)
    assert progress.of_person(place.conn, place.ids["NP02"])[0].undone_at is None
