"""Three untidy workbooks of the same 1,600 people: each goes in, and the second time changes nothing."""

from __future__ import annotations

import asyncio
import io
import random
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import roster_desk, roster_file
from bot.core.roster import Sheet
from bot.core.roster_match import Register, plan
from bot.core.roster_plan import Plan
from bot.core.roster_sheet import read
from bot.workbooks import Workbook
from storage import roster
from storage.db import Conn, Database
from tests.databases import database_url, db, postgres
from tests.roster import book_kit
from tests.roster.book_kit import SECRETS, Somebody

__all__ = ["database_url", "db", "postgres"]

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


class Undone(Exception):
    """Takes back a rehearsal."""


def carry_out(conn: Conn, found: Plan, *, keep: bool) -> None:
    for step in roster_desk.steps(found, NOW):
        step.run(conn)
    if not keep:
        raise Undone


def kept(conn: Conn) -> set[tuple[Any, ...]]:
    return {
        (known.name, unit.lower(), cell.lower(), known.kind, known.exempt) for known, unit, cell in roster.members(conn)
    }


@pytest.mark.parametrize("name", list(book_kit.BOOKS))
async def test_the_same_people_come_out_of_each(
    name: str, db: Database, everybody: list[Somebody], book: Callable[[str], bytes]
) -> None:
    reading = roster_file.read(Workbook(book(name)), phones=False)
    assert not reading.errors
    first = plan(reading.lines, await db.run(roster_desk.register))
    with pytest.raises(Undone):
        await db.run(carry_out, first, keep=False)
    assert await db.run(kept) == set()
    await db.run(carry_out, first, keep=True)
    wanted = {(each.name, each.unit.lower(), each.cell.lower(), each.kind, each.exempt) for each in everybody}
    assert await db.run(kept) == wanted
    again = plan(reading.lines, await db.run(roster_desk.register))
    assert (again.is_empty, again.same, again.gone, again.held) == (True, len(everybody), [], 0)
    told = repr((reading.findings, [line.forgetful() for line in reading.lines], await db.run(roster.everybody)))
    assert not [secret for secret in SECRETS if secret in told]


KILLED = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from bot import roster_desk, roster_file
from bot.core.roster_match import plan
from bot.workbooks import Workbook
from storage.db import Database

async def main():
    db = await Database.open(sys.argv[1])
    lines = roster_file.read(Workbook(Path(sys.argv[2]).read_bytes()), phones=False).lines
    found = plan(lines, await db.run(roster_desk.register))
    roster_desk.BATCH = 10
    for step in roster_desk.steps(found, datetime.now(UTC)):
        await db.run(step.run)
        print("step", flush=True)

asyncio.run(main())
"""


def live_and_die(url: str, file: Path) -> None:
    """An import that is killed after nine of its thirty-two steps, or in the tenth."""
    with subprocess.Popen([sys.executable, "-c", KILLED, url, str(file)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(9):
            process.stdout.readline()
        process.kill()


async def test_an_import_that_was_killed_is_finished_by_repeating_it(tmp_path: Path, database_url: str) -> None:
    some = book_kit.people(300)
    file = tmp_path / "ds.xlsx"
    file.write_bytes(book_kit.sections(some))
    await asyncio.to_thread(live_and_die, database_url, file)
    opened = await Database.open(database_url)
    half = len(await opened.run(kept))
    assert 0 < half < 300
    lines = roster_file.read(Workbook(file.read_bytes()), phones=False).lines
    await opened.run(carry_out, plan(lines, await opened.run(roster_desk.register)), keep=True)
    whole = await opened.run(roster.everybody)
    again = plan(lines, await opened.run(roster_desk.register))
    await opened.close()
    assert len({known.code for known in whole}) == len(whole) == 300
    assert again.is_empty


COLUMNS = {
    "name": ("Họ và tên", "HỌ VÀ TÊN ĐẢNG VIÊN", "Họ\ntên", "ho va ten", "Họ và tên đv"),
    "unit": ("Thôn/KP", "Đơn vị", "THÔN", "Thôn, khối phố", "don vi"),
    "cell": ("Chi bộ", "CHI  BỘ", "Chi bộ sinh hoạt", "chi bo"),
    "kind": ("Loại đảng viên", "Dự bị/Chính thức", "CT/DB"),
    "exempt": ("Miễn SH", "Miễn công tác,\nsinh hoạt", "mien sinh hoat"),
    "private": ("Số CCCD", "Ngày sinh", "Quê quán", "Dân tộc"),
    "order": ("STT", "TT", "Số TT"),
    "unused": ("Trình độ", "Chức vụ"),
}
SOME = book_kit.people(24, seed=5)


def cell_of(column: str, number: int, each: Somebody, draw: random.Random) -> object:
    written: dict[str, Callable[[], object]] = {
        "name": lambda: book_kit.noisy(draw, each.name),
        "unit": lambda: draw.choice([each.unit, each.unit.upper(), f" {each.unit}\u00a0", f"{each.unit}, xã Bắc Sơn"]),
        "cell": lambda: draw.choice([each.cell, each.cell.upper(), each.cell.replace("Chi bộ", "CB")]),
        "kind": lambda: "Dự bị" if each.kind == "probationary" else draw.choice(["", "Chính thức", "chinh thuc"]),
        "exempt": lambda: draw.choice(["x", "có", "X"]) if each.exempt else draw.choice(["", None, "không"]),
        "private": lambda: draw.choice(SECRETS),
        "order": lambda: draw.choice([number, float(number), str(number)]),
        "unused": lambda: draw.choice(["12/12", None]),
    }
    return written[column]()


def shuffled(draw: random.Random, form: Any) -> Sheet:
    """The same people under other headers, in other columns, between other rows."""
    columns = list(COLUMNS)
    draw.shuffle(columns)
    rows: list[Sequence[Any]] = [["DANH SÁCH ĐẢNG VIÊN"]] * draw.randint(0, 3)
    rows.append([unicodedata.normalize(form, draw.choice(COLUMNS[column])) for column in columns])
    people = list(SOME)
    draw.shuffle(people)
    for number, each in enumerate(people, 1):
        row = [cell_of(column, number, each, draw) for column in columns]
        rows.append([unicodedata.normalize(form, cell) if isinstance(cell, str) else cell for cell in row])
        rows.extend([[None] * len(columns)] * (draw.random() < 0.1))
    return Sheet("Sheet1", [*rows, ["", "Tổng cộng", len(people)]])


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["NFC", "NFD"]))
def test_order_spelling_and_noise_change_nobody(draw: random.Random, form: str) -> None:
    found = plan(read(shuffled(draw, form)).lines, Register())
    seen = {
        (e.line.name, e.unit and e.unit.name.lower(), e.cell and e.cell.name.lower(), e.line.kind, bool(e.line.exempt))
        for e in found.adds
    }
    assert seen == {(each.name, each.unit.lower(), each.cell.lower(), each.kind, each.exempt) for each in SOME}


def test_the_workbooks_hold_what_must_not_be_kept(book: Callable[[str], bytes]) -> None:
    """Otherwise the tests above would show nothing."""
    for name, secret in (("one_sheet", SECRETS[0]), ("sheet_each", SECRETS[1]), ("sections", SECRETS[3])):
        with zipfile.ZipFile(io.BytesIO(book(name))) as packed:
            assert any(secret.encode() in packed.read(part) for part in packed.namelist())
