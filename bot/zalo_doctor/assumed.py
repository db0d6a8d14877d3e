"""What Cầm Tay takes for granted about Zalo, and what to do where a bot shows otherwise: one table, no rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NOTHING_TO_CHANGE = "Không phải sửa gì: Cầm Tay hiểu cả cách này."
TELL_THE_MAKERS = "Gửi báo cáo này cho người viết phần mềm trước khi mời người dùng."


@dataclass(frozen=True, slots=True)
class Assumption:
    """`expected` are the findings that agree with the program; `advice` by finding, `otherwise` for any other."""

    key: str
    question: str
    expected: tuple[str, ...]
    advice: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = NOTHING_TO_CHANGE


_TEXT, _UNSUPPORTED = "message.text.received", "message.unsupported.received"

ASSUMED = (
    Assumption("account", "Loại bot", ("BASIC",)),
    Assumption("groups", "Bot vào được nhóm", ("không", "có")),
    Assumption("status", "Mã HTTP khi Zalo nói không", ("200",)),
    Assumption("idle", "Hỏi mà không có tin thì đáp", ("ok=false, mã 408",)),
    Assumption("idle_wait", "Hỏi với timeout 5 thì đợi", ("đủ thời gian",), otherwise=TELL_THE_MAKERS),
    Assumption("poll", "Mỗi lần hỏi được", ("một tin",)),
    Assumption("kind_text", "Tin chữ đến là", (_TEXT,), otherwise=TELL_THE_MAKERS),
    Assumption("kind_photo", "Ảnh đến là", ("message.image.received",), otherwise=TELL_THE_MAKERS),
    Assumption("photo_key", "Địa chỉ ảnh nằm ở", ("photo_url",), {"không thấy": TELL_THE_MAKERS}),
    Assumption("kind_voice", "Tin thoại đến là", ("message.voice.received",), otherwise=TELL_THE_MAKERS),
    Assumption("kind_sticker", "Nhãn dán đến là", ("message.sticker.received",)),
    Assumption("kind_link", "Đường link đến là", (_TEXT, _UNSUPPORTED)),
    Assumption("kind_location", "Vị trí đến là", (_UNSUPPORTED,)),
    Assumption(
        "buffer",
        "Tin nhắn lúc máy không nghe thì",
        ("mất",),
        {
            "mất": "Khi chạy thật, đặt UPDATES=webhook trong .env; dặn mọi người không thấy trả lời thì nhắn lại.",
            "còn": "Tốt hơn ta nghĩ: tắt máy vài phút với UPDATES=polling không mất tin.",
            "còn một phần": "Khi chạy thật, đặt UPDATES=webhook trong .env.",
        },
    ),
    Assumption("length", "2.000 chữ được đếm bằng", ("đơn vị UTF-16", "ký tự"), otherwise=TELL_THE_MAKERS),
    Assumption(
        "photo",
        "Hình của bài gửi đi thì",
        ("hiện",),
        otherwise="Xem PUBLIC_URL trong .env: từ ngoài có mở được hình ấy không? Không thì người dùng chỉ có lời.",
    ),
    Assumption(
        "large",
        "Chữ to thì",
        ("to hơn",),
        {"to hơn": "Muốn gửi chữ to cho mọi người: large_text: true ở mục zalo_bot trong guides/commune.yaml."},
        otherwise="Giữ large_text: false ở mục zalo_bot trong guides/commune.yaml.",
    ),
    Assumption("blocked_code", "Gửi cho người đã chặn bot thì", ("mã 400", "mã 403")),
    Assumption("blocked", "Cầm Tay hiểu lời ấy là", ("ngừng gửi cho người ấy",), otherwise=TELL_THE_MAKERS),
    Assumption(
        "trial",
        "Zalo gọi thử webhook thì",
        ("webhook.ok",),
        otherwise="Xem bảng webhook trong docs/zalo.md; sửa PUBLIC_URL, máy trung gian hoặc chứng chỉ rồi khám lại.",
    ),
    Assumption("shape", "Thân webhook", ("phẳng",)),
    Assumption("retries", "Webhook đáp lỗi 500 thì Zalo", ("không gửi lại",)),
    Assumption(
        "elder",
        "Lời bác cao tuổi nhắn",
        ("đến được",),
        otherwise="Zalo che lời của người như bác ấy: giúp qua điện thoại, trang web hoặc Telegram.",
    ),
)
