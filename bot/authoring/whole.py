"""All of `camtay check`: the rules over what is written, the sample conversations, the walk through every state."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from bot import discover
from bot.authoring import check as reading
from bot.authoring import explore as walking
from bot.authoring import talk, texts
from bot.authoring.explore_staff import explore_staff
from bot.authoring.player import desk_of
from bot.context import House
from bot.core.rules import LEVELS, SAYS, Finding, errors, in_order
from bot.render import Words
from bot.turn import Desk
from storage.db import Conn, Database


@dataclass(frozen=True, slots=True)
class Result:
    """Everything found, and how far the walk went."""

    findings: list[Finding]
    states: int
    moves: int
    conversations: int
    seconds: float

    @property
    def has_errors(self) -> bool:
        return any(errors(self.findings))

    def text(self) -> str:
        return reading.as_text(self.findings, f"{reading.tally(self.findings)} {self._walked()}")

    def json(self) -> str:
        numbers = {"states": self.states, "moves": self.moves, "conversations": self.conversations}
        return reading.as_json(self.findings, **numbers, seconds=round(self.seconds, 1))

    def _walked(self) -> str:
        if not self.states:
            return "Chưa đi thử trên bot."
        return (
            f"Đã đi thử {self.states} chỗ, {self.moves} cách đi, {self.conversations} đoạn nói chuyện "
            f"trong {self.seconds:.1f} giây."
        )


def check(folder: Path, *, explore: bool = True) -> Result:
    """Read, judge, and (unless a guide cannot even be read) walk."""
    began = time.perf_counter()
    seen, findings = reading.inspect(folder)
    house = House(seen.library, Words(seen.library.commune.words), discover.book())
    findings += texts.inspect(house.book, seen.library.commune)
    scripts, faults = talk.scripts(folder)
    findings += faults
    walked = walking.Found()
    if explore and not seen.broken and seen.library.guides:
        walked = asyncio.run(_on_engine(desk_of(house), scripts, findings))
    everything = in_order((*findings, *walked.findings))
    return Result(everything, walked.states, walked.moves, len(scripts), time.perf_counter() - began)


def rules() -> str:
    """Every rule in one line each."""
    marks = {"error": "lỗi", "warning": "nên xem lại"}
    return "\n".join(f"{name:<26}{marks[LEVELS[name]]:<13}{SAYS[name]}" for name in sorted(LEVELS))


async def _on_engine(desk: Desk, scripts: list[talk.Script], findings: list[Finding]) -> walking.Found:
    db = await Database.open("sqlite://")
    try:
        findings += await db.run(_play_all, desk, scripts)
        walked = await db.run(walking.explore, desk)
        await db.run(explore_staff, desk, walked)
        return walked
    finally:
        await db.close()


def _play_all(conn: Conn, desk: Desk, scripts: list[talk.Script]) -> list[Finding]:
    return [finding for script in scripts for finding in talk.play(conn, desk, script)]
