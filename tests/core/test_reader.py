"""The reader adds up what was taught, exactly as taught; the file keeps all of it."""

from __future__ import annotations

from bot.authoring.grammar import Sayings, read_sayings
from bot.authoring.teach import teach
from bot.core.features import BUCKETS
from bot.core.intents import ALL
from bot.core.lexicon import Lexicon
from bot.core.reader import ZERO, Reader, pack

FEW = Sayings(
    {name: (f"{name} {place}",) for place, name in enumerate(ALL)} | {"cost": ("mat tien khong", "phi bao nhieu")},
    {},
    {"bao nhieu": "many"},
)


def test_what_was_taught_is_read() -> None:
    reader = Reader.of(teach(FEW, rounds=2, each=6))
    words = ["mat", "tien", "khong"]
    [(best, share), *_] = reader.rank(words, words, {"cost", "login"}, staff=False)
    assert best == "cost"
    assert share > 0.5


def test_teaching_again_gives_the_same_file() -> None:
    assert teach(FEW, rounds=1, each=2) == teach(FEW, rounds=1, each=2)


def test_sums_are_exact() -> None:
    labels = ("a", "b", "c")
    rows = bytearray([ZERO]) * (BUCKETS * 3)
    reader = Reader.of(pack(labels, Lexicon(frozenset({"x"}), {}), bytes(rows), 0.5))
    assert [share for _, share in reader.rank(["x"], ["x"], set(labels), staff=False)] == [1 / 3] * 3
    raised = bytes([ZERO, 255, 0] * BUCKETS)
    reader = Reader.of(pack(labels, Lexicon(frozenset({"x"}), {}), raised, 0.001))
    assert [label for label, _ in reader.rank(["x"], ["x"], set(labels), staff=False)] == ["b", "a", "c"]


def test_our_sayings_speak_of_every_intent() -> None:
    assert set(read_sayings().kinds) == {*ALL}


def test_a_slip_in_a_known_word_is_mended() -> None:
    lexicon = Lexicon(frozenset({"khong", "mat", "khau"}), {"mat khau": "password"})
    assert lexicon.mend(["khoog", "mat", "khaau", "qwrtz"]) == ["khong", "mat", "khau", "qwrtz"]
    assert lexicon.read(["mat", "khau", "gi"]) == ["=password", "gi"]
