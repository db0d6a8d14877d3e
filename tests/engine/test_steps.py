"""How steps look: every step, repair and end of our guides, in every form, says nothing unfilled."""

from __future__ import annotations

import re

import pytest

from bot import steps
from bot.context import House
from bot.core.forms import FORMS

LEFT_OVER = re.compile(r"\bNone\b|\{\w+\}|\{\{")


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_left_unfilled(house: House, form: str) -> None:
    for guide in house.library.guides.values():
        said = [steps.show_end(house.words, form, guide)]
        said += [steps.show(house.words, form, guide, step) for step in guide.steps]
        said += [
            steps.show_repair(house.words, form, house.library, guide, step, number)
            for step in guide.steps
            for number in range(len(step.stuck) + 2)
        ]
        for reply in said:
            alt = reply.picture.alt if reply.picture else ""
            whole = "\n".join((reply.text, alt, *(choice.label for choice in reply.choices)))
            assert not LEFT_OVER.search(whole), f"{guide.slug}: {whole}"


def test_each_step_tells_its_place_and_each_repair_is_another(house: House) -> None:
    guide = house.library.guides["android"]
    for place, step in enumerate(guide.steps, 1):
        said = steps.show(house.words, "bac", guide, step).text
        assert f"Bước {place} trong {len(guide.steps)}" in said
        ways = [
            steps.show_repair(house.words, "bac", house.library, guide, step, number).text
            for number in range(1, len(step.stuck) + 1)
        ]
        assert len({said, *ways}) == len(ways) + 1
        past = steps.show_repair(house.words, "bac", house.library, guide, step, 99).text
        assert not ways or past == ways[-1]
