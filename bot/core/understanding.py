"""What a person means, found offline: a choice just offered, or one of the intents of talking to a step.

The rule above all others: `done` is sure only when every word says so. Asking once more costs a tap; a
false "done" leaves somebody behind a step that never worked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.core.phrases import PHRASES, WHOLE
from bot.core.secrets import MARK
from bot.core.vietnamese import expand, fold, spoken_number, untelex, without_fillers


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was understood. Not `sure`: the bot asks, offering `intent` and `second`.

    `choice` is the 1-based place of an offered choice; where two fit alike, `second` is `choice:<place>`.
    """

    intent: str
    score: float
    sure: bool
    second: str | None = None
    choice: int | None = None


UNCLEAR: Final = Meaning("unclear", 0.0, False)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CALLED: Final = "chau|bac|em|co|chu|anh|chi|ban|dong chi|cac|shop|tro ly|bot|a|nhe|oi|alo"
_GREETING = re.compile(rf"(?:xin )?(?:chao|alo|hello|hi)(?: (?:{_CALLED}))*")
_PERSONS = re.compile(r"\b(?:chau|bac|toi|em|ong|ba|minh|tao|cac chau|dong chi)\b")
# "Ông Bắc xong rồi" is about somebody else; "thế là xong" may be said of a broken phone.
_DOUBTFUL = re.compile(r"\b(?:ong|ba|anh|chi|cu|co|chu) (?:bac|ba|minh|em|ong|nha|ay)\b|\b(?:the|vay) la xong$")
_PARTICLES: Final = _words(
    "nao roi di luon day thoi chon bam an nut cai muc thi la nhe nha cho giup ho voi xin a da vang ok o u oi "
    "nay lay vao co phan buoc ne the do no ma ra duoc nua qua lam ay kia gio len may cua"
)
# Where a text and a label differ in one of these, they are not alike.
_DENIALS: Final = _words("khong chua chang cha dau dung nao gi sao")
_QUESTION = re.compile(
    r"\?|\w(?<!\bbac)(?<!\btoi)(?<!\bong)(?<!\bba)(?<!\bem) chua(?: (?:chau|bac|em|nhi|a|the))*$"
    r"|\b(?:(?:phai|duoc|xong|roi) khong|the nao|vi sao|ha|nhi)$"
    r"|\b(?:bao gio|khi nao|tai sao|bao lau|lam sao)\b|\b(?:à|hả|nhỉ|hở|af|a2)\W*$"
)
# A sure "done" holds one of `_FINISHED` and nothing outside `_HARMLESS`.
_FINISHED = re.compile(
    r"\b(?:xong|duoc (?:ca |het )?roi|da (?:(?:lam|cai|vao) )?duoc|thanh cong|hoan (?:tat|thanh))\b"
    r"|^(?:ok roi|lam duoc)$"
)
_HARMLESS: Final = _words(
    "xong roi duoc ok lam bam an vao cai dat tai mo nhap thay hien ra len no day nhe the la buoc nay do ay "
    "bay da het ca tot on ngon lanh dung chuan xuoi thanh cong hoan tat man hinh vua kia app so tay phan "
    "mem ung han yen thoa ngay chay"
)
_TOGETHER = re.compile(r"\b(?:dang nhap|dung nhu (?:the|bao)|bao dung)\b")  # harmless only side by side
_TOPICS = re.compile(
    r"\b(?:mat khau|ma|otp|vneid|tai khoan|wifi|mang|sim|the|ho so|ngay sinh|apple|google|thiet bi|android)\b"
)
# Asking whether the bot or the app itself is honest is a question, not an emergency.
_TRUST = re.compile(r"\b(?:co|phai) (?:phai )?(?:la )?lua(?: dao)? (?:khong|dau)\b|\bco phai (?:la )?lua\b")


# Without tone marks these would be "đúng", "tôi" and "tôi": another word of the same sense keeps them apart.
_INSTEAD: Final = {"dừng": "ngừng", "tối": "đêm", "tới": "đến"}
_APART = re.compile(rf"\b(?:{'|'.join(_INSTEAD)})\b")


