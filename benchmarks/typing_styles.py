"""How a sentence with tone marks is typed: none, raw Telex or VNI, teencode, slips, local sounds, capitals, NFD.

Written apart from the slips that teach the reader, so that what is measured is not what was taught.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

_TONES: Final = {"\u0301": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0323": 4}
_SHAPES: Final = {"\u0302": ("", "6"), "\u031b": ("w", "7"), "\u0306": ("w", "8")}


def plain(text: str, dice: random.Random) -> str:
    return text


def bare(text: str, dice: random.Random) -> str:
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _keyed(text: str, tones: str, vni: bool, dice: random.Random) -> str:
    at_end = dice.random() < 0.6
    return " ".join(_keyed_word(word, tones, vni, at_end) for word in text.split(" "))


def _keyed_word(word: str, tones: str, vni: bool, at_end: bool) -> str:
    keys = tone = base = ""
    for letter in unicodedata.normalize("NFD", word.replace("đ", "d9" if vni else "dd")):
        if letter in _TONES:
            tone = tones[_TONES[letter]]
            keys += "" if at_end else tone
        elif letter in _SHAPES:
            keys += _SHAPES[letter][vni] or base
        else:
            keys += (base := letter)
    cut = len(keys.rstrip(".,?!"))
    return keys[:cut] + tone + keys[cut:] if at_end else keys


def telex(text: str, dice: random.Random) -> str:
    return _keyed(text, "sfrxj", False, dice)


def vni(text: str, dice: random.Random) -> str:
    return _keyed(text, "12345", True, dice)


_TEEN: Final = {
    "không": ("k", "ko", "kg", "hok", "hong", "hem"), "được": ("đc", "dc", "đk"), "rồi": ("r", "rùi", "rồi"),
    "gì": ("j", "gì", "zì"), "vậy": ("z", "v", "vậy"), "với": ("vs", "với"), "làm": ("lm", "làm"),
    "biết": ("bt", "bít"),
    "người": ("ng", "ngừi"), "mật khẩu": ("mk", "pass"), "điện thoại": ("đt", "dt"), "tài khoản": ("tk",),
    "thông tin": ("ttin", "tt"), "đảng viên": ("đv",), "chi bộ": ("cb", "chi bộ"), "căn cước": ("cc", "cccd"),
    "sổ tay": ("stđv", "sotay", "stay"), "nghị quyết": ("nq",), "số điện thoại": ("sđt", "sdt"),
    "thế nào": ("tn", "ntn"),
    "bao giờ": ("bh", "bgio"), "tài liệu": ("tl",), "trước": ("trc",), "nhiều": ("nhìu",),
    "đăng nhập": ("đn", "đăng nhập"),
    "báo cáo": ("bc",), "ứng dụng": ("app", "áp"), "cảm ơn": ("camon", "tks"), "mình": ("mik", "mình"),
    "quá": ("wá", "quá"),
    "thôi": ("thui",), "bây giờ": ("bh",), "hôm nay": ("hnay", "nay"), "bước": ("bc", "bước"), "đồng chí": ("đ/c",),
}  # fmt: skip


def teencode(text: str, dice: random.Random) -> str:
    text = f" {text} "
    for long, short in _TEEN.items():
        if dice.random() < 0.8:
            text = text.replace(f" {long} ", f" {dice.choice(short)} ")
    return bare(text.strip(), dice) if dice.random() < 0.3 else text.strip()


def slip(text: str, dice: random.Random) -> str:
    """One wrong letter, and some marks left out."""
    words = text.split(" ")
    words = [bare(word, dice) if dice.random() < 0.3 else word for word in words]
    long = [at for at, word in enumerate(words) if len(word) > 2]
    if long:
        at = dice.choice(long)
        word = words[at]
        place = dice.randrange(1, len(word))
        words[at] = dice.choice((
            word[:place] + word[place + 1 :],
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
            word[:place] + dice.choice("abdehiklmnoqrtuvy") + word[place + 1 :],
        ))  # fmt: skip
    return " ".join(words)


_LOCAL: Final = (
    ("l", "n"),
    ("n", "l"),
    ("tr", "ch"),
    ("ch", "tr"),
    ("s", "x"),
    ("x", "s"),
    ("r", "d"),
    ("d", "gi"),
    ("gi", "d"),
)


def local(text: str, dice: random.Random) -> str:
    chosen = dict(dice.sample(_LOCAL, 4))
    return " ".join(_local_word(word, chosen) for word in text.split(" "))


def _local_word(word: str, chosen: Mapping[str, str]) -> str:
    for heard, as_if in chosen.items():
        if word.startswith(heard) and not word.startswith(("ng", "nh")) and word[len(heard) : len(heard) + 1] != "h":
            return as_if + word[len(heard) :]
    return word


def capitals(text: str, dice: random.Random) -> str:
    return (text if dice.random() < 0.5 else bare(text, dice)).upper()


def decomposed(text: str, dice: random.Random) -> str:
    return unicodedata.normalize("NFD", text)


def polite(text: str, dice: random.Random) -> str:
    before = dice.choice(("cháu ơi ", "cho bác hỏi ", "alo cháu ", "bác hỏi tí ", "chào cháu ", "em ơi ", "ờ cháu ơi "))
    after = dice.choice(("", " cháu ạ", " nhé", " với", " ạ"))
    return bare(before + text + after, dice) if dice.random() < 0.5 else before + text + after


STYLES: Final[Mapping[str, Callable[[str, random.Random], str]]] = {
    "plain": plain, "no marks": bare, "telex": telex, "vni": vni, "teencode": teencode, "slip": slip, "local": local,
    "capitals": capitals, "decomposed": decomposed, "polite": polite,
}  # fmt: skip
