"""What the columns of a roster hold, told by their headers, however an office spells and stacks them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from bot.core.vietnamese import fold

_PHRASES: Final[dict[str, tuple[str, ...]]] = {
    "name": (
        "ho va ten", "ho ten", "ho va ten dang vien", "ho ten dang vien", "ten dang vien", "ho va ten khai sinh",
        "ho ten khai sinh", "ho chu dem va ten", "ho va ten dong chi", "dang vien", "ho va ten dv", "ho ten dv",
        "hoten", "ho ten day du", "ho ten cua dang vien",
    ),
    "family": ("ho dem", "ho va ten dem", "ho ten dem", "ho va chu dem", "ho", "ho lot", "ho va dem", "ho chu dem"),
    "given": ("ten",),
    "unit": (
        "thon", "thon kp", "thon khoi pho", "thon khoi", "don vi", "khoi", "kp", "khoi pho", "ten thon", "khu dan cu",
        "to dan pho", "thon to dan pho", "thon don vi", "don vi thon", "thon xom", "thon ban", "ten don vi", "tdp",
        "thon khu pho", "thon khoi pho don vi", "thon kp don vi", "thon khoi pho co quan", "co quan don vi", "kdc",
    ),
    "cell": (
        "chi bo", "ten chi bo", "chi bo sinh hoat", "sinh hoat tai chi bo", "chi bo dang sinh hoat", "to chuc dang",
        "noi sinh hoat", "noi sinh hoat dang", "sinh hoat dang tai", "dang sinh hoat tai chi bo", "cb", "thuoc chi bo",
    ),
    "kind": (
        "du bi chinh thuc", "chinh thuc du bi", "loai dang vien", "loai", "tinh trang dang vien", "dien dang vien",
        "tinh trang", "trang thai", "ct db", "db ct", "dang vien chinh thuc du bi", "loai dv", "dien dv",
    ),
    "official": ("chinh thuc", "dang vien chinh thuc", "dv chinh thuc", "dvct", "ct"),
    "probationary": ("du bi", "dang vien du bi", "dv du bi", "dvdb", "db"),
    "exempt": (
        "mien sh", "mien sinh hoat", "mien cong tac sinh hoat", "mien ct sh", "duoc mien", "mien", "mien sh dang",
        "mien sinh hoat dang", "mien cong tac sinh hoat dang", "dien mien", "dv mien sinh hoat", "mien ctsh",
        "mien cong tac", "dang vien mien sinh hoat", "dang vien duoc mien",
    ),
    "phone": (
        "sdt", "so dien thoai", "dien thoai", "dt", "so dt", "di dong", "so di dong", "dien thoai di dong", "mobile",
        "so dien thoai lien he", "dien thoai lien he", "so dien thoai di dong", "tel", "d thoai", "so d thoai",
    ),
    "code": ("ma", "ma so", "ma nguoi", "ma dv", "ma dang vien", "ma cam tay"),
    "note": ("ghi chu", "gc", "chu thich", "luu y"),
    "order": ("stt", "tt", "so tt", "so thu tu"),
}  # fmt: skip

# Not kept, whatever the commune would like (domain fact 6.3). The first that fits names the column.
_PRIVATE: Final = tuple(
    (name, re.compile(rf"\b(?:{words})\b"))
    for name, words in (
        ("identity", "cccd|cmnd|cmt|cmtnd|can cuoc|dinh danh|chung minh|giay to|ho chieu|so dd ?cn|ma so thue|bhyt"
                     "|bhxh"),
        ("joined", "(?:ngay|thang|nam|thoi gian|thoi diem|qd|quyet dinh).* (?:vao dang|ket nap|chinh thuc|vd|ct)"
                   "|vao dang|ket nap|tuoi dang|huy hieu|ngay ct"),
        ("card", "so the|the dang|the dv|the dang vien|so ly lich|so llyl|so ho so|so sll|so hieu"),
        ("birth", "ngay sinh|nam sinh|sinh ngay|sinh nam|thang nam sinh|tuoi|ngay thang nam|ntns|nam\\s?sinh|sn"),
        ("address", "dia chi|que quan|nguyen quan|thuong tru|tam tru|noi o|cho o|noi sinh(?! hoat)|cu tru|ho khau"
                    "|so nha|que|khai sinh(?<!ten khai sinh)|tru quan"),
        ("ethnicity", "dan toc"),
        ("religion", "ton giao"),
        ("sex", "gioi tinh|^(?:nam nu|nam|nu|gt|phai)$"),
        ("health", "suc khoe|benh|khuyet tat|thuong binh"),
        ("bank", "tai khoan|ngan hang|stk"),
    )
)  # fmt: skip
_EXACT: Final = {phrase: field for field, phrases in _PHRASES.items() for phrase in phrases}
_BY_FIRST: Final = ("kind", "official", "probationary", "exempt")
_SLIP: Final = 87
_LONGEST: Final = 60


@lru_cache(maxsize=2048)
def field(*stacked: str) -> str:
    """What a column holds: a field of ours, `private:<what>`, `?` for something else, "" for no header at all.

    `stacked` are the texts above it, the topmost first: "Ngày vào Đảng", "Chính thức" is a date, not a kind.
    """
    texts = [folded for folded in map(fold, stacked) if folded]
    if not texts:
        return ""
    whole = " ".join(dict.fromkeys(texts))
    if private := _private(whole):
        return f"private:{private}"
    for said in (whole, *reversed(texts)):
        if found := _EXACT.get(said) or _EXACT.get(re.sub(r"\bx$|\bdau x\b|\bdanh dau\b", "", said).strip()):
            return found
    return _nearly(whole) or _nearly(texts[-1]) or "?"


def _private(said: str) -> str:
    return next((name for name, words in _PRIVATE if words.search(said)), "")


def _nearly(said: str) -> str:
    """A field whose header was mistyped, or written out at length."""
    if not 4 < len(said) <= _LONGEST:
        return ""
    if re.match(r"ho (?:va )?ten\b", said) and len(said) < 40:
        return "name"
    scored = ((fuzz.ratio(said, phrase), found) for phrase, found in _EXACT.items() if len(phrase) > 4)
    score, best = max(scored)
    return best if score >= _SLIP else ""


def columns(stacks: Sequence[Sequence[str]]) -> dict[str, int]:
    """Field → column, the first column of each. A lone "Tên" is the name; "Họ" and "Tên" are its two parts."""
    found: dict[str, int] = {}
    for column, stack in enumerate(stacks):
        found.setdefault(field(*stack), column)
    found.pop("", None)
    if "family" in found and "given" not in found and "name" not in found:
        found["given"] = found["family"] + 1  # "Họ và tên" over two cells, the second without a header
    if "given" in found and "family" not in found:
        found.setdefault("name", found["given"])
    return found


def is_named(found: dict[str, int]) -> bool:
    """Whether these columns hold people's names."""
    return "name" in found or {"family", "given"} <= found.keys()
