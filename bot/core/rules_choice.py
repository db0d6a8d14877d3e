"""Rules about what one can tap: few, short, verb first, and never alike once the tone marks are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.core.forms import FORMS
from bot.core.guide import Commune
from bot.core.rules import Case, CaseRule, Finding, Path, Source, at, filled, rule
from bot.core.vietnamese import fold

TOO_MANY = rule("G30-nhieu-nut", "error", "Nhiều nhất 3 nút riêng ở một bước.")
TOO_LONG = rule("G31-nut-dai", "error", "Chữ trên nút nhiều nhất 20 ký tự.")
ALIKE = rule("G32-nut-giong-nhau", "error", "Bỏ dấu đi, các nút vẫn phải khác nhau.")
FIRST_WORD = rule("G33-nut-trung-chu-dau", "error", "Chữ đầu của các nút phải khác nhau.")
VERB = rule("G34-nut-khong-dong-tu", "warning", "Nút bắt đầu bằng một việc làm: Xem, Làm, Gọi…")
CONSTANT = rule("G35-nut-co-dinh", "error", "Không đặt lại hai nút luôn có: “Quay lại”, “Nhờ người giúp”.")
NUMBERED = rule("G36-nut-bat-dau-bang-so", "error", "Nút không bắt đầu bằng số: số là để gõ chọn.")
SAME_BUTTON = rule("G37-bai-trung-ten", "error", "Tên các bài trong danh sách phải khác nhau khi bỏ dấu.")

MAX_CHOICES = 3
MAX_LABEL = 20

# Everything a button of ours may begin with; a closed list, so that it is easy to read and to extend.
_VERBS = (
    "bắt báo bật bấm bị bỏ cài cắm cần cập chạm chạy cho chọn chưa chờ có dùng dừng đã đăng đặt đến "
    "đi điền đọc đổi đồng đúng đợi để ghi giúp giữ gõ gặp gọi gửi hẹn hiện học hỏi hủy in kể kéo kiểm không "
    "lật làm lấy lên lưu mang mất máy mở muốn nghe nghỉ nhắc nhắn nhập nhận nhìn nhờ nối quay quên "
    "ra rút sai sang sạc sửa tạm tải tắt thấy thêm theo thôi thử tiếp tìm tới từ vào vẫn về viết xem "
    "xin xóa xong "
)
_BEGINNINGS = frozenset(fold(_VERBS).split())
_NAMES = frozenset({"android", "iphone"} | {fold(form.bac) for form in FORMS.values()})


def menu(labels: Sequence[str], source: Source, path: Path, commune: Commune) -> Iterator[Finding]:
    """The choices offered together in one place, as they will be read."""
    read = [filled(label, commune) for label in labels]
    if len(read) > MAX_CHOICES:
        hint = "chia thành hai bước, hoặc gộp lại"
        yield at(source, path, TOO_MANY, f"có {len(read)} nút riêng", hint)
    for place, label in enumerate(read):
        yield from _label(label, source, (*path, place, "label"))
    yield from _together(read, source, path)


def _label(label: str, source: Source, path: Path) -> Iterator[Finding]:
    folded = fold(label)
    if len(label) > MAX_LABEL:
        yield at(source, path, TOO_LONG, f"nút “{label}” dài {len(label)} ký tự", "rút còn 20 ký tự")
    if folded in ("quay lai", "nho nguoi giup"):
        yield at(source, path, CONSTANT, f"nút “{label}” luôn có sẵn ở cuối", "bỏ nút này")
    if folded[:1].isdigit():
        yield at(source, path, NUMBERED, f"nút “{label}” bắt đầu bằng số", "bỏ số, bắt đầu bằng việc làm")
    elif folded and folded.split()[0] not in _BEGINNINGS and folded not in _NAMES:
        yield at(source, path, VERB, f"nút “{label}” chưa bắt đầu bằng việc làm", "bắt đầu bằng Xem, Làm, Gọi, Có…")


def _together(labels: Sequence[str], source: Source, path: Path) -> Iterator[Finding]:
    folded = [fold(label) for label in labels]
    for label, _ in _more_than_once(folded):
        yield at(source, path, ALIKE, f"hai nút cùng là “{label}” khi bỏ dấu", "đổi chữ một nút")
    for word, count in _more_than_once([label.split()[0] for label in set(folded) if label]):
        yield at(source, path, FIRST_WORD, f"{count} nút bắt đầu bằng “{word}”", "đổi chữ đầu của một nút")


def _more_than_once(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    return ((word, count) for word, count in Counter(words).items() if word and count > 1)


def choices(case: Case) -> Iterator[Finding]:
    for path, options in case.menus():
        yield from menu([option.label for option in options], case.source, path, case.library.commune)


def own_button(case: Case) -> Iterator[Finding]:
    """A lesson's button in the list carries its label, or its title."""
    guide = case.guide
    if guide.kind != "lesson" or not guide.order:
        return
    key = "label" if guide.label else "title"
    words = guide.label or guide.title
    if len(words) > MAX_LABEL:
        hint = "thêm mục label: tên ngắn nhiều nhất 20 ký tự"
        yield case.fault((key,), TOO_LONG, f"tên bài trên nút “{words}” dài {len(words)} ký tự", hint)
    for other in case.library.lessons():
        if other.slug < guide.slug and case.library.is_on(guide) and fold(other.label or other.title) == fold(words):
            hint = "đổi tên một bài"
            yield case.fault((key,), SAME_BUTTON, f"bài “{other.slug}” cũng tên là “{words}”", hint)


RULES: tuple[CaseRule, ...] = (choices, own_button)
