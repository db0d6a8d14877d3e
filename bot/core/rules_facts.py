"""Rules about what is true here: local facts, how sure we are, what is recorded, pictures and voices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

from bot.core.forms import FORMS
from bot.core.guide import Commune, Library, Milestone, Step
from bot.core.rules import (
    VARIABLE,
    Case,
    CaseRule,
    Finding,
    Path,
    Source,
    at,
    filled,
    rule,
    sentences,
    word_count,
)

NO_STAND_IN = rule("G60-thieu-loi-thay", "error", "Bước dùng từ xã chưa điền phải có until_confirmed.")
LEFT_OPEN = rule("G61-tu-chua-dien", "error", "Chỗ không có lời thay thì không dùng từ xã chưa điền.")
NOT_FILLED = rule("G62-xa-chua-dien", "warning", "Xã nên điền đủ các từ trong commune.yaml.")
UNSURE = rule("G63-chua-xac-nhan", "warning", "Bước unconfirmed nên có until_confirmed hoặc lời báo “có thể khác”.")
MESSAGE = rule("G64-tin-dai", "error", "Mỗi tin nhiều nhất 40 chữ.")
MILESTONE = rule("G65-moc-khong-ghi", "warning", "Mỗi mốc tiến độ phải có một bước ghi lại.")
REASON = rule("G66-ly-do-la", "error", "Mã lý do phải có trong danh sách của xã.")
FACT = rule("G67-ma-nguon", "error", "Mã nguồn trong facts đúng mẫu: A15, R3, 6.3, LOCAL.")
WHEN = rule("G68-when-la", "error", "when chỉ hỏi điều có trong commune.yaml.")
WHEN_VALUE = rule("G69-when-khong-the", "error", "Giá trị trong when phải là giá trị có thể có.")
NO_FILE = rule("G70-thieu-tep", "error", "Hình và tiếng được nhắc tới phải có tệp bên cạnh.")
TOO_BIG = rule("G71-tep-lon", "error", "Hình nhiều nhất 1 MB, tiếng nhiều nhất 1 MB.")
NO_ALT = rule("G72-hinh-khong-loi", "error", "Hình phải có image_alt nói hình vẽ gì.")
NO_TALK = rule("G73-thieu-hoi-thoai", "warning", "Mỗi bài nên có talk.yaml: đoạn nói chuyện mẫu.")
NOT_TRIED = rule("G74-chua-thu", "warning", "Bài nên được thử với 8 người trên 65 tuổi; ghi ngày thử.")
TRIED_WHEN = rule("G75-ngay-thu", "error", "tried_with_elders là một ngày: 2026-11-24.")
AUDIENCE = rule("G76-vai-la", "error", "audience là các vai có thật.")
ADDRESS = rule("G77-xung-ho-la", "error", "address_by_default là một cách xưng hô có thật.")
CLOCK = rule("G78-gio-sai", "error", "Giờ viết như 11:30.")
UNUSED_WORD = rule("G79-tu-thua", "warning", "Từ trong commune.yaml nên có bài dùng.")

MAX_MESSAGE = 40
MAX_BYTES = 1_000_000
ROLES = frozenset(("member", "helper", "coordinator", "secretary", "office", "party", "leader", "admin"))
REASONS = frozenset(
    (
        "KHONG_SMARTPHONE",
        "MAY_KHONG_PHU_HOP",
        "LOI_TAI_KHOAN",
        "LOI_MANG",
        "CAO_TUOI_SUC_YEU",
        "VANG",
        "TU_CHOI",
        "MIEN_SINH_HOAT",
    )
)
FACT_ID = re.compile(r"[A-Z]\d{1,2}|\d{1,2}(\.\d{1,2})*|LOCAL")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_HONEST = ("có thể", "chưa chắc", "tờ hướng dẫn", "khác", "nếu có", "tùy", "người hỗ trợ", "thường")


def local_words(case: Case) -> Iterator[Finding]:
    """A step has its stand-in; a label, a repair or a title has none, and would show a hole."""
    open_words = unfilled(case.library.commune)
    stand_ins = {path: step.until_confirmed for path, step in case.steps()}
    for text in case.texts():
        missing = sorted(open_words & set(VARIABLE.findall(text.raw)))
        if not missing:
            continue
        names = ", ".join(missing)
        if text.use in ("do", "see"):
            if not stand_ins[text.path[:2]].strip():
                hint = "thêm until_confirmed: lời nói thật khi xã chưa điền"
                yield text.fault(NO_STAND_IN, f"xã chưa điền {names} và bước này chưa có lời thay", hint)
        elif text.use != "alt":
            yield text.fault(LEFT_OPEN, f"xã chưa điền {names}; chỗ này sẽ hiện trống", "viết câu không cần từ đó")


def unfilled(commune: Commune) -> set[str]:
    return {name for name, value in commune.words.items() if not value}


def certainty(case: Case) -> Iterator[Finding]:
    """A guide with `when` is only on once the commune has said so, so its steps may speak plainly."""
    for path, step in case.steps():
        said = filled(f"{step.do} {step.see}", case.library.commune).lower()
        honest = step.until_confirmed or any(word in said for word in _HONEST)
        if step.certainty == "unconfirmed" and not honest and not case.guide.when:
            hint = "thêm until_confirmed, hoặc chữ “có thể”"
            yield case.fault(path, UNSURE, f"bước {step.id} chưa ai xác nhận mà nói chắc", hint)


def message_length(case: Case) -> Iterator[Finding]:
    for path, step in case.steps():
        yield from _length(case, (*path, "do"), f"{step.do} {step.see}")
        for place, repair in enumerate(step.stuck):
            yield from _length(case, (*path, "stuck", place), repair.say or "")
        yield from _length(case, (*path, "until_confirmed"), step.until_confirmed)
    yield from _length(case, ("end", "say"), case.guide.end.say)


def _length(case: Case, path: Path, raw: str) -> Iterator[Finding]:
    count = sum(word_count(sentence) for sentence in sentences(filled(raw, case.library.commune)))
    if count > MAX_MESSAGE:
        yield case.fault(
            path, MESSAGE, f"tin này có {count} chữ", f"bớt còn {MAX_MESSAGE} chữ, hoặc tách thành hai bước"
        )


def recorded(case: Case) -> Iterator[Finding]:
    for path, step in case.steps():
        if step.reason and step.reason not in REASONS:
            hint = f"chọn một trong: {', '.join(sorted(REASONS))}"
            yield case.fault((*path, "reason"), REASON, f"không có lý do “{step.reason}”", hint)
        for place, fact in enumerate(step.facts):
            if not FACT_ID.fullmatch(fact):
                hint = "mã như A15, R3, 6.3 hoặc LOCAL"
                yield case.fault((*path, "facts", place), FACT, f"“{fact}” không phải mã nguồn", hint)


def conditions(case: Case) -> Iterator[Finding]:
    for name, value in case.guide.when.items():
        annotation = Commune.model_fields[name].annotation if name in Commune.model_fields else None
        if annotation is None:
            settings = "login_method, province, name"
            yield case.fault(("when", name), WHEN, f"commune.yaml không có “{name}”", f"dùng một trong: {settings}")
            continue
        possible = _values(annotation)
        if possible and value not in possible:
            hint = f"chọn một trong: {', '.join(possible)}"
            yield case.fault(("when", name), WHEN_VALUE, f"“{name}” không bao giờ là “{value}”", hint)


def _values(annotation: Any) -> list[str]:
    """The texts a `Literal[...] | None` allows; none when any text will do."""
    literals = [part for part in get_args(annotation) if get_args(part)]
    return [str(value) for part in literals for value in get_args(part)]


def media(case: Case) -> Iterator[Finding]:
    for path, step in case.steps():
        yield from _file(case, (*path, "image"), step.image)
        yield from _file(case, (*path, "voice"), step.voice)
        for place, repair in enumerate(step.stuck):
            yield from _file(case, (*path, "stuck", place, "image"), repair.image)
        if _pictured(step) and not step.image_alt.strip():
            hint = "thêm image_alt: một câu nói hình vẽ gì"
            yield case.fault((*path, "image"), NO_ALT, f"hình của bước {step.id} chưa có lời", hint)


def _pictured(step: Step) -> bool:
    return bool(step.image or any(repair.image for repair in step.stuck))


def _file(case: Case, path: Path, name: str | None) -> Iterator[Finding]:
    if name is None:
        return
    size = case.sizes.get(name)
    if size is None:
        yield case.fault(path, NO_FILE, f"không có tệp {name}", "để tệp cạnh guide.yaml, đúng từng chữ của tên")
    elif size > MAX_BYTES:
        yield case.fault(path, TOO_BIG, f"tệp {name} nặng {size / 1e6:.1f} MB", "thu nhỏ còn dưới 1 MB")


def readiness(case: Case) -> Iterator[Finding]:
    guide = case.guide
    if f"{guide.slug}/talk.yaml" not in case.sizes:
        yield case.fault((), NO_TALK, "chưa có talk.yaml", "viết một đoạn nói chuyện mẫu, như các bài khác")
    if not guide.tried_with_elders:
        if guide.kind == "lesson":
            hint = "thử với 8 người trên 65 tuổi, ghi tried_with_elders: ngày thử"
            yield case.fault(("title",), NOT_TRIED, "bài chưa thử với người cao tuổi", hint)
    elif not _is_date(guide.tried_with_elders):
        message = f"“{guide.tried_with_elders}” không phải ngày"
        yield case.fault(("tried_with_elders",), TRIED_WHEN, message, "viết như 2026-11-24")
    for role in set(guide.audience) - ROLES:
        yield case.fault(("audience",), AUDIENCE, f"không có vai “{role}”", f"chọn: {', '.join(sorted(ROLES))}")


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def commune_rules(library: Library, source: Source) -> Iterator[Finding]:
    """Everything about commune.yaml, and what the guides together must hold."""
    commune = library.commune
    used = _uses(library)
    for name, value in commune.words.items():
        if name not in used:
            hint = "bỏ đi, hoặc dùng trong một bài"
            yield at(source, ("words", name), UNUSED_WORD, f"chưa bài nào dùng {{{name}}}", hint)
        elif not value:
            message = f"{name} chưa điền; {used[name]} chỗ đang chờ"
            yield at(source, ("words", name), NOT_FILLED, message, "hỏi người phụ trách rồi điền vào đây")
    if commune.login_method is None:
        hint = "xã xác nhận cách đăng nhập rồi điền vneid, password hoặc otp_phone"
        yield at(source, ("login_method",), NOT_FILLED, "chưa biết đăng nhập bằng cách nào", hint)
    if commune.address_by_default not in FORMS:
        message = f"không có cách gọi “{commune.address_by_default}”"
        yield at(source, ("address_by_default",), ADDRESS, message, f"chọn: {', '.join(FORMS)}")
    yield from _clocks(commune, source)
    yield from _milestones(library, source)


def _uses(library: Library) -> Mapping[str, int]:
    """How many steps wait for each word (anything else that uses it counts as one)."""
    found: dict[str, int] = {}
    for guide in library.guides.values():
        places = list(Case(guide, Source(""), library).texts())
        for name, _ in {(n, text.path[:2]) for text in places for n in VARIABLE.findall(text.raw)}:
            found[name] = found.get(name, 0) + 1
    for question in library.questions.values():
        for name in {*VARIABLE.findall(question.say)}:
            found[name] = found.get(name, 0) + 1
    return found


def _clocks(commune: Commune, source: Source) -> Iterator[Finding]:
    for key in ("quiet_noon", "quiet_night"):
        for moment in getattr(commune.reminders, key):
            if not _CLOCK.fullmatch(moment):
                yield at(source, ("reminders", key), CLOCK, f"“{moment}” không phải giờ", "viết như 11:30, 07:00")


def _milestones(library: Library, source: Source) -> Iterator[Finding]:
    marked = {step.marks for guide in library.guides.values() for step in guide.steps}
    for milestone in get_args(Milestone):
        if milestone not in marked:
            yield at(source, (), MILESTONE, f"chưa bước nào ghi mốc {milestone}", "thêm marks: vào bước phù hợp")


RULES: tuple[CaseRule, ...] = (local_words, certainty, message_length, recorded, conditions, media, readiness)
