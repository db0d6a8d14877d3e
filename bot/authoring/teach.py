"""Teaches the reader of meanings: `python -m bot.authoring.teach` reads `sayings/` and writes `bot/intents.bin`.

Kinds of saying become thousands of sentences, typed as hurried fingers type them; from those a softmax over
hashed features is learnt with plain stochastic gradient descent. Deterministic: the same sayings give the same file.
"""

from __future__ import annotations

import math
import random
import sys
from pathlib import Path

from bot.authoring.grammar import Sayings, read_sayings
from bot.authoring.slips import typed
from bot.core.features import BUCKETS, features
from bot.core.intents import ALL, in_play
from bot.core.lexicon import Lexicon
from bot.core.reader import ZERO, pack

TARGET = Path(__file__).parent.parent / "intents.bin"
_ROUNDS, _A_ROUND = 12, 500  # rounds, and sentences an intent in each
_OFTENER = {"out_of_scope": 5, "unclear": 2, "not_done": 2, "done": 2}  # said in more ways than others
_RATE, _FORGOTTEN = 1.2, 0.4  # learning rate; share of features left out of each sentence
_NEVER, _WORTH_IT = -99.0, 0.01

Row = list[float]


def teach(sayings: Sayings, *, rounds: int = _ROUNDS, seed: int = 7, each: int = _A_ROUND) -> bytes:
    """The packed reader that these sayings teach."""
    dice = random.Random(seed)
    rows: dict[int, Row] = {}
    lexicon = sayings.lexicon()
    for number in range(rounds):
        rate = _RATE * (1 - number / rounds) + 0.05
        names = [name for name in ALL for _ in range(each * _OFTENER.get(name, 1))]
        lessons = [(name, *sayings.sentence(name, dice)) for name in names]
        dice.shuffle(lessons)
        wrong = sum(_learn(rows, lexicon, lesson, rate, dice) for lesson in lessons)
        told = f"{number + 1}/{rounds}: {wrong / len(lessons):.4f} wrong"
        print(told, file=sys.stderr, flush=True)  # noqa: T201  # a tool for authors, at a terminal
    return pack(ALL, lexicon, *_bytes(rows))


def _learn(
    rows: dict[int, Row], lexicon: Lexicon, lesson: tuple[str, str, str], rate: float, dice: random.Random
) -> bool:
    """One step towards the right meaning of one sentence. True where it was misunderstood before."""
    name, text, role = lesson
    found = features(*typed(text, dice, name), lexicon, staff=role != "member")
    kept = [bucket for bucket in found if dice.random() > _FORGOTTEN] or found
    mine = [rows.setdefault(bucket, [0.0] * len(ALL)) for bucket in kept]
    share = 1 / math.sqrt(len(kept))
    odds = _odds(mine, share, in_play(role))
    right = ALL.index(name)
    for place, odd in enumerate(odds):
        pull = (place == right) - odd
        if abs(pull) > _WORTH_IT:
            step = rate * share * pull
            for row in mine:
                row[place] += step
    return odds[right] < max(odds)


def _odds(mine: list[Row], share: float, allowed: frozenset[str]) -> list[float]:
    """How likely each intent is, by what was learnt so far."""
    sums = map(sum, zip(*mine, strict=True))
    totals = [total * share if label in allowed else _NEVER for label, total in zip(ALL, sums, strict=True)]
    best = max(totals)
    odds = [math.exp(total - best) for total in totals]
    whole = sum(odds)
    return [odd / whole for odd in odds]


def _bytes(rows: dict[int, Row]) -> tuple[bytes, float]:
    """The weights as bytes, and what one unit is worth."""
    largest = sorted(abs(weight) for row in rows.values() for weight in row)[-max(1, len(rows) // 50)]
    unit = largest / 127
    packed = bytearray([ZERO]) * (BUCKETS * len(ALL))
    for bucket, row in rows.items():
        at = bucket * len(ALL)
        packed[at : at + len(ALL)] = bytes(max(0, min(255, ZERO + round(weight / unit))) for weight in row)
    return bytes(packed), unit


if __name__ == "__main__":
    TARGET.write_bytes(teach(read_sayings()))
