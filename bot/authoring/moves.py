"""What people do besides choosing: silence, nonsense, stickers, old buttons, words for help, a secret by mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.core.messages import Kind

PAUSE = timedelta(minutes=1)
DAYS_LATER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing a person does, and what must be true of it.

    back: leads exactly one step back. stays: must not lead elsewhere (unless a question is waiting for words).
    calls_help: leads to a person. secret: may not be said again or kept. answers: only where a question is open.
    by_place: what is offered makes no difference to it.
    """

    says: str
    kind: Kind
    text: str = ""
    after: timedelta = PAUSE
    back: bool = False
    stays: bool = False
    calls_help: bool = False
    secret: str = ""
    answers: bool = False
    by_place: bool = False


FREE = (
    Move("gõ linh tinh", Kind.TEXT, "qzx blub wok", stays=True),
    Move("im ba ngày rồi chào", Kind.TEXT, "chau oi", after=DAYS_LATER, by_place=True),
    Move("gửi nhãn dán", Kind.STICKER, stays=True, by_place=True),
    Move("gửi giọng nói", Kind.VOICE, calls_help=True, by_place=True),
    Move("gửi ảnh", Kind.PHOTO, stays=True, by_place=True),
    Move("bấm nút cũ", Kind.TAP, "guide:done:bai-cu:XX-1", stays=True, by_place=True),
    Move("gõ “quay lai”", Kind.TEXT, "quay lai", back=True),
    Move("gõ “giup”", Kind.TEXT, "giup", calls_help=True),
    Move("gõ “0”", Kind.TEXT, "0", stays=True),
    Move("gõ mật khẩu", Kind.TEXT, "mật khẩu của bác là Hoa@1955xyz", stays=True, secret="Hoa@1955xyz", by_place=True),
    Move("hỏi một câu", Kind.TEXT, "cai nay co mat tien khong chau", by_place=True),
    Move("gõ tên thôn", Kind.TEXT, "Nà Pán", answers=True),
    Move("gõ họ tên", Kind.TEXT, "Nguyễn Văn Bình", answers=True),
    Move("gõ số điện thoại", Kind.TEXT, "0912 345 678", answers=True),
)
