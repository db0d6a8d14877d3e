"""People as buttons: short, and never two alike."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.progress import State
from bot.core.vietnamese import fold
from bot.scope import MAX_LABEL, Known, alike, labels
from storage.people import Person

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def known(name: str, code: str = "NP01", unit: str = "Thôn Nà Pán", step: int = 0) -> Known:
    person = Person(1, code, name, 1, 1, "official", False, None, None, False, NOW, None)
    return Known(person, unit, State(step=step))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Hoàng Văn Tư"], ["Hoàng Văn Tư"]),
        (["Nguyễn Hoàng Thị Bích Ngọc"], ["N. H. Thị Bích Ngọc"]),
        (["Hoàng Văn Tư", "Hoàng Văn Tứ"], ["Hoàng Văn Tư NP01", "Hoàng Văn Tứ NP02"]),
        (["Nguyễn Hoàng Bích Ngọc", "Nguyễn Hoàng Bích Ngọc"], ["N. H. Bích Ngọc NP01", "N. H. Bích Ngọc NP02"]),
    ],
)
def test_labels(names: list[str], said: list[str]) -> None:
    found = labels([known(name, f"NP{number:02}") for number, name in enumerate(names, 1)])
    assert len({fold(label) for label in found}) == len(names)
    assert max(map(len, found)) <= MAX_LABEL
    assert found == said


def test_the_one_still_to_do_comes_first_and_the_unit_tells_apart() -> None:
    done, left = known("Lý Thị Hiền", "NP02", step=3), known("Dương Thị Hiền", "BC01", "Khối phố Bó Chang")
    assert [each.code for each in alike([done, left], "bà Hiền")] == ["BC01", "NP02"]
    assert [each.code for each in alike([done, left], "bà Hiền", "Thôn Nà Pán")] == ["NP02"]
    assert [each.code for each in alike([done, left], "np02")] == ["NP02"]
