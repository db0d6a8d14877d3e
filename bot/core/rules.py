"""What `camtay check` may find: the shape of a finding, and the book in which every rule has its one name.

The rules themselves are the `rules_*.py` beside this file: small pure functions, told what was written,
that yield findings. Reading files is `bot.content`, running them all is `bot.authoring.check`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["error", "warning"]
Path = tuple[str | int, ...]
"""Where something stands in a file: `("steps", 2, "do")`."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something to mend, told to a person who does not program. `line` counts from 1."""

    file: str
    line: int
    rule: str
    level: Level
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        tail = f" → {self.suggestion}" if self.suggestion else ""
        return f"{self.file}:{self.line}: [{self.rule}] {self.message}{tail}"


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was written: its text, and on which line each key stands."""

    file: str
    text: str = ""
    lines: Mapping[Path, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """The line of a key; of the nearest thing around it when the key itself is not there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class UnknownRule(KeyError):
    """A finding names a rule that is not in the book."""


LEVELS: dict[str, Level] = {}
SAYS: dict[str, str] = {}


def rule(name: str, level: Level, says: str) -> str:
    """Enter a rule into the book; `says` is its one line in the list of rules, in Vietnamese."""
    if name in LEVELS or any(known.split("-")[0] == name.split("-")[0] for known in LEVELS):
        raise ValueError(f"two rules are called {name!r}")
    LEVELS[name] = level
    SAYS[name] = says
    return name


def at(source: Source, path: Path, name: str, message: str, suggestion: str = "") -> Finding:
    """A finding of the rule `name` about what stands at `path`."""
    if name not in LEVELS:
        raise UnknownRule(name)
    return Finding(source.file, source.line(*path), name, LEVELS[name], message, suggestion)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, as one reads the files: by file, then from top to bottom."""
    return sorted(set(findings))


def errors(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.level == "error")
