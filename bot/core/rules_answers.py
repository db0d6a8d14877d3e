"""Rules about `answers.yaml`: every question has its place, every button leads somewhere, nothing shows a hole."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.guide import Library, Question
from bot.core.intents import ALL
from bot.core.questions import WAYS
from bot.core.rules import VARIABLE, Finding, Path, Source, Text, at, filled, rule, sentences, word_count
from bot.core.rules_choice import menu
from bot.core.rules_facts import FACT, FACT_ID, MAX_MESSAGE, unfilled
from bot.core.vietnamese import fold

SAME_ID = rule("A01-trung-ten", "error", "Mỗi câu trả lời có một id riêng.")
NO_INTENT = rule("A02-loai-la", "error", "intent phải có trong danh sách.")
NOWHERE = rule("A03-nut-khong-dan", "error", "Nút của câu trả lời phải dẫn tới một bài hay một việc có thật.")
HOLE = rule("A04-thieu-loi-thay", "error", "Câu dùng từ xã chưa điền phải có until_confirmed.")
LONG = rule("A05-dai", "warning", "Câu trả lời nên ngắn, nhiều nhất 40 chữ.")
ASKED_TWICE = rule("A06-hoi-trung", "warning", "Một cách hỏi chỉ nên ở một câu trả lời.")
UNANSWERED = rule("A07-thieu-cau", "warning", "Mỗi loại câu hỏi nên có câu trả lời.")

# These have their own way of being answered, not a text.
_ANSWERED_ELSEWHERE = frozenset(
    ["done", "not_done", "back", "repeat", "later", "resume", "menu", "yes", "no", "choice", "unclear", "text_size"]
)


def answer_rules(library: Library, every: tuple[Question, ...], source: Source) -> Iterator[Finding]:
    """Everything about the answers, as they were written."""
    seen: dict[str, str] = {}
    asked: dict[str, str] = {}
    for place, question in enumerate(every):
        path: Path = ("answers", place)
        if question.id in seen:
            yield at(source, (*path, "id"), SAME_ID, f"hai câu cùng tên “{question.id}”", "đổi tên một câu")
        seen[question.id] = question.intent
        yield from _one(question, library, source, path)
        for example, words in enumerate(question.asks):
            if asked.setdefault(fold(words), question.id) != question.id:
                message = f"“{words}” cũng có ở câu {asked[fold(words)]}"
                yield at(source, (*path, "asks", example), ASKED_TWICE, message, "giữ ở một câu")
    missing = sorted({*ALL} - {*seen.values()} - _ANSWERED_ELSEWHERE) if every else []
    if missing:
        yield at(source, (), UNANSWERED, f"chưa có câu trả lời cho: {', '.join(missing)}", "thêm một câu cho mỗi loại")


def answer_texts(every: tuple[Question, ...], source: Source) -> Iterator[Text]:
    """What the rules about words judge."""
    for place, question in enumerate(every):
        yield Text("repair", question.say, ("answers", place, "say"), source)
        if question.until_confirmed:
            yield Text("until", question.until_confirmed, ("answers", place, "until_confirmed"), source)
        for number, option in enumerate(question.choices):
            yield Text("label", option.label, ("answers", place, "choices", number, "label"), source)


def _one(question: Question, library: Library, source: Source, path: Path) -> Iterator[Finding]:
    if question.intent not in ALL:
        yield at(
            source, (*path, "intent"), NO_INTENT, f"không có loại “{question.intent}”", "xem docs/understanding.md"
        )
    open_words = sorted(unfilled(library.commune) & set(VARIABLE.findall(question.say)))
    if open_words and not question.until_confirmed:
        hint = "thêm until_confirmed: lời nói thật khi xã chưa điền"
        yield at(source, (*path, "say"), HOLE, f"xã chưa điền {', '.join(open_words)}", hint)
    for key in ("say", "until_confirmed"):
        count = sum(word_count(part) for part in sentences(filled(getattr(question, key), library.commune)))
        if count > MAX_MESSAGE:
            yield at(source, (*path, key), LONG, f"câu trả lời có {count} chữ", f"bớt còn {MAX_MESSAGE} chữ")
    for place, fact in enumerate(question.facts):
        if not FACT_ID.fullmatch(fact):
            yield at(
                source, (*path, "facts", place), FACT, f"“{fact}” không phải mã nguồn", "mã như A15, R3, 6.3 hoặc LOCAL"
            )
    yield from menu([option.label for option in question.choices], source, (*path, "choices"), library.commune)
    for number, option in enumerate(question.choices):
        if option.go not in WAYS and library.find(option.go) is None:
            hint = f"tên một bài, hoặc: {', '.join(WAYS)}"
            yield at(source, (*path, "choices", number, "go"), NOWHERE, f"không có “{option.go}”", hint)
