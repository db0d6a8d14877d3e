"""Words of the trade, and words of one sense: "cài", "tải" are read as `install`, "ở đâu", "chỗ nào" as `where`.

What was taught with one of them then holds for all. Everything in plain letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from bot.core.vietnamese import is_syllable


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`known`: words of the trade; many others mean another subject. `senses`: phrase → what it is read as."""

    known: frozenset[str]
    senses: Mapping[str, str]
    _longest: Mapping[str, int] = field(init=False)  # first word of a phrase → most words a phrase of it has
    _alike: Mapping[str, tuple[str, ...]] = field(init=False)  # first letter → known words

    def __post_init__(self) -> None:
        longest: dict[str, int] = {}
        for phrase in self.senses:
            words = phrase.split()
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
        object.__setattr__(self, "_longest", longest)
        letters = {word[0] for word in self.known}
        alike = {letter: tuple(sorted(word for word in self.known if word[0] == letter)) for letter in letters}
        object.__setattr__(self, "_alike", alike)

    def read(self, words: Sequence[str]) -> list[str]:
        """The words, with those of a known sense replaced by it, written `=sense`; a phrase goes before its parts."""
        found, at = [], 0
        while at < len(words):
            size, sense = self._at(words, at)
            found.append(f"={sense}" if sense else words[at])
            at += size
        return found

    def mend(self, words: Sequence[str]) -> list[str]:
        """The words, each that is no syllable changed for the one known word a slip away, where there is just one."""
        return [word if word in self.known or is_syllable(word) else self._mended(word) for word in words]

    def strange(self, words: Iterable[str]) -> list[str]:
        """Those that are not words of the trade."""
        return [word for word in words if word not in self.known and word[0] != "#"]

    def _mended(self, word: str) -> str:
        if not 3 <= len(word) <= 8 or not word.isalpha():
            return word
        near = [known for known in self._alike.get(word[0], ()) if OSA.distance(word, known, score_cutoff=1) <= 1]
        return near[0] if len(near) == 1 else word

    def _at(self, words: Sequence[str], at: int) -> tuple[int, str | None]:
        for size in range(min(self._longest.get(words[at], 0), len(words) - at), 0, -1):
            if sense := self.senses.get(" ".join(words[at : at + size])):
                return size, sense
        return 1, None
