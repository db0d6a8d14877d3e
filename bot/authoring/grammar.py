"""Kinds of saying: what `sayings/*.txt` hold, and the sentences they stand for.

A line is one kind of saying. `(a|b|)` is one of these or nothing, `$so` a group of `words.txt`, `$ai` somebody's
name, `$tho` a unit's. A heading `[intent]`, or `[intent:field]`, says what the lines below it mean.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.core.intents import STAFF
from bot.core.lexicon import Lexicon
from bot.core.vietnamese import fold

FOLDER: Final = Path(__file__).parent / "sayings"
PERSON, UNIT = "nguoiten", "thonten"  # what a name known from the roster is read as
_GROUP = re.compile(r"\(([^()]*)\)")
_NAMES: Final = [
    "tu",
    "hien",
    "khanh",
    "lan",
    "hoa",
    "mai",
    "dao",
    "tien",
    "thang",
    "dung",
    "hung",
    "son",
    "bich",
    "ngoc",
    "thu",
    "linh",
    "nga",
    "loan",
    "phuc",
    "quang",
    "vinh",
    "lieu",
    "sen",
    "tam",
    "tinh",
    "binh",
    "an",
    "cuong",
    "dat",
    "giang",
    "hai",
    "kien",
    "long",
    "minh",
    "nam",
    "oanh",
    "phong",
    "quy",
    "sang",
    "thinh",
    "uyen",
    "vuong",
    "xuan",
    "yen",
]
_UNITS: Final = [
    "na pan",
    "bo chang",
    "tan lap",
    "hop thanh",
    "na rieng",
    "dong de",
    "khau pich",
    "minh khai",
    "hoang van thu",
    "lang mo",
]


@dataclass(frozen=True, slots=True)
class Sayings:
    """The kinds of saying of each intent."""

    kinds: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    senses: Mapping[str, str]

    def sentence(self, intent: str, dice: random.Random) -> tuple[str, str]:
        """One sentence that means this, and the role of somebody who says it."""
        line = self._written_out(dice.choice(self.kinds[intent]), dice)
        while found := _GROUP.search(line):
            line = line[: found.start()] + dice.choice(found[1].split("|")) + line[found.end() :]
        staff = STAFF.get(intent)
        role = dice.choice(staff) if staff else dice.choice(("helper", "coordinator", "leader", "office"))
        return " ".join(line.split()), role if staff or dice.random() < 0.15 else "member"

    def lexicon(self) -> Lexicon:
        """Every word of the trade (not those of other subjects, nor of nothing at all), and the senses."""
        lines = [line for name, own in self.kinds.items() if name not in ("out_of_scope", "unclear") for line in own]
        groups = [meant for name, meant in self.words.items() if name != "chude"]
        return Lexicon(frozenset(re.findall(r"[a-z0-9]+", fold(" ".join((*lines, *groups))))), self.senses)

    def _written_out(self, line: str, dice: random.Random) -> str:
        return re.sub(r"\$(\w+)", lambda found: self._word(found[1], dice), line)

    def _word(self, name: str, dice: random.Random) -> str:
        if name in ("ai", "ten"):
            return PERSON if dice.random() < 0.5 else dice.choice(_NAMES)
        if name == "tho":
            return UNIT if dice.random() < 0.6 else dice.choice(_UNITS)
        return f"({self.words[name]})"


def read_sayings(folder: Path = FOLDER) -> Sayings:
    """All kinds of saying.

    Raises:
        ValueError: a line is not understood; says which.
    """
    kinds: dict[str, list[str]] = {}
    words = _table(folder / "words.txt")
    senses = {phrase: sense for sense, said in _table(folder / "senses.txt").items() for phrase in said.split("|")}
    for path in sorted(folder.glob("*.txt")):
        for heading, line in _lines(path):
            if heading:
                kinds.setdefault(heading.partition(":")[0], []).append(line)
    for line in (line for own in kinds.values() for line in own):
        if line.count("(") != line.count(")") or not set(re.findall(r"\$(\w+)", line)) <= {*words, "ai", "ten", "tho"}:
            raise ValueError(line)
    return Sayings({name: tuple(own) for name, own in kinds.items()}, words, senses)


def _table(path: Path) -> dict[str, str]:
    return dict(line.split(" = ", 1) for _, line in _lines(path))


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    heading = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            yield heading, line.strip()
