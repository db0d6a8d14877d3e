"""Lines of a workbook that may tell of one person twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from enum import Enum
from typing import Final

from bot.core.names import key, same_person
from bot.core.roster import Line
from bot.core.roster_plan import Entry

_PAPERS: Final = ("identity", "card")
_OWN: Final = (*_PAPERS, "birth", "year")


class Twin(Enum):
    """What a line is to an earlier one."""

    ONE = "one"  # the same papers: the line stands there twice
    PERHAPS = "perhaps"  # the same name in the same unit
    ELSEWHERE = "elsewhere"  # the same person, by birth, papers or phone, in another unit


def twins(entries: Sequence[Entry], unmatched: Collection[int]) -> Iterator[tuple[int, Twin, int]]:
    """For each unmatched entry that may be an earlier one once more: its place, how, and the other's place.

    Those who were found in the database come first; they are who they are.
    """
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_twin: dict[tuple[str, int], int] = {}
    for at in sorted(range(len(entries)), key=lambda at: (at in unmatched, at)):
        line, unit = entries[at].line, entries[at].unit
        namesakes = by_name[key(line.name), unit.code if unit else ""]
        if at in unmatched and (found := _twin(line, namesakes, by_twin, entries)):
            yield at, *found
        namesakes.append(at)
        for pair in line.twin:
            by_twin.setdefault(pair, at)


def _twin(
    line: Line, namesakes: Sequence[int], by_twin: dict[tuple[str, int], int], entries: Sequence[Entry]
) -> tuple[Twin, int] | None:
    here = next((at for at in namesakes if _may_be(line, entries[at].line)), None)
    if here is not None:
        return (Twin.ONE if _shared(line, entries[here].line, _PAPERS) else Twin.PERHAPS), here
    pairs = (pair for pair in line.twin if pair in by_twin and pair[0] != "year")
    there = next((by_twin[pair] for pair in pairs if _may_be(line, entries[by_twin[pair]].line)), None)
    return None if there is None else (Twin.ELSEWHERE, there)


def _may_be(a: Line, b: Line) -> bool:
    """One name, and nothing of their own that differs."""
    return same_person(a.name, b.name) and not _contradict(a, b)


def _contradict(a: Line, b: Line) -> bool:
    for what in _OWN:
        one, other = ({number for name, number in line.twin if name == what} for line in (a, b))
        if one and other and not one & other:
            return True
    return False


def _shared(a: Line, b: Line, kinds: Collection[str]) -> bool:
    return any(what in kinds for what, _ in a.twin & b.twin)
