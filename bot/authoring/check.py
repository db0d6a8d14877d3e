"""`camtay check`: every rule over everything people wrote, and how the result is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from bot.content import Survey, survey
from bot.core import rules_answers, rules_choice, rules_facts, rules_flow, rules_text, rules_words
from bot.core.rules import Case, Finding, errors, in_order

CASE_RULES = (*rules_choice.RULES, *rules_flow.RULES, *rules_facts.RULES)
TEXT_RULES = (*rules_text.RULES, *rules_words.RULES)


def inspect(folder: Path) -> tuple[Survey, list[Finding]]:
    """What the rules find in a guides folder, in reading order."""
    seen = survey(folder)
    return seen, in_order((*seen.findings, *_found(seen)))


def _found(seen: Survey) -> Iterator[Finding]:
    sizes = {path.relative_to(seen.folder).as_posix(): path.stat().st_size for path in _files(seen.folder)}
    for slug, guide in seen.library.guides.items():
        yield from _of_guide(Case(guide, seen.sources[slug], seen.library, seen.broken, sizes))
    yield from _of_answers(seen)
    for source in seen.sources.values():
        yield from rules_text.characters(source)
    yield from rules_facts.commune_rules(seen.library, seen.sources["commune"])


def _of_guide(case: Case) -> Iterator[Finding]:
    for check in CASE_RULES:
        yield from check(case)
    for text in case.texts():
        for judge in TEXT_RULES:
            yield from judge(text, case.library.commune)


def _of_answers(seen: Survey) -> Iterator[Finding]:
    source = seen.sources["answers"]
    yield from rules_answers.answer_rules(seen.library, seen.answers, source)
    for text in rules_answers.answer_texts(seen.answers, source):
        for judge in TEXT_RULES:
            yield from judge(text, seen.library.commune)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def as_text(findings: Sequence[Finding], summary: str) -> str:
    """Grouped by file, then the summary."""
    lines: list[str] = []
    for file, group in groupby(findings, key=lambda finding: finding.file):
        lines += ["", f"== {file}", *(str(finding) for finding in group)]
    return "\n".join([*lines[1:], *([""] if lines else []), summary])


def as_json(findings: Sequence[Finding], **numbers: object) -> str:
    said = {
        "findings": [asdict(finding) for finding in findings],
        "errors": len(list(errors(findings))),
        **numbers,
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def tally(findings: Sequence[Finding]) -> str:
    wrong = len(list(errors(findings)))
    return f"{wrong} lỗi, {len(findings) - wrong} điều nên xem lại."
