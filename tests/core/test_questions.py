"""The answer asked for is found among those of its intent; all of ours can be asked for in their own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import content
from bot.core.guide import Question
from bot.core.questions import answer, same

OURS = content.load(Path(__file__).resolve().parents[2] / "guides").questions

TWO = (
    Question(id="chung", intent="meeting", asks=("điểm danh thế nào",), say="a", facts=("A1",)),
    Question(id="vang", intent="meeting", asks=("bấm nhầm báo vắng",), say="b", facts=("A1",)),
    Question(id="khac", intent="cost", asks=("mất tiền không",), say="c", facts=("A1",)),
)


def test_the_likest_is_answered() -> None:
    found = answer(TWO, "meeting", "hop xong bac bam nham bao vang")
    assert found is not None
    assert found.id == "vang"


def test_unlike_all_the_general_one_is_answered() -> None:
    found = answer(TWO, "meeting", "hội trường ở đâu")
    assert found is not None
    assert found.id == "chung"


def test_nothing_where_the_intent_has_no_answer() -> None:
    assert answer(TWO, "login", "đăng nhập sao") is None
    assert same(TWO, "login", "đăng nhập sao") is None


def test_only_nearly_the_same_words_are_the_same_question() -> None:
    assert same(TWO, "cost", "MAT TIEN KHONG CHAU OI") is TWO[2]
    assert same(TWO, "cost", "có ai thu phí gì của bác không hả cháu") is None


@pytest.mark.parametrize("question", OURS.values(), ids=lambda question: question.id)
def test_every_answer_can_be_asked_for(question: Question) -> None:
    for words in question.asks:
        assert answer(tuple(OURS.values()), question.intent, words) is question
