"""A roster somebody handed in and looks at before it is kept: the people as plain data, and what was shown of them.

Nobody is asked anything here: whoever is in doubt is left out and named, to be settled in the workbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from bot.core import roster_match, roster_words
from bot.core.roster import Line, Reading, What
from bot.core.roster_match import Register
from bot.core.roster_plan import Plan
from bot.roster_file import NobodyInIt

_NOT_TAKEN: Final = (What.WRITTEN_TWICE, What.NO_UNIT)


def made(reading: Reading, register: Register) -> dict[str, Any]:
    """What is kept until the person decides. Nothing in it that may not be kept for good.

    Raises:
        NobodyInIt: there is nothing to decide.
    """
    if not reading.lines:
        raise NobodyInIt
    whole = roster_match.plan(reading.lines, register)
    left_out = {doubt.key for doubt in whole.doubts}
    left_out |= {f"{found.sheet}:{found.row}" for found in whole.findings if found.what in _NOT_TAKEN}
    lines = [line.forgetful() for line in reading.lines if f"{line.sheet}:{line.row}" not in left_out]
    # What told two namesakes apart is not kept: whoever was found to be new stays so.
    verdicts = {f"{entry.line.sheet}:{entry.line.row}": "new" for entry in whole.adds}
    plan = roster_match.plan(lines, register, verdicts)
    units = {unit.id: unit.name for unit in register.units}
    return {
        "lines": [{**asdict(line), "twin": []} for line in lines],
        "verdicts": verdicts,
        "mark": plan.mark(),
        "summary": roster_words.summary(whole, reading),
        "sections": list(roster_words.sections(whole, reading, units)),
        "changes": not plan.is_empty,
    }


def planned(body: Mapping[str, Any], register: Register) -> Plan | None:
    """What was shown, to be carried out now; None when that would do something else by now."""
    lines = [_line(each) for each in body["lines"]]
    plan = roster_match.plan(lines, register, body["verdicts"])
    return plan if plan.mark() == body["mark"] else None


def again(body: Mapping[str, Any], register: Register) -> dict[str, Any]:
    """The same people against what the database knows by now."""
    return made(Reading(_lines(body["lines"])), register)


def _lines(rows: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(map(_line, rows))


def _line(row: Mapping[str, Any]) -> Line:
    return Line(**{**row, "twin": frozenset()})
