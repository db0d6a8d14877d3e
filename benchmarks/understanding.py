"""How well people are understood: `python -m benchmarks.understanding FILE`. Numbers are kept in README.md.

FILE is one of `sayings/`: sentences that were never taught, each typed in ten styles. Or a file of labelled lines.
They go through the very function that the bot uses.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.typing_styles import STYLES
from bot.core.intents import STAFF
from bot.core.meaning import Meaning
from bot.core.secrets import redact
from bot.hearing import Line
from bot.reading import listener

SAYINGS = Path(__file__).parent / "sayings"


@dataclass(frozen=True, slots=True)
class Case:
    """One line: what was typed, by whom, after which offer; what it means, and what else would be right."""

    text: str
    role: str
    intent: str
    style: str
    offered: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    entities: dict[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] | None = None


@dataclass(slots=True)
class Score:
    """What was counted."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    taken_for: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, case: Case, found: Meaning, seconds: float) -> None:
        good = found.intent == case.intent or found.intent in case.also
        for name in ("all", f"style {case.style}", f"intent {case.intent}", f"sure {found.sure}"):
            self.asked[name] += 1
            self.right[name] += good
        self.asked["false done"] += 1
        self.right["false done"] += found.sure and found.intent == "done" and not good
        if not good:
            self.taken_for[f"{case.intent} → {found.intent}"] += 1
        if case.entities:
            said = dict(found.entities) | ({"choice": found.choice} if found.choice else {})
            self.asked["entities"] += 1
            self.right["entities"] += said == case.entities
        self.seconds.append(seconds)


def heldout(path: Path, seed: int) -> Iterator[Case]:
    """Every held-out sentence of a file in every style."""
    dice = random.Random(seed)
    intent = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            intent = line.strip("[]")
        elif line and not line.startswith("#"):
            role = STAFF[intent][0] if intent in STAFF else "member"
            for said in line.split("|"):
                yield from (Case(typed(said, dice), role, intent, style) for style, typed in STYLES.items())


def labelled(path: Path) -> Iterator[Case]:
    """Lines of `{"text", "role", "intent", "entities", "style", "offered", "alt", "secret"}`."""
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        offered = tuple(row["offered"].split("|")) if row.get("offered") else ()
        secrets = tuple(row["secret"]) if "secret" in row else None
        also = tuple(row.get("alt", ()))
        yield Case(row["text"], row["role"], row["intent"], row["style"], offered, also, row["entities"], secrets)


def measure(cases: Sequence[Case], people: Sequence[Line]) -> Score:
    score = Score()
    for case in cases:
        began = time.perf_counter()
        clean = redact(case.text)
        found = listener().understand(clean.text, case.offered, roles=(case.role,), people=people)
        score.add(case, found, time.perf_counter() - began)
        for secret in case.secrets or ():
            score.asked["secrets"] += 1
            score.right["secrets"] += secret not in clean.text
        if not case.secrets:
            score.asked["false alarms"] += 1
            score.right["false alarms"] += bool(clean.found)
    return score


def table(score: Score) -> Iterator[str]:
    for name in ("all", "sure True", "sure False", "false done", "entities", "secrets", "false alarms"):
        if score.asked[name]:
            right, asked = score.right[name], score.asked[name]
            yield f"{name:<14}{right:>6} of {asked:<6}{right / asked:.2%}"
    seconds = sorted(score.seconds)
    yield f"ms: p50 {1e3 * seconds[len(seconds) // 2]:.2f}, p99 {1e3 * seconds[len(seconds) * 99 // 100]:.2f}"
    for kind in ("style", "intent"):
        names = [name for name in score.asked if name.startswith(kind)]
        for name in sorted(names, key=lambda name: score.right[name] / score.asked[name])[:15]:
            yield f"{name:<32}{score.right[name] / score.asked[name]:.1%} of {score.asked[name]}"
    yield from (f"{count:>4} × {pair}" for pair, count in score.taken_for.most_common(20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path, help="a file of sayings (.txt) or of labelled lines (.jsonl)")
    parser.add_argument("--people", type=Path, help="the roster those lines speak of (JSON Lines)")
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    rows = given.people.read_text(encoding="utf-8").splitlines() if given.people else ()
    people = [Line(**json.loads(row)) for row in rows]
    cases = list(labelled(given.cases) if given.cases.suffix == ".jsonl" else heldout(given.cases, given.seed))
    print("\n".join(table(measure(cases, people))))


if __name__ == "__main__":
    main()
