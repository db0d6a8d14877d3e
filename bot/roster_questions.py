"""What an import cannot decide by itself, asked at the terminal: one question for many, or one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import click

from bot.core import roster_words as words
from bot.core.roster import Line
from bot.core.roster_match import Register, plan
from bot.core.roster_places import PlaceDoubt
from bot.core.roster_plan import Doubt, Plan, Verdict, Why

_CHOICES: Final[tuple[Verdict, ...]] = ("same", "new", "hold")
_EACH: Final = "each"


def settle(lines: Sequence[Line], register: Register, *, ask: bool, otherwise: str) -> Plan:
    """The plan once its doubts are answered; without `ask` every answer is `otherwise`.

    An answer can bring a new question, such as the people of a unit that was unclear.
    """
    verdicts: dict[str, str] = {}
    while True:
        found = plan(lines, register, verdicts)
        unanswered = {doubt.key for doubt in found.place_doubts} | {doubt.key for doubt in found.doubts}
        unanswered -= verdicts.keys()
        if not unanswered or (not ask and otherwise == "hold"):
            return found
        verdicts |= _asked(found, verdicts, register) if ask else dict.fromkeys(unanswered, otherwise)


def _asked(found: Plan, answered: dict[str, str], register: Register) -> dict[str, str]:
    """Places first: whose unit is unclear cannot be looked for."""
    places = [doubt for doubt in found.place_doubts if doubt.key not in answered]
    if places:
        return {doubt.key: _about_place(doubt) for doubt in places}
    units = {unit.id: unit.name for unit in register.units}
    verdicts: dict[str, str] = {}
    for why, question, group in words.doubts(doubt for doubt in found.doubts if doubt.key not in answered):
        verdicts |= _about_people(why, question, group, units)
    return verdicts


def _about_place(doubt: PlaceDoubt) -> str:
    click.echo(f"\n{words.place_doubt(doubt)}")
    return _choose(("Đúng, là một nơi", "Không, là nơi khác", "Để lại, chưa nhập những người này"), _CHOICES)


def _about_people(why: Why, question: str, group: Sequence[Doubt], units: dict[int, str]) -> dict[str, str]:
    click.echo(f"\n{question}")
    for doubt in group:
        click.echo(f"  - {words.doubt(doubt, units)}")
    labels = (*words.ANSWERS[why], "Để lại, chưa nhập")
    if len(group) == 1:
        return {group[0].key: _choose(labels, _CHOICES)}
    everybody = tuple(f"{label} (cả {len(group)} người)" for label in labels)
    chosen = _choose((*everybody, "Hỏi từng người"), (*_CHOICES, _EACH))
    if chosen != _EACH:
        return {doubt.key: chosen for doubt in group}
    verdicts = {}
    for doubt in group:
        click.echo(f"\n  {words.doubt(doubt, units)}")
        verdicts[doubt.key] = _choose(labels, _CHOICES)
    return verdicts


def _choose(labels: Sequence[str], values: Sequence[str]) -> str:
    for number, label in enumerate(labels, 1):
        click.echo(f"    {number}. {label}")
    return values[click.prompt("    Chọn số", type=click.IntRange(1, len(labels))) - 1]
