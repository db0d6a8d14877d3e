"""When a "done" is certain, and when a text asks. In doubt it is not and does: a false "done" is the worst mistake."""

from __future__ import annotations

import re
import unicodedata
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# "Ông Bắc xong rồi" and "xong ca này" are about somebody else; "thế là xong" may be said of a broken phone.
_DOUBTFUL = re.compile(
    r"\b(?:ong|ba|anh|chi|cu|co|chu) (?:bac|ba|minh|em|ong|nha|ay)\b|\bca (?:nay|do|ay|kia)\b|\b(?:the|vay) la xong$"
)
# Words that turn a meaning round.
DENIALS: Final = _words("khong chua chang cha dau dung nao gi sao")
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


_HEDGED = re.compile(r"\b(?:chac(?! chan)|hinh nhu|co le|de xem|neu|hay la|tuy|khong biet|chua biet|co khi|may ra)\b")


def is_hedged(plain: str) -> bool:
    """Whether it is said with a "perhaps": then a yes or no is none."""
    return _HEDGED.search(plain) is not None


def asks(text: str, plain: str) -> bool:
    """Whether it is a question: by its words, or by the marks of the text as typed."""
    return any(map(_QUESTION.search, (unicodedata.normalize("NFC", text[-600:]).lower(), plain)))


def is_done(label: str) -> bool:
    """Whether a button with this label says that the step is done."""
    return _FINISHED.search(label) is not None and not DENIALS.intersection(label.split())


def is_certain(key: str, plain: str) -> bool:
    """Whether every word says "done" and none takes it back."""
    told = _FINISHED.search(key) is not None and not _DOUBTFUL.search(plain)
    return told and _HARMLESS.issuperset(_TOGETHER.sub("vao", key).split())
