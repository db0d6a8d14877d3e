"""Which question of `guides/answers.yaml` a text asks, and where the buttons of an answer lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from bot.core.guide import Question
from bot.core.wording import key_words, plain_words

# Where a choice may lead besides lessons.
WAYS: Final[Mapping[str, str]] = {
    "help": "help:ask",
    "menu": "menu:main",
    "data": "me:show",
    "withdraw": "me:withdraw",
    "danger": "scam:card",
    "calls": "calls:list",
    "progress": "menu:progress",
}
_THE_SAME = 88.0  # how alike a text and an example must be to be the same question
_UNLIKE = 45.0  # below this the general answer of the intent is the better one


def answer(questions: Sequence[Question], intent: str, text: str) -> Question | None:
    """The answer to a text understood as this intent: the one asked most alike, else the general one, the first."""
    own = [each for each in questions if each.intent == intent]
    said = _key(text)
    best = max(own, key=lambda each: _likeness(each, said), default=None)
    return own[0] if best and _likeness(best, said) < _UNLIKE else best


def same(questions: Sequence[Question], intent: str, text: str) -> Question | None:
    """The question of this intent that is asked in nearly the words of one of its examples."""
    found = answer(questions, intent, text)
    return found if found and _likeness(found, _key(text)) >= _THE_SAME else None


def _likeness(question: Question, said: str) -> float:
    return max(fuzz.token_sort_ratio(said, _key(asked)) for asked in question.asks)


@lru_cache(maxsize=1024)
def _key(text: str) -> str:
    return key_words(plain_words(text))
