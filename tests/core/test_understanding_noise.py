"""However a sentence is typed, nothing that is not "done" becomes a sure "done"; plain words stay what they are."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.typing_styles import STYLES
from benchmarks.understanding import SAYINGS
from bot.core.secrets import redact
from bot.core.wording import plain_words
from bot.reading import listener


def _sayings() -> list[tuple[str, str]]:
    found, intent = [], ""
    for line in (SAYINGS / "heldout.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            intent = line.strip("[]")
        elif not line.startswith("#"):
            found += [(intent, said) for said in line.split("|")]
    return found


EVERY = _sayings()
OTHERS = [said for intent, said in EVERY if intent != "done"]
YES = frozenset(said for intent, said in EVERY if intent == "yes")
STEP = ("Làm được rồi", "Chưa được", "Quay lại", "Nhờ người giúp")
DICE = st.integers(0, 10_000).map(random.Random)


@settings(max_examples=150)
@given(st.sampled_from(OTHERS), st.sampled_from(sorted(STYLES)), DICE, st.sampled_from([(), STEP]))
def test_typing_never_makes_a_done(said: str, style: str, dice: random.Random, offered: tuple[str, ...]) -> None:
    if said in YES:
        offered = ()  # to a step, "ok" says done
    found = listener().understand(STYLES[style](said, dice), offered)
    assert not (found.sure and (found.intent == "done" or found.choice == 1)), found


@settings(max_examples=150)
@given(st.sampled_from([said for _, said in EVERY]), st.sampled_from(["no marks", "telex", "vni", "decomposed"]), DICE)
def test_the_keyboard_makes_no_difference(said: str, style: str, dice: random.Random) -> None:
    assert _meaning(STYLES[style](said, dice)) == _meaning(STYLES["no marks"](said, dice))


def _meaning(text: str) -> str:
    return listener().understand(text).intent


@given(st.text(max_size=80))
def test_plain_words_are_plain_already(text: str) -> None:
    once = plain_words(text)
    assert plain_words(once) == once or any(map(str.isdigit, once))


@given(st.sampled_from(OTHERS), st.integers(100_000, 999_999))
def test_a_secret_beside_it_is_gone_and_the_meaning_stays(said: str, code: int) -> None:
    clean = redact(f"{said}, mật khẩu: Hoa{code}")
    assert str(code) not in clean.text
