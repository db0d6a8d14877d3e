"""Phrases that are certain by themselves: words of danger, and answers that mean something only when they stand alone.

`a|b` are phrases, `x/y` other words in the same place, "_" joins two words into one, `*` is a gap of up to three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from bot.core.vietnamese import fold, without_fillers

_DANGER: Final = (
    "apk|link lạ|nó/ai/họ/người/đứa/số * gửi/nhắn * link|bấm/ấn/mở * link|tin_nhắn * link|người lạ|"
    "số lạ * gọi/nhắn|có nên đọc|đọc mã cho/rồi|đọc/đưa/cho/gửi * mã * cho/rồi|"
    "bảo/đòi/yêu_cầu/bắt * đọc/đưa/gửi/chuyển/nộp mã/tiền/khoản/phí/otp|đòi/bắt * tiền/phí/mã/mật_khẩu|"
    "dọa khóa|gọi/nhắn * khóa sổ_tay/tài_khoản/máy|gọi để khóa|sắp khóa|công_an * gọi|xưng là|"
    "xưng * công_an/cán_bộ|tự xưng|lừa đảo|bị/nó/sợ lừa|kẻ gian/xấu|bị mất/trừ tiền|trừ tiền|"
    "lỡ bấm/đọc/đưa/khai/cho/gửi/cung_cấp/chuyển/cài|bị hack|bị chiếm|trúng thưởng|cho chúng_nó|"
    "ngân_hàng gọi|hỏi/xin * mã otp/xác_nhận|hỏi/xin * số thẻ|gọi * đọc mã|gọi * bảo cập_nhật|gửi * tệp|"
    "cài ứng_dụng/phần_mềm lạ"
)
_WHOLE: Final[Mapping[str, str]] = {
    "yes": "vâng|dạ|dạ vâng|ừ|ừm|ừ/vâng/dạ đúng/được/có|đồng ý|đúng|đúng rồi/vậy/thế/đấy|phải|phải rồi|có|"
    "có chứ|nhất trí|đồng tình|được đồng_ý/đồng_tình|vâng đồng_ý|chuẩn|chuẩn rồi|cho phép|chính xác|"
    "tất nhiên|yes",
    "no": "không|không/chưa cần/muốn/phải/thích/có|không đồng_ý|thôi|thôi không/khỏi|khỏi|không đâu|"
    "không cần đâu|đừng|chưa|không cần cái_ấy|không cần cái_ấy đâu|thôi không cần|no|sai|không đúng",
    "later": "bận rồi/lắm/quá|đang bận|mệt rồi/quá/lắm",
    "stop_nudges": "thôi/đừng/ngừng/khỏi nhắc|thôi/đừng/ngừng/khỏi nhắc nữa/bài|không nhắc nữa|không cần nhắc|"
    "không cần nhắc nữa/bài",
    "allow_nudges": "cứ/bật nhắc|cứ nhắc đi/tiếp|nhắc tiếp|nhắc như_cũ|nhắc lại như_cũ",
    "greeting": "chúc/chào buổi sáng/trưa/chiều/tối/đêm|buổi sáng/chiều/tối/đêm tốt_lành|có ai không|"
    "có ai đó/ở_đấy không|ê|ới",
}  # fmt: skip

_CALLED: Final = "chau|bac|em|co|chu|anh|chi|ban|dong chi|cac|shop|tro ly|bot|a|nhe|oi|alo"
_GREETING = re.compile(rf"(?:xin )?(?:chao|alo|hello|hi)(?: (?:{_CALLED}))*")
# Asking whether the bot or the app itself is honest is a question, not an emergency.
_TRUST = re.compile(r"\b(?:co|phai) (?:phai )?(?:la )?lua(?: dao)? (?:khong|dau)\b|\bco phai (?:la )?lua\b")


def tells_of_danger(key: str, plain: str) -> bool:
    """A link, an APK, a code or money asked for, an account to be locked."""
    return _SCAM.search(key) is not None and _TRUST.search(plain) is None


def whole_meaning(key: str, plain: str) -> str | None:
    """Yes, no, hello, later or no more reminders, where nothing else is said."""
    if _GREETING.fullmatch(plain):
        return "greeting"
    return _EXACT.get(plain) or _EXACT.get(without_fillers(plain)) or _EXACT.get(key)


def _spelt(table: str) -> Iterator[str]:
    for phrase in table.split("|"):
        yield from (fold(" ".join(said)) for said in product(*(word.split("/") for word in phrase.split())))


def _pattern(table: str) -> re.Pattern[str]:
    longest_first = sorted(table.split("|"), key=len, reverse=True)
    pieces = (" ".join(map(_place, phrase.split())) for phrase in longest_first)
    return re.compile(rf"\b(?:{'|'.join(pieces)})\b".replace(" * ", r"(?: \w+){0,3}? "))


def _place(word: str) -> str:
    return word if word == "*" else f"(?:{'|'.join(map(fold, word.split('/')))})"


_SCAM: Final = _pattern(_DANGER)
_EXACT: Final = {said: intent for intent, table in _WHOLE.items() for said in _spelt(table)}
