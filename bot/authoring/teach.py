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
from bot.core.reader import ZERO, pack

TARGET = Path(__file__).parent.parent / "intents.bin"
_ROUNDS, _A_ROUND = 14, 340  # rounds, and sentences an intent in each
_RATE, _FORGOTTEN = 1.2, 0.25  # learning rate; share of features left out of each sentence

Row = list[float]


def teach(sayings: Sayings, *, rounds: int = _ROUNDS, seed: int = 7, each: int = _A_ROUND) -> bytes:
    """The packed reader that these sayings teach."""
    dice = random.Random(seed)
    rows: dict[int, Row] = {}
    known = sayings.known()
    for number in range(rounds):
        rate = _RATE * (1 - number / rounds) + 0.05
        lessons = [(name, *sayings.sentence(name, dice)) for name in ALL for _ in range(each)]
        dice.shuffle(lessons)
        wrong = sum(_learn(rows, known, lesson, rate, dice) for lesson in lessons)
        print(f"{number + 1}/{rounds}: {wrong / len(lessons):.4f} wrong", file=sys.stderr, flush=True)  # noqa: T201
    return pack(ALL, known, *_bytes(rows))


def _learn(
    rows: dict[int, Row], known: frozenset[str], lesson: tuple[str, str, str], rate: float, dice: random.Random
) -> bool:
    """One step towards the right meaning of one sentence. True where it was misunderstood before."""
    name, text, role = lesson
    found = features(*typed(text, dice, name), known, staff=role != "member")
    found = [bucket for bucket in found if dice.random() > _FORGOTTEN]
    mine = [rows.setdefault(bucket, [0.0] * len(ALL)) for bucket in found]
    share = 1 / math.sqrt(len(found) or 1)
    allowed = in_play(role)
    totals = [sum(column) * share if label in allowed else -99.0 for label, column in zip(ALL, zip(*mine), strict=True)]
    best = max(totals)
    odds = [math.exp(total - best) for total in totals]
    whole, right = sum(odds), ALL.index(name)
    pulls = [(place, (place == right) - odd / whole) for place, odd in enumerate(odds)]
    for place, pull in pulls:
        if abs(pull) > 0.01:
            step = rate * share * pull
            for row in mine:
                row[place] += step
    return totals[right] < best


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
