"""What was learnt, in Vietnamese, for the screen and for `bao-cao.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.zalo_doctor.assumed import ASSUMED, NOTHING_TO_CHANGE

_UNKNOWN = "chưa biết"


def report(notes: Mapping[str, str], missed: Mapping[str, str], strangers: int, now: datetime) -> str:
    """`missed`: why a step was not finished, by its title."""
    blocks = [
        [f"# Khám bot Zalo ngày {now:%d/%m/%Y}, {now:%H:%M}"],
        ["## Đã biết", "", *_table(notes)],
        ["## Khác với điều Cầm Tay vẫn nghĩ", "", *(list(_differences(notes)) or ["Không có."])],
        ["## Việc cần làm", "", *(list(_advice(notes)) or [NOTHING_TO_CHANGE.partition(":")[0] + "."])],
    ]
    if missed:
        blocks.append(["## Chưa xong", "", *(f"- {title}: {why}" for title, why in missed.items())])
    if strangers:
        blocks.append([f"Có {strangers} tin của người khác đến trong lúc khám và đã mất. Nhờ họ nhắn lại."])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _table(notes: Mapping[str, str]) -> Iterator[str]:
    yield "| điều cần biết | bot này | ta vẫn nghĩ | |"
    yield "|---|---|---|---|"
    for one in ASSUMED:
        found = notes.get(one.key, "")
        verdict = ("đúng" if found in one.expected else "KHÁC") if found else ""
        yield f"| {one.question} | {found or _UNKNOWN} | {' hoặc '.join(one.expected)} | {verdict} |"


def _differences(notes: Mapping[str, str]) -> Iterator[str]:
    for one in ASSUMED:
        found = notes.get(one.key)
        if found and found not in one.expected:
            yield f"- {one.question}: **{found}**, ta vẫn nghĩ là {' hoặc '.join(one.expected)}."


def _advice(notes: Mapping[str, str]) -> Iterator[str]:
    """Also where all is as thought: some findings call for a setting."""
    for one in ASSUMED:
        if found := notes.get(one.key):
            advice = one.advice.get(found, "" if found in one.expected else one.otherwise)
            if advice and advice != NOTHING_TO_CHANGE:
                yield f"- {one.question} {found}: {advice}"