def _plain(text: str) -> str:
    words = unicodedata.normalize("NFC", text[:600]).lower().replace(MARK, " ")
    return expand(untelex(_APART.sub(lambda word: _INSTEAD[word.group()], words)))


def _key(plain: str) -> str:
    """The words that carry meaning: no politeness, nobody spoken to."""
    short = without_fillers(plain)
    return " ".join(_PERSONS.sub(" ", short).split()) or short


@lru_cache(maxsize=2048)
def _forms(label: str) -> tuple[str, str]:
    """A label as it is written and as its bare sense; the same few are offered again and again."""
    return fold(label), _key(_plain(label))


def _spelt(table: str) -> Iterator[str]:
    """Every phrase without a gap, in every way the table lets it be said."""
    for phrase in table.split("|"):
        if "*" not in phrase:
            yield from (fold(" ".join(said)) for said in product(*(word.split("/") for word in phrase.split())))


def _pattern(table: str) -> re.Pattern[str]:
    longest_first = sorted(table.split("|"), key=len, reverse=True)
    pieces = (" ".join(map(_place, phrase.split())) for phrase in longest_first)
    return re.compile(rf"\b(?:{'|'.join(pieces)})\b".replace(" * ", r"(?: \w+){0,3}? "))


def _place(word: str) -> str:
    return word if word == "*" else f"(?:{'|'.join(map(fold, word.split('/')))})"


_PATTERNS: Final = {intent: _pattern(table) for intent, table in PHRASES.items()}
_EXACT: Final = {said: intent for intent, table in WHOLE.items() for said in _spelt(table)}
_NEAR: Final = {said: intent for intent, table in PHRASES.items() for said in _spelt(table) if intent != "scam"}


def understand(text: str, offered: Sequence[str] = ()) -> Meaning:
    """What `text` means to somebody who was just offered these labels."""
    plain = _plain(text)
    key, asks = _key(plain), _asks(text, plain)
    if _PATTERNS["scam"].search(key) and not _TRUST.search(plain):
        return Meaning("scam", 1.0, True)
    return (
        _number(text, offered)
        or _label(plain, asks, offered)
        or _affirmed(key, asks, offered)
        or _whole(key, plain, asks)
        or _phrased(key, plain, asks)
        or _misspelt(key)
        or UNCLEAR
    )


def is_scam(text: str) -> bool:
    """Whether this tells of danger: a link, an APK, a code or money asked for, an account to be locked."""
    return understand(text).intent == "scam"


def _asks(text: str, plain: str) -> bool:
    return any(map(_QUESTION.search, (unicodedata.normalize("NFC", text[-600:]).lower(), plain)))


def _number(text: str, offered: Sequence[str]) -> Meaning | None:
    if not text.strip().isdigit() and fold(text) in map(fold, offered):
        return None  # "ba" is the button "Bà" where there is one, not the third
    number = spoken_number(text)
    if number == 0:
        named = next((place for place, label in enumerate(offered, 1) if fold(label).split()[:1] == ["0"]), None)
        return Meaning("choice", 1.0, True, choice=named) if named else Meaning("later", 1.0, True)
    return Meaning("choice", 1.0, True, choice=number) if number and number <= len(offered) else None


def _label(plain: str, asks: bool, offered: Sequence[str]) -> Meaning | None:
    forms = [_forms(label) for label in offered]
    likeness = [max(_alike(said, form) for said in (plain, _key(plain)) for form in both) for both in forms]
    best, *others = sorted(range(len(offered)), key=lambda place: -likeness[place]) or [-1]
    if best < 0 or likeness[best] < 0.75 or (asks and not _asks(offered[best], forms[best][0])):
        return None
    if likeness[best] < 1 and _is_done(forms[best][0]) and not _certain(_key(plain), plain):
        return None
    if others and likeness[best] - likeness[others[0]] < 0.04:
        return Meaning("choice", 0.5, False, f"choice:{others[0] + 1}", best + 1)
    return Meaning("choice", likeness[best], True, choice=best + 1)


