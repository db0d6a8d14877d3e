"""Every fault planted in answers.yaml is found, with its line; the good file has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring.check import inspect
from bot.core.intents import ALL
from bot.core.rules import LEVELS

OTHERS = "".join(
    f"  - {{id: kieu-{place}, intent: {name}, asks: ['kiểu {place}'], say: 'vâng ạ.', facts: [A1]}}\n"
    for place, name in enumerate(ALL)
    if name != "cost"
)
GOOD = (
    """\
answers:
  - id: tien
    intent: cost
    asks: ['có mất tiền không']
    say: 'Không mất tiền. {Bac} cứ làm.'
    choices:
      - label: Làm bài thử
        go: bai-thu
    facts: [A1]
"""
    + OTHERS
)

FAULTS = [
    # rule, what is replaced, by what
    ("A01", "id: kieu-1,", "id: kieu-0,"),
    ("A02", "intent: cost", "intent: costs"),
    ("A03", "go: bai-thu", "go: bai-khac"),
    ("A04", "{Bac} cứ làm", "Hỏi {cho_trong}"),
    ("A05", "{Bac} cứ làm.", " ".join(["Cứ làm từ từ từng bước một theo lời nhé."] * 5)),
    ("A06", "['kiểu 1']", "['CÓ mất tiền KHÔNG']"),
    ("A07", "intent: cost", "intent: login"),
    ("G03", "intent: cost", "intents: cost"),
    ("G04", "    facts: [A1]\n  -", "  -"),
    ("G06", "id: tien", "id: Tiền"),
    ("G67", "facts: [A1]", "facts: [A1x]"),
    ("G13", "{Bac} cứ làm", "Bác cứ làm"),
    ("G24", "{Bac} cứ làm", "{Bac} mở app"),
    ("G34", "label: Làm bài thử", "label: Bài thử"),
]


@pytest.fixture
def answers(guides: Path) -> Path:
    commune = guides / "commune.yaml"
    commune.write_text(commune.read_text(encoding="utf-8") + "  cho_trong: null\n", encoding="utf-8")
    path = guides / "answers.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def faults(answers: Path) -> list[str]:
    return [each.rule.split("-")[0] for each in inspect(answers.parent)[1] if each.file.endswith("answers.yaml")]


def test_the_good_file_has_no_fault(answers: Path) -> None:
    assert faults(answers) == []


@pytest.mark.parametrize(("rule", "old", "new"), FAULTS)
def test_a_planted_fault_is_found(answers: Path, rule: str, old: str, new: str) -> None:
    assert old in GOOD
    answers.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    assert rule in faults(answers)


def test_every_rule_has_a_planted_fault() -> None:
    planted = {rule for rule, *_ in FAULTS}
    assert {rule.split("-")[0] for rule in LEVELS if rule.startswith("A")} <= planted


def test_without_the_file_nothing_is_missing(guides: Path) -> None:
    assert inspect(guides)[1] == []
