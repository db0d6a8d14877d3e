"""A free sentence about several people, taken apart: who, how it stands with them, and on which day.

"xong bác Tư, bà Hiền Nà Pán chưa có máy" → two lines to read back before anything is saved. What a sentence
leaves open stays open: a bare "xong" tells no status, a name that several bear (or nobody) is `ambiguous`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, zip_longest

from bot.core.listed import Listed
from bot.core.telling_days import Day, find_day
from bot.core.telling_names import Mention, mentions
from bot.core.telling_status import Said, read_status
from bot.core.telling_words import Token, plain_text, sentence_starts, tokens

__all__ = ["Day", "Listed", "Told", "read_report"]


@dataclass(frozen=True, slots=True)
class Told:
    """One person of a report. `code` where the roster settles it; else `name` as it was said, and `ambiguous`."""

    name: str
    code: str | None = None
    unit: str | None = None  # as the roster names it, where it was said of an ambiguous name
    status: str | None = None  # a code of the report; None: nothing was told that says how it stands
    ambiguous: bool = False
    day: Day | None = None  # None: no day was told, so today


@dataclass(frozen=True, slots=True)
class _Piece:
    """A person, and the words around: what leads up to the name, and what follows up to the next name.

    `own` is what follows without the last clause, which leads up to the next name.
    """

    who: Mention
    before: tuple[Token, ...]
    after: tuple[Token, ...]
    own: tuple[Token, ...]


def read_report(text: str, people: Sequence[Listed]) -> tuple[Told, ...]:
    """Every person the text tells of, in its order, each once: a later word about the same one counts.

    Told without tone marks, in raw Telex or with codes alike. Empty where nobody is named.
    """
    words = tokens(text)
    found = mentions(words, people)
    day: Day | None = None
    told: dict[str, Told] = {}
    for pieces in _sentences(words, found):
        for piece, status in zip(pieces, _statuses(pieces), strict=True):
            day = find_day(plain_text(piece.before)) or find_day(plain_text(piece.own)) or day
            line = _told(piece.who, status, day)
            told[line.code or f"{line.name} {line.unit}"] = line
    return tuple(told.values())


def _told(who: Mention, status: str | None, day: Day | None) -> Told:
    code = who.codes[0] if len(who.codes) == 1 else None
    return Told(who.name, code, None if code else who.unit, status, code is None, day)


def _sentences(words: tuple[Token, ...], found: Sequence[Mention]) -> Iterator[list[_Piece]]:
    """The people of each sentence or line, with the words before the first and after each.

    A sentence that names nobody goes on about the last one named.
    """
    edges = sorted({max(start for start in sentence_starts(words) if start <= who.start) for who in found})
    for start, end in pairwise((*edges, len(words))):
        here = [who for who in found if start <= who.start < end]
        yield list(_pieces(words, here, start, end))


def _pieces(words: tuple[Token, ...], here: Sequence[Mention], start: int, end: int) -> Iterator[_Piece]:
    before = words[start : here[0].start]
    for who, following in zip_longest(here, here[1:]):
        after = words[who.end : following.start if following else end]
        signs = [place for place, word in enumerate(after) if word.is_sign] if following else []
        cut = signs[-1] if signs else len(after)
        yield _Piece(who, before, after, after[:cut])
        before = after[cut:]


def _statuses(pieces: Sequence[_Piece]) -> list[str | None]:
    """How it stands with each: told behind the name, before it, or shared ("A, B và C đều xong")."""
    own = [read_status(plain_text(piece.after)) for piece in pieces]
    lead = read_status(plain_text(pieces[0].before))
    joint = read_status(plain_text((*pieces[0].before, *pieces[0].after)))
    if lead.status and own[0].says and not own[0].status and joint.status:
        own[0] = joint
    if lead.says and not own[0].says:
        own = [lead, *own[1:]] if own[-1].says else [lead, *own[:-1]]
        return [said.status for said in accumulate(own, _else_before)]
    backwards = accumulate(reversed(own), _else_before)
    return [said.status for said in backwards][::-1]


def _else_before(before: Said, said: Said) -> Said:
    return said if said.says else before
