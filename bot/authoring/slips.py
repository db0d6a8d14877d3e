"""How plain sentences look once hurried fingers typed them: politeness around, slips, sounds, short forms.

Tone marks and raw Telex or VNI need no place here: normalising takes them away before anything is read.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from bot.core.vietnamese import is_syllable
from bot.core.wording import gist

_BEFORE: Final = [
    "chau oi",
    "alo chau oi",
    "em oi",
    "cho bac hoi",
    "bac hoi ti",
    "cho hoi",
    "o",
    "a",
    "thi",
    "the",
    "da",
    "thua",
    "nay",
    "chao chau",
    "alo",
    "ban oi",
    "dong chi oi",
    "bac hoi chau",
    "cho toi hoi",
    "u",
    "bay gio",
    "hinh nhu",
    "may oi",
    "bac bao nay",
    "the la",
    "o chau oi",
    "ma",
    "cho em hoi",
    "bao chau",
    "thua chau",
    "xin hoi",
]
_AFTER: Final = [
    "chau oi",
    "chau",
    "a",
    "nhe",
    "voi",
    "em",
    "nhi",
    "z",
    "v",
    "vay",
    "nha",
    "nhe chau",
    "chau a",
    "em oi",
    "day",
    "the",
    "di",
    "hen",
    "ha",
    "chau nhe",
    "ban",
    "di chau",
    "voi chau",
    "oi",
    "luon",
]
_SOUNDS: Final = (
    ("l", "n"), ("n", "l"), ("tr", "ch"), ("ch", "tr"), ("s", "x"), ("x", "s"), ("d", "gi"), ("gi", "d"), ("r", "d"),
    ("d", "r"), ("gi", "r"), ("ph", "f"), ("qu", "q"), ("c", "k"), ("gh", "g"), ("ngh", "ng"),
)  # fmt: skip
_SHORT: Final = {
    "bao cao": "bc", "buoc": "bc", "tai lieu": "tl", "dang nhap": "dn", "thong tin": "tt", "chi bo": "cb", "khong": "k",
    "kiem tra": "kt", "dong chi": "dc", "nhu the nao": "ntn", "the nao": "tn", "gi": "j", "vay": "v", "biet": "bt",
    "dang vien": "dv", "dien thoai": "dt", "nguoi": "ng", "tai khoan": "tk", "nhan tin": "nt", "can bo": "cb",
    "bac": "b", "chau": "c", "nghi quyet": "nq", "chi thi": "ct", "sinh hoat": "sh", "dang uy": "du", "ung dung": "app",
    "anh": "a", "em": "e", "thoi": "thui", "roi": "r", "lam sao": "ls", "ma": "m", "nhieu": "nhiu", "voi": "vs",
    "truoc": "trc", "bay gio": "bh", "bao gio": "bh", "hom nay": "hnay", "tin nhan": "tn", "xa": "xa",
}  # fmt: skip
# Said elsewhere for what is said here; relatives and neighbours came from everywhere.
_ELSEWHERE: Final = {
    "xem": "coi|ngo|dom|nhin", "tim": "kiem|mo|luc", "giup": "gium|giup giup|ho|dum",
    "gi": "chi|cai chi|cai gi|chi chi",
    "hom": "bua|ngay", "dung": "xai|su dung", "goi": "keu|alo|dien", "den": "toi|qua|lai", "vao": "vo|zo|len",
    "khong": "hong|chang|dau co|nao co|ko", "that": "thiet|that su", "sai": "trat|lon|nham|sai bet",
    "o dau": "o mo|cho mo|o cho nao",
    "bao gio": "chung nao|khi mo|bao lau nua thi", "the nao": "ra lam sao|ra sao|cach chi|sao ha",
    "nho": "ti teo|be teo|nho xiu",
    "het": "sach|rao|tron|het rao", "mat": "mat tieu|mat toi|bien mat", "nhieu": "qua troi|ca dong|ca dong",
    "noi": "bieu|bao|keu",
    "lam sao": "man rang|cach nao|lam cach chi", "vua nay": "hoi nay|luc nay|ban nay",
    "quen": "quen bang|quen tiet|khong nho",
    "hong": "hu|toi|hong hoc", "thay": "nhin thay|ngo thay", "dua": "bo|lay|nhet",
    "bac": "ong|ba|toi|tui|minh", "muon": "dinh|can|thich", 
    "tien": "dong|xu|chi phi", "gui": "chuyen|nhan|day",
}  # fmt: skip
_NEAR: Final = {
    "q": "wa", "w": "qe", "e": "wr", "r": "et", "t": "ry", "y": "tu", "u": "yi", "i": "uo", "o": "ip", "p": "o",
    "a": "qs", "s": "ad", "d": "sf", "f": "dg", "g": "fh", "h": "gj", "j": "hk", "k": "jl", "l": "k", "x": "zc",
    "c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "n",
}  # fmt: skip


def typed(sentence: str, dice: random.Random, intent: str = "") -> tuple[list[str], list[str]]:
    """The words of a sentence as they reach the reader."""
    words = sentence.split()
    if intent == "out_of_scope" and dice.random() < 0.5:
        words = _about_something(words, dice)
    if intent == "unclear" and dice.random() < 0.2:
        words = _hit_keys(dice)
    if dice.random() < 0.35:
        words = [*dice.choice(_BEFORE).split(), *words]
    if dice.random() < 0.3:
        words = [*words, *dice.choice(_AFTER).split()]
    said = " ".join(words)
    for change, chance in _CHANGES:
        if said and dice.random() < chance:
            said = change(said, dice)
    return gist(said)


def _slip(said: str, dice: random.Random) -> str:
    """One wrong, missing, doubled or swapped letter."""
    at = dice.randrange(len(said))
    letter, kind = said[at], dice.randrange(4)
    if letter == " " or kind == 0:
        return said[:at] + said[at + 1 :]
    if kind == 1:
        return said[:at] + dice.choice(_NEAR.get(letter, letter)) + said[at + 1 :]
    if kind == 2:
        return said[:at] + letter + said[at:]
    return said[:at] + said[at + 1 : at + 2] + letter + said[at + 2 :]


def _sound(said: str, dice: random.Random) -> str:
    """Letters that sound alike here, in every word that has them."""
    heard, as_if = dice.choice(_SOUNDS)
    return " ".join(_said_as(word, heard, as_if) for word in said.split())


def _said_as(word: str, heard: str, as_if: str) -> str:
    changed = as_if + word.removeprefix(heard)
    return changed if word.startswith(heard) and not word.startswith(("nh", "ng")) and len(word) > 1 else word


def _shorten(said: str, dice: random.Random) -> str:
    for long, short in _SHORT.items():
        if dice.random() < 0.5:
            said = f" {said} ".replace(f" {long} ", f" {short} ").strip()
    return said


def _elsewhere(said: str, dice: random.Random) -> str:
    for word, others in _ELSEWHERE.items():
        if dice.random() < 0.4:
            other = dice.choice(others.split("|"))
            said = f" {said} ".replace(f" {word} ", f" {other} ", 1).strip()
    return said


def _drop(said: str, dice: random.Random) -> str:
    words = said.split()
    if len(words) > 4:
        words.pop(dice.randrange(len(words)))
    return " ".join(words)


_CHANGES: Final[tuple[tuple[Callable[[str, random.Random], str], float], ...]] = (
    (_elsewhere, 0.2),
    (_drop, 0.1), (_shorten, 0.15), (_sound, 0.15), (_slip, 0.25), (_slip, 0.08),
)  # fmt: skip

_STARTS: Final = [
    "b",
    "c",
    "ch",
    "d",
    "g",
    "h",
    "k",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "ph",
    "qu",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
]
_ENDS: Final = [
    "a",
    "an",
    "ang",
    "at",
    "ay",
    "anh",
    "e",
    "em",
    "en",
    "et",
    "eo",
    "i",
    "in",
    "inh",
    "ieu",
    "iec",
    "iem",
    "o",
    "on",
    "ong",
    "oc",
    "ot",
    "oi",
    "oai",
    "oan",
    "u",
    "un",
    "ung",
    "uc",
    "ut",
    "ua",
    "uoi",
    "uong",
    "uyen",
]


def _about_something(words: list[str], dice: random.Random) -> list[str]:
    """Some words changed for any others: another subject is known by words that are not of this trade."""
    words = list(words)
    for _ in range(dice.randint(1, 3)):
        word = dice.choice(_STARTS) + dice.choice(_ENDS)
        if is_syllable(word):
            words[dice.randrange(len(words))] = word
    return words


def _hit_keys(dice: random.Random) -> list[str]:
    pool = dice.choice(("asdfghjkl", "qwertyuiop", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "hkjdsf"))
    return ["".join(dice.choice(pool) for _ in range(dice.randint(2, 9))) for _ in range(dice.randint(1, 3))]
