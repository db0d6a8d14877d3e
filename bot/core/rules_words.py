"""Rules about the words: short, plain, one thing at a time, and never asking for a secret.

They follow the checklist for older people: 14 words a sentence are understood by nine in ten, 43 by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.guide import Commune
from bot.core.rules import Finding, Text, TextRule, filled, rule, sentences, unquoted, word_count

SENTENCE = rule("G20-cau-dai", "error", "Mỗi câu nhiều nhất 25 chữ.")
TWO_ACTIONS = rule("G21-nhieu-viec", "error", "“do” có nhiều nhất 2 câu: mỗi bước một việc.")
THEN = rule("G22-viec-noi-roi", "warning", "“do” không nối hai việc bằng chữ “rồi”.")
SECRET = rule("G23-hoi-bi-mat", "error", "Không hỏi mật khẩu, mã xác nhận, giấy tờ.")
FOREIGN = rule("G24-tieng-nuoc-ngoai", "error", "Dùng chữ Việt thường ngày; chữ trên màn hình để trong ngoặc kép.")
YOU = rule("G25-goi-ban", "error", "Không gọi người cao tuổi là “bạn”.")
NEGATIVES = rule("G26-hai-lan-khong", "error", "Không có hai lần phủ định trong một ý.")
COLOUR = rule("G27-chi-bang-mau", "warning", "Không chỉ dẫn chỉ bằng màu.")
LINK = rule("G28-lien-ket", "error", "Liên kết phải nằm trong links_allowed của commune.yaml.")
SHORTENED = rule("G29-lien-ket-rut-gon", "error", "Không dùng liên kết rút gọn.")

MAX_WORDS = 25

PLAIN = {
    "account": "tài khoản", "app": "ứng dụng", "apps": "ứng dụng", "biometric": "vân tay, khuôn mặt",
    "button": "nút", "camera": "máy ảnh", "click": "bấm", "nhấp": "bấm", "code": "mã", "download": "tải về",
    "file": "tệp", "icon": "hình nhỏ", "install": "cài", "link": "đường dẫn", "login": "đăng nhập",
    "log in": "đăng nhập", "logout": "đăng xuất", "log out": "đăng xuất", "menu": "danh sách việc",
    "notification": "thông báo", "offline": "không có mạng", "ok": "được", "online": "trên mạng",
    "otp": "mã xác nhận gửi về điện thoại", "passcode": "mã 6 số", "password": "mật khẩu",
    "permission": "quyền", "popup": "khung hiện lên", "profile": "thông tin cá nhân", "reset": "đặt lại",
    "restart": "tắt rồi mở lại", "screenshot": "ảnh chụp màn hình", "scroll": "vuốt", "setting": "cài đặt",
    "settings": "cài đặt", "smartphone": "điện thoại thông minh", "swipe": "vuốt", "sync": "đồng bộ",
    "tap": "chạm", "update": "cập nhật", "user": "người dùng", "username": "tên tài khoản",
    "verify": "xác nhận",
}  # fmt: skip
_BRANDS = re.compile(r"app store|apple id|face id|touch id|ch play|play store|google play", re.IGNORECASE)
_FOREIGN = re.compile(r"\b(" + "|".join(sorted(PLAIN, key=len, reverse=True)) + r")\b", re.IGNORECASE)

_SECRET = (
    r"(mật khẩu|mã xác nhận|mã otp|\botp\b|mã 6 số|passcode|mã pin"
    r"|căn cước|cccd|số thẻ|thẻ đảng|số tài khoản)"
)
_ASKS = (
    re.compile(r"\b(gửi|(?<!tin )nhắn|chụp|cung cấp|chuyển)\b[^.;,!?:\n]{0,40}?" + _SECRET),
    re.compile(
        r"\b(đọc|nói|báo|đưa|cho)\b[^.;,!?:\n]{0,40}?" + _SECRET + r"[^.;,!?:\n]*\b(cho|với) (tôi|trợ lý|người)\b"
    ),
    re.compile(r"\bcho (tôi|người \w+ \w+) (biết|xem|xin|mượn)\b[^.;,!?:\n]{0,30}?" + _SECRET),
    re.compile(r"\b(gõ|nhập|viết)\b[^.;,!?:\n]{0,40}?" + _SECRET + r"[^.;,!?:\n]*\bvào (đây|khung chat|tin nhắn)\b"),
)
_REFUSED = re.compile(r"\b(không|đừng|chớ|cấm|chẳng|khỏi)\b")
_NOT_THE_PERSON = re.compile(r"\b(máy|hệ thống|ứng dụng|sổ tay|nút|bấm|chạm|tổng đài|nhà mạng|được|ô|mục)\s+(\w+\s+)?$")

_NEGATIVES = re.compile(
    r"\b(không|chưa|đừng|chẳng)\s+(?:(?!thì|mà|nếu|hoặc|hay|và|rồi)\w+\s+){0,2}?(không|chưa|chẳng)\b"
)
_COLOUR = re.compile(r"\b(nút|ô|hình|dấu|chấm|chữ|dòng)\s+(màu\s+)?(xanh|đỏ|vàng|cam|tím|hồng|xám|nâu)\b")
_SHAPE = re.compile(
    r"[\"“]|\b(tam giác|tròn|vuông|mũi tên|kính lúp|bánh răng|chữ|dấu cộng|ghi|có hình|quả táo|đám mây)\b"
)
_THEN = re.compile(r"\brồi\s+(bấm|chạm|gõ|vuốt|kéo|mở|chọn|đợi|nhập|tìm|bật|tắt|quay|đặt|nhờ|đưa)\b")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:vn|com|net|org|info|me|ly|io|app|gl|xyz|top|link|site)\b(?:/\S*)?",
    re.IGNORECASE,
)
_SHORTENERS = "bit.ly tinyurl.com goo.gl t.co is.gd cutt.ly ow.ly rebrand.ly s.id shorturl.at"
SHORTENERS = frozenset(_SHORTENERS.split())


def long_sentence(text: Text, commune: Commune) -> Iterator[Finding]:
    for sentence in sentences(filled(text.raw, commune)):
        count = word_count(sentence)
        if count > MAX_WORDS:
            yield text.fault(SENTENCE, f"câu có {count} chữ: “{sentence[:40]}…”", "cắt thành hai câu, mỗi câu một ý")


def two_actions(text: Text, commune: Commune) -> Iterator[Finding]:
    count = len(sentences(text.raw))
    if text.use == "do" and count > 2:
        yield text.fault(TWO_ACTIONS, f"“do” có {count} câu", "giữ một việc; tách phần còn lại thành bước sau")


def joined_actions(text: Text, commune: Commune) -> Iterator[Finding]:
    found = _THEN.search(unquoted(text.raw).lower())
    if text.use == "do" and found:
        yield text.fault(THEN, f"hai việc nối bằng “{found[0]}”", "tách thành hai bước nếu được")


def secret(text: Text, commune: Commune) -> Iterator[Finding]:
    said = unquoted(filled(text.raw, commune).lower())
    for pattern in _ASKS:
        for found in pattern.finditer(said):
            clause = re.split(r"[.;!?:\n]", said[: found.start()])[-1]
            if _REFUSED.search(clause + found[0]) or _NOT_THE_PERSON.search(said[: found.start()]):
                continue
            yield text.fault(
                SECRET, f"giống như đang xin điều bí mật: “{found[0]}”", "bỏ, hoặc nói rõ là đừng gửi cho ai"
            )
            return


def foreign(text: Text, commune: Commune) -> Iterator[Finding]:
    said = _ADDRESS.sub(" ", _BRANDS.sub(" ", unquoted(filled(text.raw, commune))))
    for word in sorted({found.lower() for found in _FOREIGN.findall(said)}):
        yield text.fault(
            FOREIGN,
            f"từ “{word}” khó hiểu",
            f"viết “{PLAIN[word]}”, hoặc để trong ngoặc kép nếu màn hình ghi vậy",
        )


def you(text: Text, commune: Commune) -> Iterator[Finding]:
    if re.search(r"\bbạn\b(?! bè)", unquoted(text.raw).lower()):
        yield text.fault(YOU, "gọi người đọc là “bạn”", "viết {bac}")


def double_negative(text: Text, commune: Commune) -> Iterator[Finding]:
    for sentence in sentences(unquoted(filled(text.raw, commune)).lower()):
        for found in _NEGATIVES.finditer(sentence):
            if not sentence[found.end() :].lstrip(" ạ").startswith("?"):
                yield text.fault(NEGATIVES, f"hai lần phủ định: “{found[0]}”", "nói thẳng điều nên làm")


def colour_only(text: Text, commune: Commune) -> Iterator[Finding]:
    for sentence in sentences(filled(text.raw, commune).lower()):
        found = _COLOUR.search(sentence)
        if found and not _SHAPE.search(sentence.replace(found[0], "")):
            yield text.fault(COLOUR, f"chỉ nói màu: “{found[0]}”", "thêm hình dáng, chữ ghi trên đó hoặc vị trí")


def links(text: Text, commune: Commune) -> Iterator[Finding]:
    for found in _ADDRESS.finditer(filled(text.raw, commune)):
        host = host_of(found[0])
        if host in SHORTENERS:
            yield text.fault(SHORTENED, f"“{found[0]}” là liên kết rút gọn", "viết địa chỉ đầy đủ, hoặc bỏ")
        elif not allowed(host, commune):
            yield text.fault(
                LINK, f"“{host}” chưa được phép", "bỏ, hoặc nhờ xã thêm vào links_allowed trong commune.yaml"
            )


def host_of(address: str) -> str:
    return re.sub(r"^https?://", "", address.lower()).split("/")[0].rstrip(".,)").removeprefix("www.")


def allowed(host: str, commune: Commune) -> bool:
    """The host itself or one under it: `dcs.vn` also allows `sotaydangvien.dcs.vn`."""
    hosts = [host_of(address) for address in commune.links_allowed]
    return any(host == known or host.endswith("." + known) for known in hosts)


RULES: tuple[TextRule, ...] = (
    long_sentence,
    two_actions,
    joined_actions,
    secret,
    foreign,
    you,
    double_negative,
    colour_only,
    links,
)
