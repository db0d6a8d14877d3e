"""Which of the choices just offered is meant, by its number, its words, or a bare word of assent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from bot.core.certainty import DENIALS, asks, is_certain, is_done
from bot.core.meaning import UNCLEAR, Meaning
from bot.core.phrases import whole_meaning
from bot.core.vietnamese import fold, spoken_number
from bot.core.wording import key_words, plain_words

_PARTICLES: Final = frozenset(
    [
        "nao",
        "roi",
        "di",
        "luon",
        "day",
        "thoi",
        "chon",
        "bam",
        "an",
        "nut",
        "cai",
        "muc",
        "thi",
        "la",
        "nhe",
        "nha",
        "cho",
        "giup",
        "ho",
        "voi",
        "xin",
        "a",
        "da",
        "vang",
        "ok",
        "o",
        "u",
        "oi",
        "nay",
        "lay",
        "vao",
        "co",
        "phan",
        "buoc",
        "ne",
        "the",
        "do",
        "no",
        "ma",
        "ra",
        "duoc",
        "nua",
        "qua",
        "lam",
        "ay",
        "kia",
        "gio",
        "len",
        "may",
        "cua",
    ]
)
# Alone, these are done or yes, by what was offered.
_ASSENT: Final = ("duoc", "roi", "ok", "da roi", "da duoc", "u duoc", "u roi")


def chosen(text: str, plain: str, offered: Sequence[str]) -> Meaning | None:
    """The choice that a text means, if any."""
    return _number(text, offered) or _label(plain, asks(text, plain), offered)


def _number(text: str, offered: Sequence[str]) -> Meaning | None:
    if not text.strip().isdigit() and fold(text) in map(fold, offered):
        return None  # "ba" is the button "Bà" where there is one, not the third
    number = spoken_number(text)
    if number == 0:
        named = next((place for place, label in enumerate(offered, 1) if fold(label).split()[:1] == ["0"]), None)
        return Meaning("choice", 1.0, True, choice=named) if named else Meaning("later", 1.0, True)
    if number:
        return Meaning("choice", 1.0, True, choice=number) if number <= len(offered) else UNCLEAR
    return None


def _label(plain: str, asked: bool, offered: Sequence[str]) -> Meaning | None:
    forms = [_forms(label) for label in offered]
    likeness = [max(_alike(said, form) for said in (plain, key_words(plain)) for form in both) for both in forms]
    best, *others = sorted(range(len(offered)), key=lambda place: -likeness[place]) or [-1]
    if best < 0 or likeness[best] < 0.75 or (asked and not asks(offered[best], forms[best][0])):
        return None
    if likeness[best] < 1 and is_done(forms[best][0]) and not is_certain(key_words(plain), plain):
        return None
    if others and likeness[best] - likeness[others[0]] < 0.04:
        return Meaning("choice", 0.5, False, f"choice:{others[0] + 1}", best + 1)
    return Meaning("choice", likeness[best], True, choice=best + 1)


def _alike(said: str, label: str) -> float:
    """1 for the same words, less for a slip, particles around or a beginning; 0 where only one denies."""
    words, wanted = said.split(), label.split()
    if said == label or DENIALS.intersection(words) != DENIALS.intersection(wanted):
        return float(said == label)
    if f" {label} " in f" {said} " and _PARTICLES.issuperset(set(words) - set(wanted)):
        return 0.95
    if len(label) >= 5 and OSA.distance(said, label, score_cutoff=1) <= 1:
        return 0.9
    if not words or words != wanted[: len(words)]:
        return 0.0
    # One word may stand for its label, but "làm" is no "Làm được rồi".
    return 0.85 if len(words) > 1 else 0.8 * (said == "duoc" or said not in _PARTICLES)


def assented(key: str, offered: Sequence[str]) -> Meaning | None:
    """ "Được", "rồi ạ", "ok": done or yes, by what was offered."""
    if key not in _ASSENT:
        return None
    labels = [_forms(label)[1] for label in offered]
    if any(map(is_done, labels)):
        return Meaning("done", 0.9, True)
    if any(whole_meaning(label, label) == "yes" for label in labels):
        return Meaning("yes", 0.9, True)
    return Meaning("yes", 0.6, False, "done") if "duoc" in key else Meaning("done", 0.6, False, "yes")


@lru_cache(maxsize=2048)
def _forms(label: str) -> tuple[str, str]:
    """A label as it is written and as its bare sense; the same few are offered again and again."""
    return fold(label), key_words(plain_words(label))
