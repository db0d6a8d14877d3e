"""First contact: each question once, consent explicit, help from the first moment."""

from __future__ import annotations

import pytest

from bot.authoring.player import Player
from bot.core.messages import Kind


def labels(player: Player) -> list[str]:
    return [choice.label for choice in player.chat.offered]


def test_the_first_message_says_who_it_is_in_at_most_six_short_lines(newcomer: Player) -> None:
    [first] = newcomer.do(Kind.START)
    assert "Ủy ban nhân dân xã Bắc Sơn" in first.text
    assert "Không ai được thu tiền" in first.text
    assert "không bao giờ hỏi mật khẩu, mã xác nhận" in first.text
    assert len(first.text.splitlines()) <= 6
    assert labels(newcomer) == ["Bắt đầu", "Quay lại", "Nhờ người giúp"]


@pytest.mark.parametrize("yes", ["1", "Đồng ý", "dong y", "vâng", "DONG Y"])
def test_consent_is_kept_with_its_version_and_time(newcomer: Player, yes: str) -> None:
    newcomer.do(Kind.START)
    newcomer.say("bat dau")
    newcomer.say(yes)
    assert (newcomer.chat.consent, newcomer.chat.consent_version) == ("yes", "1")
    assert newcomer.chat.consent_at == newcomer.now


@pytest.mark.parametrize("vague", ["ừ thì", "để xem đã", "có gì đâu mà hỏi", "chắc thế"])
def test_a_vague_word_is_not_consent(newcomer: Player, vague: str) -> None:
    newcomer.do(Kind.START)
    newcomer.say("1")
    newcomer.say(vague)
    assert newcomer.chat.consent is None


def test_a_no_still_opens_the_guides_and_keeps_nothing(newcomer: Player) -> None:
    newcomer.do(Kind.START)
    newcomer.say("1")
    [answer] = newcomer.tap("hello:refuse")
    assert "không lưu gì" in answer.text
    newcomer.say("1")  # bác
    newcomer.say("android")
    newcomer.say("để sau")
    newcomer.tap("guide:start:android")
    [step] = newcomer.say("bat dau")
    assert "Bước 1 trong 9" in step.text
    assert newcomer.chat.unit_id is None


def test_the_whole_way_to_the_first_step_asks_nothing_twice(newcomer: Player) -> None:
    newcomer.do(Kind.START)
    for word in ("Bắt đầu", "đồng ý", "gọi là bà", "iphone", "de sau"):
        newcomer.say(word)
    chat = newcomer.chat
    assert (chat.form, chat.device, chat.at) == ("ba", "iphone", "menu:main")
    [home] = newcomer.do(Kind.START)
    assert "bà" in home.text.lower()
    assert newcomer.chat.at == "menu:main"


@pytest.mark.parametrize(
    ("word", "form"), [("đồng chí", "dongchi"), ("goi la chu", "chu"), ("Chị", "chi"), ("ông", "ong")]
)
def test_the_form_of_address_can_be_typed(newcomer: Player, word: str, form: str) -> None:
    newcomer.do(Kind.START)
    newcomer.say("1")
    newcomer.say("dong y")
    newcomer.say(word)
    assert newcomer.chat.form == form


def test_a_unit_code_as_first_words_is_taken(newcomer: Player, arrive_unit_code: str) -> None:
    newcomer.say(arrive_unit_code)
    assert newcomer.chat.unit_id is not None
    assert newcomer.chat.at == "hello:who"


def test_help_comes_before_consent(newcomer: Player) -> None:
    newcomer.do(Kind.START)
    [answer] = newcomer.say("giúp")
    assert "giúp cách nào" in answer.text


def test_going_back_undoes_exactly_one_question(newcomer: Player) -> None:
    newcomer.do(Kind.START)
    for word in ("1", "dong y", "1", "1"):
        newcomer.say(word)
    assert newcomer.chat.at == "hello:unit"
    seen = [newcomer.chat.at]
    for _ in range(3):
        newcomer.say("quay lai")
        seen.append(newcomer.chat.at)
    assert seen == ["hello:unit", "hello:device", "hello:form:1", "hello:consent"]