def _alike(said: str, label: str) -> float:
    """1 for the same words, less for a slip, particles around or a beginning; 0 where only one denies."""
    words, wanted = said.split(), label.split()
    if said == label or _DENIALS.intersection(words) != _DENIALS.intersection(wanted):
        return float(said == label)
    if f" {label} " in f" {said} " and _PARTICLES.issuperset(set(words) - set(wanted)):
        return 0.95
    if len(label) >= 5 and OSA.distance(said, label, score_cutoff=1) <= 1:
        return 0.9
    if not words or words != wanted[: len(words)]:
        return 0.0
    # One word may stand for its label, but "làm" is no "Làm được rồi".
    return 0.85 if len(words) > 1 else 0.8 * (said == "duoc" or said not in _PARTICLES)


def _is_done(label: str) -> bool:
    return _FINISHED.search(label) is not None and not _DENIALS.intersection(label.split())


def _affirmed(key: str, asks: bool, offered: Sequence[str]) -> Meaning | None:
    """ "Được", "rồi ạ", "ok": done or yes, by what was offered."""
    if asks or key not in ("duoc", "roi", "ok", "da roi", "da duoc", "u duoc", "u roi"):
        return None
    labels = [_forms(label)[1] for label in offered]
    if any(map(_is_done, labels)):
        return Meaning("done", 0.9, True)
    if any(_EXACT.get(label) == "yes" for label in labels):
        return Meaning("yes", 0.9, True)
    return Meaning("yes", 0.6, False, "done") if "duoc" in key else Meaning("done", 0.6, False, "yes")


def _whole(key: str, plain: str, asks: bool) -> Meaning | None:
    intent = _EXACT.get(plain) or _EXACT.get(without_fillers(plain)) or _EXACT.get(key)
    intent = "greeting" if _GREETING.fullmatch(plain) else intent
    return Meaning(intent, 1.0, intent == "greeting" or not asks) if intent else None


def _phrased(key: str, plain: str, asks: bool) -> Meaning | None:
    shares = {intent: _share(pattern, key) for intent, pattern in _PATTERNS.items() if intent != "scam"}
    shares = {intent: share for intent, share in shares.items() if share > 0.16}
    if "not_done" in shares:
        shares.pop("done", None)
    ranked = sorted(shares, key=lambda intent: -shares[intent])
    if not ranked or (ranked[0] == "done" and asks):
        return None
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    clear = second is None or shares[second] <= 0.7 * shares[best]
    sure = clear and shares[best] >= 0.4 and not asks
    if best == "done":
        sure = _certain(key, plain)
        second = second or (None if sure else "not_done")
    elif best == "not_done" and _TOPICS.search(key):
        sure = False
    return Meaning(best, round(shares[best], 2), sure, second)


def _share(pattern: re.Pattern[str], key: str) -> float:
    """How much of what is said belongs to the phrases, particles aside."""
    rest = pattern.sub(" ", key).split()
    told = len(key.split()) - len(rest)
    return told / (told + sum(word not in _PARTICLES for word in rest)) if told else 0.0


def _certain(key: str, plain: str) -> bool:
    told = _FINISHED.search(key) is not None and not _DOUBTFUL.search(plain)
    return told and _HARMLESS.issuperset(_TOGETHER.sub("vao", key).split())


def _misspelt(key: str) -> Meaning | None:
    """The nearest phrase to a short text with a wrong letter or two. Never sure of "done"."""
    near = process.extractOne(key, _NEAR.keys(), scorer=fuzz.ratio, score_cutoff=82)
    if near is None or not 5 < len(key) <= 40:
        return None
    return Meaning(_NEAR[near[0]], round(near[1] / 100, 2), near[1] >= 90 and _NEAR[near[0]] != "done")
