"""What `camtay check` may find: the shape of a finding, and the book in which every rule has its one name.

The rules themselves are the `rules_*.py` beside this file: small pure functions, told what was written,
that yield findings. Reading files is `bot.content`, running them all is `bot.authoring.check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.core.forms import FORMS
from bot.core.guide import Commune, Guide, Library, Option, Step

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
    return Finding(source.file, source.line(*path), name, LEVELS[name], message, suggestion)


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of wording in a file, and what it is there for."""

    use: Literal["title", "label", "do", "see", "repair", "until", "end", "reminder", "alt", "block"]
    raw: str
    path: Path
    source: Source

    def fault(self, name: str, message: str, suggestion: str = "") -> Finding:
        return at(self.source, self.path, name, message, suggestion)


@dataclass(frozen=True, slots=True)
class Case:
    """One guide under the rules. `sizes`: files under guides/ in bytes; `broken`: slugs not readable."""

    guide: Guide
    source: Source
    library: Library
    broken: frozenset[str] = frozenset()
    sizes: Mapping[str, int] = field(default_factory=dict)

    def fault(self, path: Path, name: str, message: str, suggestion: str = "") -> Finding:
        return at(self.source, path, name, message, suggestion)

    def steps(self) -> Iterator[tuple[Path, Step]]:
        return ((("steps", place), step) for place, step in enumerate(self.guide.steps))

    def menus(self) -> Iterator[tuple[Path, tuple[Option, ...]]]:
        """Every place where the author offers choices of their own."""
        yield from (((*path, "choices"), step.choices) for path, step in self.steps())
        yield ("end", "choices"), self.guide.end.choices

    def texts(self) -> Iterator[Text]:
        guide = self.guide
        yield Text("title", guide.title, ("title",), self.source)
        yield Text("end", guide.end.say, ("end", "say"), self.source)
        for place, line in enumerate(guide.reminders):
            yield Text("reminder", line, ("reminders", place), self.source)
        for path, step in self.steps():
            yield from self._of_step(path, step)
        for path, options in self.menus():
            for place, option in enumerate(options):
                yield Text("label", option.label, (*path, place, "label"), self.source)

    def _of_step(self, path: Path, step: Step) -> Iterator[Text]:
        yield Text("do", step.do, (*path, "do"), self.source)
        others = (("see", "see", step.see), ("until", "until_confirmed", step.until_confirmed))
        for use, key, raw in (*others, ("alt", "image_alt", step.image_alt)):
            if raw:
                yield Text(use, raw, (*path, key), self.source)  # type: ignore[arg-type]  # from the line above
        for place, repair in enumerate(step.stuck):
            if repair.say is not None:
                yield Text("repair", repair.say, (*path, "stuck", place, "say"), self.source)


CaseRule = Callable[[Case], Iterator[Finding]]
TextRule = Callable[[Text, Commune], Iterator[Finding]]

VARIABLE = re.compile(r"\{(\w+)\}")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")


def filled(raw: str, commune: Commune, form: str = "dongchi") -> str:
    """As it will be read; a word that is still missing stands there by its name."""
    names = {**{name: value or name for name, value in commune.words.items()}, **FORMS[form].names}
    return VARIABLE.sub(lambda found: names.get(found[1], found[1]), raw)


def unquoted(text: str) -> str:
    """Without what stands in quotes: those are words of the screen, exactly as shown."""
    return _QUOTED.sub(" ", text)


def sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?…])[\"”’)]*\s+|\n+", text) if part.strip()]


def word_count(text: str) -> int:
    return sum(any(character.isalnum() for character in word) for word in text.split())


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, as one reads the files: by file, then from top to bottom."""
    return sorted(set(findings))


def errors(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.level == "error")
