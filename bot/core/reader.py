"""A linear reader of meanings: adds up what each feature of a text says for each intent.

Its weights are learnt by `bot.authoring.teach` from `sayings/`; how often it is right is in benchmarks/README.md.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.features import BUCKETS, features
from bot.core.lexicon import Lexicon

ZERO: Final = 128  # a weight is kept as one byte, 0 to 255


@dataclass(frozen=True, slots=True)
class Reader:
    """`rows` holds, for each bucket, one byte an intent; `scale` turns a sum of bytes into what was learnt."""

    labels: tuple[str, ...]
    lexicon: Lexicon
    rows: bytes
    scale: float

    @classmethod
    def of(cls, packed: bytes) -> Reader:
        """From the form that `pack` gives."""
        head, _, body = zlib.decompress(packed).partition(b"\n")
        told = json.loads(head)
        lexicon = Lexicon(frozenset(told["known"].split()), told["senses"])
        return cls(tuple(told["labels"].split()), lexicon, body, told["scale"])

    def rank(
        self, words: list[str], key: list[str], allowed: Collection[str], *, staff: bool
    ) -> list[tuple[str, float]]:
        """The allowed intents and how likely each is, the likeliest first."""
        found = features(words, key, self.lexicon, staff=staff)
        told = [(total, label) for label, total in self._told(found) if label in allowed]
        told.sort(reverse=True)
        shares = [math.exp(total - told[0][0]) for total, _ in told]
        whole = sum(shares)
        return [(label, share / whole) for (_, label), share in zip(told, shares, strict=True)]

    def _told(self, found: Sequence[int]) -> Iterator[tuple[str, float]]:
        factor = self.scale / math.sqrt(len(found))
        for label, total in zip(self.labels, self._totals(found), strict=False):
            yield label, (total - ZERO * len(found)) * factor

    def _totals(self, found: Sequence[int]) -> list[int]:
        """The sum of each intent's bytes over all buckets.

        A row read as one long number holds an intent in every byte; its even and odd bytes, moved into lanes
        of two bytes, can be added for all intents at once.
        """
        size = len(self.labels)
        lanes = (size + 1) // 2
        mask = int.from_bytes(b"\xff\0" * lanes, "little")
        even = odd = 0
        for bucket in found:
            row = int.from_bytes(self.rows[bucket * size : bucket * size + size], "little")
            even += row & mask
            odd += row >> 8 & mask
        form = f"<{lanes}H"
        pairs = zip(_lanes(even, form), _lanes(odd, form), strict=True)
        return [total for pair in pairs for total in pair]


def _lanes(total: int, form: str) -> tuple[int, ...]:
    return struct.unpack(form, total.to_bytes(struct.calcsize(form), "little"))


def pack(labels: Sequence[str], lexicon: Lexicon, rows: bytes, scale: float) -> bytes:
    """The form in which a reader is kept in a file."""
    if len(rows) != BUCKETS * len(labels):
        raise ValueError("a row for each bucket, a byte for each intent")
    known = " ".join(sorted(lexicon.known))
    head = {"labels": " ".join(labels), "known": known, "senses": dict(lexicon.senses), "scale": scale}
    return zlib.compress(json.dumps(head).encode() + b"\n" + rows, 9)
