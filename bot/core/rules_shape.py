"""Rules about the shape of a file: what the keys are called and what may stand behind them.

Pydantic notices these faults; here they are told in the words of the people who write guides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from rapidfuzz import fuzz, process

from bot.core.guide import (
    Answers,
    Commune,
    End,
    Guide,
    Help,
    Option,
    Question,
    Reminders,
    Repair,
    Rung,
    Step,
    ZaloBot,
)
from bot.core.rules import Finding, Path, Source, at, rule

UNREADABLE = rule("G01-doc-duoc", "error", "Tệp phải đọc được (cách viết YAML đúng).")
TWICE = rule("G02-muc-hai-lan", "error", "Một mục không được viết hai lần.")
UNKNOWN = rule("G03-muc-la", "error", "Tên mục phải có trong danh sách.")
MISSING = rule("G04-thieu-muc", "error", "Các mục bắt buộc phải có.")
WRONG = rule("G05-sai-kieu", "error", "Nội dung của mục phải đúng loại (chữ, số, danh sách).")
NAME = rule("G06-sai-ten", "error", "Mã bước và tên thư mục phải đúng mẫu.")

Models = Mapping[tuple[str, ...], type[BaseModel]]
"""Which model holds at which keys of a file (places in lists left out)."""

MODELS: Models = {
    (): Guide,
    ("steps",): Step,
    ("steps", "stuck"): Repair,
    ("steps", "choices"): Option,
    ("end",): End,
    ("end", "choices"): Option,
}
ANSWER_MODELS: Models = {(): Answers, ("answers",): Question, ("answers", "choices"): Option}
COMMUNE_MODELS: Models = {
    (): Commune,
    ("reminders",): Reminders,
    ("zalo_bot",): ZaloBot,
    ("help",): Help,
    **{("help", role): Rung for role in ("helper", "coordinator", "office")},
}

KINDS = {
    "string_type": "phải là chữ, không phải danh sách hay nhóm mục",
    "tuple_type": "phải là danh sách, mỗi dòng bắt đầu bằng dấu gạch (-)",
    "float_parsing": "phải là số, ví dụ 5 hoặc 0.5",
    "int_parsing": "phải là số nguyên, ví dụ 10",
    "model_type": "phải là một nhóm mục, mỗi mục một dòng",
    "mapping_type": "phải là một nhóm mục, mỗi mục một dòng",
    "dict_type": "phải là một nhóm mục, mỗi mục một dòng",
    "too_short": "chưa có gì; cần ít nhất một",
    "bool_parsing": "phải là true (có) hoặc false (không)",
    "time_parsing": "phải là giờ, viết như '07:30'",
    "date_from_datetime_parsing": "phải là ngày, viết năm-tháng-ngày như 2027-02-06",
    "greater_than_equal": "nhỏ quá",
    "less_than_equal": "lớn quá",
}


def shape_findings(
    faults: Iterable[Mapping[str, Any]],
    source: Source,
    models: Models = MODELS,
) -> Iterator[Finding]:
    """Pydantic's `errors()` of one file, told in Vietnamese with the line."""
    for fault in faults:
        path: Path = tuple(fault["loc"])
        key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in path)
        yield _told(fault, source, path, key, models)


def _told(
    fault: Mapping[str, Any],
    source: Source,
    path: Path,
    key: str,
    models: Models,
) -> Finding:
    kind = fault["type"]
    if kind == "extra_forbidden":
        return at(source, path, UNKNOWN, f"không có mục tên là “{path[-1]}” ({key})", _nearest(path, models))
    if kind == "missing":
        return at(source, path, MISSING, f"thiếu mục “{path[-1]}” ({key})", f"thêm một dòng “{path[-1]}: …”")
    if kind == "literal_error":
        allowed = str(fault["ctx"]["expected"]).replace(" or ", ", ")
        return at(source, path, WRONG, f"“{key}” không được là “{fault['input']}”", f"chọn một trong: {allowed}")
    if kind in ("string_pattern_mismatch", "string_too_long"):
        return at(source, path, NAME, f"“{key}”: tên “{fault['input']}” chưa đúng mẫu", _pattern_hint(path))
    return at(
        source,
        path,
        WRONG,
        f"“{key}” {KINDS.get(kind, 'chưa đúng: ' + str(fault['msg']))}",
        _brace_hint(fault),
    )


def _nearest(path: Path, models: Models) -> str:
    model = models.get(tuple(part for part in path[:-1] if isinstance(part, str)))
    if model is None:
        return "bỏ mục này"
    names: Sequence[str] = sorted(model.model_fields)
    best = process.extractOne(str(path[-1]), names, scorer=fuzz.ratio, score_cutoff=50)
    return f"có phải là “{best[0]}”?" if best else f"bỏ đi, hoặc dùng một trong: {', '.join(names)}"


def _pattern_hint(path: Path) -> str:
    if path[-1] in ("slug", "stands_for"):
        return "chỉ dùng chữ thường không dấu, số và gạch nối, tối đa 20 ký tự, ví dụ bao-mat"
    return "mã bước viết hoa không dấu, gạch nối, rồi số: AND-3"


def _brace_hint(fault: Mapping[str, Any]) -> str:
    """`do: {Bac} …` without quotes is a group of keys to YAML: the commonest slip of all."""
    if fault["type"] == "string_type" and isinstance(fault["input"], dict):
        return 'câu bắt đầu bằng dấu { phải đặt trong dấu ngoặc kép: "{Bac} …"'
    return ""
