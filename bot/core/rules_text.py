"""Rules about the letters themselves: braces, names to fill in, characters nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from bot.core.forms import FORMS
from bot.core.guide import Commune
from bot.core.rules import VARIABLE, Finding, Source, Text, TextRule, at, filled, rule, unquoted

BRACE = rule("G10-ngoac-nhon", "error", "Mỗi dấu { phải có dấu } và một tên ở giữa.")
VARIABLE_UNKNOWN = rule("G11-ten-la", "error", "Tên trong { } phải là cách xưng hô hoặc có trong commune.yaml.")
CAPITAL = rule("G12-viet-hoa-dau-cau", "error", "{Bac}, {Chau} ở đầu câu; {bac}, {chau} ở giữa câu.")
FIXED_ADDRESS = rule("G13-xung-ho-co-dinh", "error", "Không viết thẳng “bác”, “cháu”: mỗi người chọn một cách gọi.")
DECOMPOSED = rule("G14-dau-roi", "error", "Chữ có dấu phải là chữ dựng sẵn (NFC).")
INVISIBLE = rule("G15-ky-tu-an", "error", "Không có ký tự ẩn: dấu cách cứng, ký tự rộng bằng không, Tab.")
EMPTY = rule("G16-de-trong", "error", "Câu không được để trống.")
MARKUP = rule("G17-ky-hieu-dinh-dang", "error", "Không có ký hiệu định dạng (**, __, <b>): chúng hiện ra nguyên văn.")
SHOUTING = rule("G18-chu-hoa", "error", "Không viết cả câu bằng CHỮ HOA.")
EMOJI = rule("G19-chi-bieu-tuong", "error", "Không dùng biểu tượng thay cho chữ.")

_FORM_NAMES = frozenset(FORMS["bac"].names)
_BEGINS = re.compile(r"(?:^|(?<!\.)[.!?]\s+)[\"“‘(]?\{(bac|chau)\}")
_MAY_BEGIN = re.compile(r"(?:^|[.!?…:\n\-–•\"“‘(])\s*$")
_FIXED = re.compile(r"(?<!con )(?<!các )\b(bác(?! sĩ)|cháu)\b", re.IGNORECASE)
_MARKUP = re.compile(r"\*\*|__|</?[a-z]+>|`")
_UNSEEN = {"\u00a0": "dấu cách cứng", "\t": "Tab", "\u00ad": "gạch nối ẩn", "\ufeff": "ký tự rộng bằng không"}
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\u200e\u200f")


def braces(text: Text, commune: Commune) -> Iterator[Finding]:
    rest = VARIABLE.sub("", text.raw)
    if "{" in rest or "}" in rest:
        yield text.fault(BRACE, "dấu { } không thành cặp quanh một tên", "viết như {bac} hoặc {ten_app}")


def names(text: Text, commune: Commune) -> Iterator[Finding]:
    for name in sorted({*VARIABLE.findall(text.raw)} - _FORM_NAMES - set(commune.words)):
        hint = "dùng {bac}, {Bac}, {chau}, {Chau}, hoặc thêm tên này vào words trong commune.yaml"
        yield text.fault(VARIABLE_UNKNOWN, f"không có gì để điền vào {{{name}}}", hint)


def capitals(text: Text, commune: Commune) -> Iterator[Finding]:
    """`{bac}` after a full stop reads badly in every form; so does `{Bac}` in the middle."""
    if text.use in ("alt", "label", "title"):
        return
    for found in _BEGINS.finditer(text.raw):
        name = found[1].capitalize()
        yield text.fault(CAPITAL, f"câu bắt đầu bằng {{{found[1]}}}", f"viết {{{name}}}")
    for found in re.finditer(r"\{(Bac|Chau)\}", text.raw):
        if not _MAY_BEGIN.search(text.raw[: found.start()]):
            yield text.fault(CAPITAL, f"{found[0]} đứng giữa câu", f"viết {found[0].lower()}")


def fixed_address(text: Text, commune: Commune) -> Iterator[Finding]:
    found = _FIXED.search(unquoted(text.raw))
    if found and text.use != "block":
        name = {"bác": "bac", "cháu": "chau"}[found[0].lower()]
        name = name.capitalize() if found[0][0].isupper() else name
        yield text.fault(FIXED_ADDRESS, f"viết thẳng “{found[0]}”", f"viết {{{name}}} để đổi theo từng người")


def empty(text: Text, commune: Commune) -> Iterator[Finding]:
    if not text.raw.strip():
        yield text.fault(EMPTY, "câu đang để trống", "viết nội dung, hoặc bỏ cả mục")


def markup(text: Text, commune: Commune) -> Iterator[Finding]:
    found = _MARKUP.search(text.raw)
    if found:
        yield text.fault(MARKUP, f"ký hiệu “{found[0]}” sẽ hiện ra nguyên văn", "bỏ ký hiệu này")


def shouting(text: Text, commune: Commune) -> Iterator[Finding]:
    """Two words in capitals side by side; a single one is a name like VNeID or UBND."""
    words = re.sub(r"[.,:;!?]", " ", unquoted(filled(text.raw, commune))).split()
    for one, two in pairwise(words):
        if all(word.isupper() and word.isalpha() and len(word) > 1 for word in (one, two)):
            yield text.fault(SHOUTING, f"“{one} {two}” viết toàn chữ hoa", "viết chữ thường")
            return


def emoji(text: Text, commune: Commune) -> Iterator[Finding]:
    """A line, or the thing to press, that is only a little picture says nothing when read aloud."""
    pictures = [character for character in text.raw if unicodedata.category(character) == "So"]
    if not pictures:
        return
    pressed = re.search(r"(?:bấm|chạm|chọn)\s+(?:vào\s+)?[\"“]?(\S)", text.raw)
    alone = any(not any(map(str.isalnum, line)) for line in text.raw.splitlines() if line.strip())
    if alone or (pressed and pressed[1] in pictures):
        yield text.fault(EMOJI, f"“{pictures[0]}” đứng một mình thay cho chữ", "viết bằng chữ")


def characters(source: Source) -> Iterator[Finding]:
    """What only a machine sees, line by line."""
    for number, line in enumerate(source.text.splitlines(), 1):
        here = Source(source.file, lines={(): number})
        if not unicodedata.is_normalized("NFC", line):
            yield at(here, (), DECOMPOSED, "dòng này có chữ gõ dấu rời", "gõ lại dòng này, hoặc lưu tệp dạng NFC")
        unseen = next((character for character in line if character in _UNSEEN or character in _ZERO_WIDTH), "")
        if unseen:
            what = _UNSEEN.get(unseen, "ký tự rộng bằng không")
            yield at(here, (), INVISIBLE, f"dòng này có {what}", "xóa đi rồi gõ dấu cách thường")


RULES: tuple[TextRule, ...] = (braces, names, capitals, fixed_address, empty, markup, shouting, emoji)
