"""Giấy mời: one page for a whole unit, or two people a page, to be cut apart; as docx or as HTML for printing.

Recipes: `invites:unit:<id>:<format>` · `invites:people:<unit id>:<format>` · `invites:person:<id>:<format>` ·
`invites:role:<role>:<format>` · `invites:all:units:<format>`. The codes must be there already: making one is a
decision of whoever asks, reading one is not.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
import yaml
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.core import codes
from bot.core.errors import NoPaper
from bot.core.imprint import Imprint, Ways
from storage import grants, invites, people, units
from storage.db import Conn

FORMATS = ("docx", "html")
_HERE = Path(__file__).parent
_EVERYWHERE = ("office", "admin")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One invitation. `account`: the Zalo bot that keeps a seat for it; None: none has room."""

    code: str
    unit: str
    person: str = ""
    role: str = ""
    expires_at: datetime | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Sheets:
    format: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, as it is printed. `address` is what the square says; empty: there is none, only words."""

    title: str
    how: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    heading: str
    role: str
    code: str
    spaced: str
    valid: str
    ways: tuple[Way, ...]


def may(conn: Conn, person_id: int, args: tuple[str, ...]) -> bool:
    """The office prints everything, a coordinator what belongs to their unit."""
    held = grants.roles(conn, person_id)
    if any(grant.role in _EVERYWHERE and grant.is_everywhere for grant in held):
        return True
    unit = _unit_of(conn, args)
    return unit is not None and any(grant.role == "coordinator" and grant.scope_unit_id == unit for grant in held)


def read(conn: Conn, args: tuple[str, ...], now: datetime) -> Sheets:
    """The codes in force of what is asked for.

    Raises:
        NoPaper: there is none.
    """
    kind, whose, format_ = args if len(args) == 3 else ("", "", "")
    sheets = tuple(_sheets(conn, kind, whose, now))
    if format_ not in FORMATS or not sheets:
        raise NoPaper
    return Sheets(format_, sheets)


def build(data: Sheets, imprint: Imprint) -> bytes:
    printed = [_printed(sheet, imprint) for sheet in data.sheets]
    a_page = 2 if data.sheets[0].person else 1
    pages = [printed[first : first + a_page] for first in range(0, len(printed), a_page)]
    draw = _docx if data.format == "docx" else _html
    return draw(pages, imprint)


def _sheets(conn: Conn, kind: str, whose: str, now: datetime) -> Iterator[Sheet]:
    number = int(whose) if whose.isdigit() else 0
    if kind in ("all", "unit"):
        chosen = [unit.id for unit in units.all_(conn)] if kind == "all" else [number]
        return (sheet for unit_id in chosen for sheet in _of_unit(conn, unit_id, now))
    if kind == "role":
        return _of_people(conn, [person.id for person in grants.all_with(conn, whose)], now)
    people_ = [person.id for person in people.members_of(conn, number)] if kind == "people" else [number]
    return _of_people(conn, people_, now)


def _of_unit(conn: Conn, unit_id: int, now: datetime) -> Iterator[Sheet]:
    unit, found = units.get(conn, unit_id), invites.of_unit(conn, unit_id, now)
    if unit and found:
        yield Sheet(found.code, unit.name, account=found.account)


def _of_people(conn: Conn, ids: Iterable[int], now: datetime) -> Iterator[Sheet]:
    for person_id in ids:
        person, found = people.get(conn, person_id), invites.of_person(conn, person_id, now)
        if person and found:
            unit = units.get(conn, person.unit_id) if person.unit_id else None
            held = next(iter(grants.roles(conn, person.id)), None)
            name, role = unit.name if unit else "", held.role if held else ""
            yield Sheet(found.code, name, person.name, role, found.expires_at, found.account)


def _unit_of(conn: Conn, args: tuple[str, ...]) -> int | None:
    """The unit that the document is about, if it is about just one."""
    kind, whose = args[:2] if len(args) == 3 else ("", "")
    if kind in ("unit", "people"):
        return int(whose) if whose.isdigit() else None
    person = people.get(conn, int(whose)) if kind == "person" and whose.isdigit() else None
    return person.unit_id if person else None


def _printed(sheet: Sheet, imprint: Imprint) -> Printed:
    words = _words()
    heading = (
        words["person"].format(name=sheet.person) if sheet.person else words["unit"].format(unit=_small(sheet.unit))
    )
    role = words["roles"].get(sheet.role, "")
    below = ", ".join(part for part in (role, sheet.unit) if part) if sheet.person else ""
    valid = words["lasts"].format(unit=_small(sheet.unit))
    if sheet.expires_at:
        day = sheet.expires_at.astimezone(ZoneInfo(imprint.zone)).strftime("%d/%m/%Y")
        valid = words["once"].format(day=day)
    return Printed(heading, below, sheet.code, codes.spaced(sheet.code), valid, tuple(_ways(sheet, imprint.ways)))


def _small(name: str) -> str:
    """`Thôn Nà Pán` inside a sentence; `UBND xã` stays as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _ways(sheet: Sheet, ways: Ways) -> Iterator[Way]:
    words = _words()["ways"]
    for kind, address, name in ways.into(sheet.code, sheet.account) or [("none", "", "")]:
        how: str = words[kind]["scan" if address else "search"]
        yield Way(words[kind]["title"], how.format(name=name), address)


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((_HERE / "invites.yaml").read_text("utf-8"))
    return words


