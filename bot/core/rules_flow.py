"""Rules about the way through a guide: every step is reached, every step leads on, help differs each time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz

from bot.core.guide import Guide, Repair, Step
from bot.core.rules import Case, CaseRule, Finding, Path, filled, rule

TWICE_HERE = rule("G40-ma-trung", "error", "Mã bước không được dùng hai lần trong một bài.")
TWICE_ELSEWHERE = rule("G41-ma-trung-bai-khac", "error", "Mã bước không được trùng với bài khác.")
DISORDER = rule("G42-ma-lon-xon", "error", "Số của mã bước tăng dần, một bài dùng một nhóm chữ.")
NOWHERE = rule("G43-khong-co-noi-den", "error", "go phải dẫn tới một bước hay một bài có thật.")
UNREACHABLE = rule("G44-khong-toi-duoc", "error", "Bước nào cũng phải có đường tới.")
DEAD_END = rule("G45-duong-cut", "error", "Bước nào cũng phải có đường đi tiếp.")
LOOP = rule("G46-vong-tron", "error", "Không được đi vòng mãi mà không có lối ra.")
CLASH = rule("G47-trung-vai", "error", "Hai bài cùng stands_for không được cùng lúc có hiệu lực.")
NO_CARD = rule("G48-the-khong-co", "error", "Thẻ gỡ lỗi được nhắc tới phải có thật.")
FEW_REPAIRS = rule("G49-it-cach-go", "error", "Mỗi bước có ít nhất hai cách gỡ khi chưa được.")
SAME_REPAIR = rule("G50-cach-go-giong", "error", "Các cách gỡ phải khác nhau và khác “do”.")
EMPTY_REPAIR = rule("G51-cach-go-sai", "error", "Mỗi cách gỡ có đúng một trong hai: say hoặc card.")
UNUSED_CARD = rule("G52-the-khong-dung", "warning", "Thẻ gỡ lỗi nên có bài nhắc tới.")

OUT = "OUT"
ELSEWHERE = ("menu", "help", "end")
ALIKE_FROM = 88


def ids(case: Case) -> Iterator[Finding]:
    seen: set[str] = set()
    elsewhere = {step.id: g.slug for g in case.library.guides.values() if g is not case.guide for step in g.steps}
    for path, step in case.steps():
        if step.id in seen:
            yield case.fault((*path, "id"), TWICE_HERE, f"mã {step.id} đã có ở trên", "đặt một mã mới chưa dùng")
        elif step.id in elsewhere:
            other = elsewhere[step.id]
            yield case.fault(
                (*path, "id"), TWICE_ELSEWHERE, f"bài “{other}” cũng có mã {step.id}", "đổi mã ở bài mới hơn"
            )
        seen.add(step.id)


def order(case: Case) -> Iterator[Finding]:
    """Resuming after an edit looks for the nearest earlier number, so numbers must grow."""
    if case.guide.kind == "cards":
        return
    before: Step | None = None
    for path, step in case.steps():
        if before and _prefix(step) != _prefix(before):
            yield case.fault(
                (*path, "id"),
                DISORDER,
                f"{step.id} khác nhóm chữ với {before.id}",
                f"dùng {_prefix(before)}-…",
            )
        elif before and step.id != before.id and _number(step) < _number(before):
            yield case.fault(
                (*path, "id"),
                DISORDER,
                f"{step.id} đứng sau {before.id}",
                "dùng số lớn hơn, chưa dùng lần nào",
            )
        before = step


def _prefix(step: Step) -> str:
    return step.id.split("-")[0]


def _number(step: Step) -> int:
    digits = re.search(r"\d+", step.id.split("-")[1])
    return int(digits[0]) if digits else 0


def targets(case: Case) -> Iterator[Finding]:
    for path, options in case.menus():
        for place, option in enumerate(options):
            in_end = path[0] == "end"
            if not _exists(case, option.go, steps=not in_end):
                hint = "dùng next, end, menu, help, một mã bước của bài này, hoặc tên thư mục của một bài"
                yield case.fault((*path, place, "go"), NOWHERE, f"không có nơi nào tên là “{option.go}”", hint)


def _exists(case: Case, go: str, *, steps: bool = True) -> bool:
    if go in (*ELSEWHERE, "next") or go in case.broken or case.library.find(go):
        return True
    return steps and case.guide.step(go) is not None


def ways(guide: Guide) -> dict[str, set[str]]:
    """From each step to the steps it may lead to; OUT is any way out of the guide."""
    found: dict[str, set[str]] = {}
    for step in guide.steps:
        goes = [option.go for option in step.choices] or ["next"]
        found[step.id] = {_leads(guide, step, go) for go in goes}
    return found


def _leads(guide: Guide, step: Step, go: str) -> str:
    if go == "next":
        following = guide.after(step.id)
        return following.id if following else OUT
    return go if guide.step(go) else OUT


def _reached(edges: Mapping[str, set[str]], start: str) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        new = edges.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


def passage(case: Case) -> Iterator[Finding]:
    if case.guide.kind == "cards":  # cards stand beside each other; nobody walks from one to the next
        return
    edges = ways(case.guide)
    known = _reached(edges, case.guide.steps[0].id)
    for path, step in case.steps():
        if step.id not in known:
            yield case.fault(
                path, UNREACHABLE, f"không có đường nào tới bước {step.id}", "cho một bước trước dẫn tới đây"
            )
        elif edges[step.id] == {step.id}:
            yield case.fault(path, DEAD_END, f"bước {step.id} chỉ dẫn về chính nó", "thêm một lối: next, end hoặc menu")
        elif OUT not in _reached(edges, step.id):
            yield case.fault(
                path,
                LOOP,
                f"từ bước {step.id} đi mãi không tới cuối bài",
                "thêm một lối: next, end hoặc menu",
            )


def clash(case: Case) -> Iterator[Finding]:
    guide = case.guide
    if guide.stands_for is None:
        return
    for other in case.library.guides.values():
        if other.slug < guide.slug and other.stands_for == guide.stands_for and _together(guide, other):
            hint = "thêm when khác nhau, ví dụ when: {login_method: vneid}"
            yield case.fault(("stands_for",), CLASH, f"bài “{other.slug}” có hiệu lực cùng lúc với bài này", hint)
        if other.slug == guide.stands_for and other is not guide and not guide.when:
            yield case.fault(
                ("stands_for",), CLASH, f"bài này che hẳn bài “{other.slug}”", "thêm when, hoặc bỏ một bài"
            )


def _together(one: Guide, two: Guide) -> bool:
    """Whether both can be meant at once; one without `when` is the stand-in of those with, and fine."""
    if bool(one.when) != bool(two.when):
        return False
    return all(two.when[name] == value for name, value in one.when.items() if name in two.when)


def repairs(case: Case) -> Iterator[Finding]:
    for path, step in case.steps():
        needed = 0 if step.choices or case.guide.kind != "lesson" else 2
        if len(step.stuck) < needed:
            hint = "thêm cách nói khác, hình gần hơn, hoặc card: một thẻ gỡ lỗi"
            yield case.fault(path, FEW_REPAIRS, f"bước {step.id} có {len(step.stuck)} cách gỡ", hint)
        for place, repair in enumerate(step.stuck):
            yield from _repair(case, (*path, "stuck", place), step, repair, step.stuck[:place])


def _repair(case: Case, path: Path, step: Step, repair: Repair, before: Sequence[Repair]) -> Iterator[Finding]:
    if (repair.say is None) == (repair.card is None):
        yield case.fault(path, EMPTY_REPAIR, "cách gỡ cần đúng một trong hai: say hoặc card", "giữ lại một")
    if repair.card and case.library.card(repair.card) is None and not case.broken:
        yield case.fault((*path, "card"), NO_CARD, f"không có thẻ {repair.card}", "xem các mã trong bài có kind: cards")
    others = {
        "“do”": step.do,
        **{f"cách gỡ {place}": _words(case, one) for place, one in enumerate(before, 1)},
    }
    for name, words in others.items():
        if repair_alike(case, _words(case, repair), words):
            yield case.fault(path, SAME_REPAIR, f"cách gỡ này gần như {name}", "nói một cách khác hẳn")


def _words(case: Case, repair: Repair) -> str:
    found = case.library.card(repair.card) if repair.card else None
    return found[1].do if found else repair.say or ""


def repair_alike(case: Case, one: str, two: str) -> bool:
    read = [filled(words, case.library.commune).lower() for words in (one, two)]
    return bool(one and two) and fuzz.token_sort_ratio(*read) >= ALIKE_FROM


def unused_cards(case: Case) -> Iterator[Finding]:
    if case.guide.kind != "cards":
        return
    all_steps = [step for guide in case.library.guides.values() for step in guide.steps]
    used = {repair.card for step in all_steps for repair in step.stuck}
    for path, step in case.steps():
        if step.id not in used:
            yield case.fault(
                path, UNUSED_CARD, f"chưa bài nào nhắc tới thẻ {step.id}", "thêm card: vào stuck của một bước"
            )


RULES: tuple[CaseRule, ...] = (ids, order, targets, passage, clash, repairs, unused_cards)
