"""The member is asked once whether a helper's report is so; silence changes nothing."""

from __future__ import annotations

from bot.authoring.player import Player
from storage import chats, progress
from tests.handlers.day_kit import Place, labels, press


def report(place: Place, words: str = "ông Khánh cài xong") -> None:
    helper = place.come("helper")
    helper.say(words)
    press(helper, "Đúng, lưu")


def asked(place: Place) -> list[str]:
    return [text for text in place.written_to("NP03") if "Đúng không ạ" in text]


def member(place: Place) -> Player:
    return place.come("NP03")


def test_asked_once_and_kindly(place: Place) -> None:
    member(place)
    report(place)
    report(place, "hôm qua ông Khánh cài xong")
    assert asked(place) == ["Lý Thị Lành báo bác đã cài xong Sổ tay. Đúng không ạ?"]


def test_yes_is_the_members_own_word_and_counts_once(place: Place) -> None:
    member(place)
    report(place)
    for _ in range(2):
        press(member(place), "Đúng rồi") if "Đúng rồi" in labels(member(place)) else member(place).tap("confirm:yes:1")
    told = progress.of_person(place.conn, place.ids["NP03"])
    assert [(event.what, event.source) for event in told] == [("installed", "helper"), ("installed", "self")]


def test_no_becomes_a_conflict_and_offers_help(place: Place) -> None:
    place.come("coordinator")
    member(place)
    report(place)
    said = press(member(place), "Chưa đúng")
    assert "muốn người đến giúp" in said.text
    assert "Nhờ người giúp" in labels(member(place))
    assert place.state("NP03").conflict is not None
    assert "hai báo cáo khác nhau" in place.written_to("coordinator")[-1]
    member(place).tap("confirm:no:1")
    assert len(progress.of_person(place.conn, place.ids["NP03"])) == 2


def test_a_changed_mind_settles_it(place: Place) -> None:
    member(place)
    report(place)
    press(member(place), "Chưa đúng")
    member(place).tap("confirm:yes:1")
    state = place.state("NP03")
    assert (state.step, state.conflict) == (1, None)


def test_silence_changes_nothing(place: Place) -> None:
    member(place)
    report(place)
    assert place.state("NP03").step == 1


def test_nobody_is_asked_who_said_it_themselves_or_did_not_agree(place: Place) -> None:
    khanh = member(place)
    chats.set_consent(place.conn, khanh.chat.id, "no", "1", khanh.now)
    report(place)
    assert asked(place) == []


def test_only_the_member_in_question_answers(place: Place) -> None:
    member(place)
    report(place)
    hien = place.come("NP02")
    [refused] = hien.tap("confirm:no:1")
    assert "dành cho người khác" in refused.text
    assert place.state("NP03").conflict is None