def _by(imprint: Imprint) -> str:
    by: str = _words()["by"].format(runs_it=imprint.commune.runs_it, province=imprint.commune.province)
    return by


def _html(pages: Sequence[Sequence[Printed]], imprint: Imprint) -> bytes:
    loader = FileSystemLoader(_HERE)
    drawing = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = drawing.get_template("invites.html")
    half = any(len(page) > 1 for page in pages)
    phone = imprint.commune.words.get("so_ho_tro")
    return template.render(words=_words(), pages=pages, half=half, by=_by(imprint), phone=phone, qr=_square).encode()


def _square(address: str) -> Markup:
    return Markup(segno.make_qr(address, error="m").svg_inline(scale=4, border=2, omitsize=True))


def _docx(pages: Sequence[Sequence[Printed]], imprint: Imprint) -> bytes:
    document = Document()
    _paper_a4(document)
    small = any(len(page) > 1 for page in pages)
    for number, page in enumerate(pages):
        for place, printed in enumerate(page):
            top = _line(document, _by(imprint), 12)
            top.paragraph_format.page_break_before = number > 0 and place == 0
            if place:
                _cut_here(top)
            _one(document, printed, imprint, small)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _paper_a4(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(10)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(20)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)


def _one(document: Any, printed: Printed, imprint: Imprint, small: bool) -> None:
    words, text = _words(), 20
    gap = 2 if small else 16
    _line(document, printed.heading, 22 if small else 30, bold=True, before=gap)
    if printed.role:
        _line(document, printed.role, text)
    _line(document, f"{words['what']} {words['safe']}", text, centred=False, before=gap, after=gap)
    _code(document, printed, text, 34 if small else 44)
    if small:
        _beside(document, printed.ways[:1] + printed.ways[1:][-1:], text)
    else:
        _below(document, printed.ways, text, gap)
    _line(document, printed.valid, text, centred=False, before=gap)
    phone = imprint.commune.words.get("so_ho_tro")
    _line(document, f"{words['help']} {phone}" if phone else words["help_unknown"], text, centred=False)


def _code(document: Any, printed: Printed, text: int, large: int) -> None:
    """The code in a frame, in letters that are easily told apart."""
    table = document.add_table(rows=1, cols=1, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    paragraph = _line(table.cell(0, 0), _words()["code"] + " ", text)
    run = paragraph.add_run(printed.spaced.replace(" ", "\u00a0"))
    run.bold, run.font.size, run.font.name = (
        True,
        Pt(large if len(printed.code) <= 10 else large * 3 // 4),
        "Courier New",
    )


def _below(document: Any, ways: Sequence[Way], text: int, gap: int) -> None:
    """Side by side, each square with its words below."""
    table = document.add_table(rows=1, cols=len(ways))
    for cell, way in zip(table.rows[0].cells, ways, strict=True):
        _line(cell, way.title, text, bold=True, before=gap)
        if way.address:
            _draw(_line(cell, "", text), way.address, Mm(54))
        _line(cell, way.how, text)


def _beside(document: Any, ways: Sequence[Way], text: int) -> None:
    """Where there is little height: each square with its words to the right."""
    table = document.add_table(rows=1, cols=2 * len(ways))
    for place, way in enumerate(ways):
        square, words = table.rows[0].cells[2 * place : 2 * place + 2]
        square.width, words.width = Mm(36), Mm(174 // len(ways) - 36)
        if way.address:
            _draw(_line(square, "", text, before=2), way.address, Mm(33))
        _line(words, way.how, text, centred=False, before=4)


def _draw(paragraph: Any, address: str, size: Mm) -> None:
    picture = io.BytesIO()
    segno.make_qr(address, error="m").save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    paragraph.add_run().add_picture(picture, width=size)


def _line(
    home: Any, text: str, size: int, *, bold: bool = False, centred: bool = True, before: int = 0, after: int = 0
) -> Any:
    """One paragraph; the first of a table's cell is there already."""
    empty = [each for each in home.paragraphs[-1:] if not each.runs and hasattr(home, "merge")]
    paragraph = empty[0] if empty else home.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    return paragraph


def _cut_here(paragraph: Any) -> None:
    """A dashed line above: the sheet is cut apart there."""
    paragraph.paragraph_format.space_before = Pt(14)
    dashed = '<w:top w:val="dashed" w:sz="8" w:space="10" w:color="555555"/>'
    border = parse_xml(f"<w:pBdr {nsdecls('w')}>{dashed}</w:pBdr>")
    paragraph._p.get_or_add_pPr().insert_element_before(border, "w:spacing", "w:jc")
