"""The invitation sheets: every way that runs and no other, the right square, nothing that is not escaped."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import segno
from docx import Document
from docx.shared import Mm, Pt

from bot.content import load
from bot.core.guide import ZaloBotSign
from bot.core.imprint import Imprint, Ways
from bot.reports.invites import Sheet, Sheets, build

GUIDES = Path(__file__).parents[2] / "guides"
WAYS = Ways("camtay_bot", "https://xa.example", "987", {"11": ZaloBotSign(name="Cầm Tay Nà Pán")})
UNIT = Sheet("NAPAN", "Thôn Nà Pán", account="11")
PERSON = Sheet(
    "K7MH3WXA", "Thôn Nà Pán", "Hoàng Thị Hiền", "coordinator", datetime(2027, 1, 22, 17, 30, tzinfo=UTC), "11"
)


def imprint(ways: Ways = WAYS, phone: str | None = "0205 3 837 123") -> Imprint:
    commune = load(GUIDES).commune
    return Imprint(commune.model_copy(update={"words": {"so_ho_tro": phone}}), ways, "Asia/Ho_Chi_Minh")


def html(*sheets: Sheet, ways: Ways = WAYS, phone: str | None = "0205 3 837 123") -> str:
    return build(Sheets("html", sheets), imprint(ways, phone)).decode()


def text_of(docx: bytes) -> str:
    xml = zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()
    return " ".join(re.sub(r"<[^>]+>", " ", xml).replace("\u00a0", " ").split())


def square(address: str) -> str:
    return segno.make_qr(address, error="m").svg_inline(scale=4, border=2, omitsize=True)


def test_a_unit_sheet_says_all_there_is_to_know() -> None:
    page = html(UNIT)
    for said in ("đảng viên thôn Nà Pán", "NAPAN", "Miễn phí", "Ủy ban nhân dân xã Bắc Sơn", "0205 3 837 123"):
        assert said in page
    assert "Không bao giờ hỏi mật khẩu" in page
    assert "tìm &#34;Cầm Tay Nà Pán&#34;" in page
    for address in ("https://t.me/camtay_bot?start=NAPAN", "https://xa.example/vao/NAPAN", "https://zalo.me/987"):
        assert square(address) in page


def test_only_the_channels_that_run_are_printed() -> None:
    page = html(UNIT, ways=Ways(web="https://xa.example"))
    assert page.count("<svg") == 1
    assert "Zalo" not in page
    assert "Telegram" not in page
    assert "Hỏi xã đường vào" in html(UNIT, ways=Ways())
    assert "hỏi trưởng thôn" in html(UNIT, phone=None)


def test_of_several_zalo_bots_the_one_that_keeps_the_seat() -> None:
    bots = {
        "1": ZaloBotSign(name="Một", link="https://zalo.me/s/1"),
        "2": ZaloBotSign(name="Hai", link="https://zalo.me/s/2"),
    }
    page = html(Sheet("NAPAN", "Thôn Nà Pán", account="2"), ways=Ways(zalo_bots=bots))
    assert square("https://zalo.me/s/2") in page
    assert page.count("<svg") == 1
    assert "Zalo" not in html(UNIT, ways=Ways(zalo_bots=bots))


def test_a_personal_sheet_names_its_day_and_two_share_a_page() -> None:
    page = html(PERSON, PERSON, PERSON)
    assert page.count("<section") == 2
    assert page.count("<article") == 3
    assert page.count("<svg") == 3, "Zalo is found by name there, and the page is the second way"
    assert "Trưởng thôn, khối trưởng, Thôn Nà Pán" in page
    assert "đến hết 23/01/2027" in page, "the local day"
    assert "K7MH 3WXA" in page


def test_a_name_is_never_markup() -> None:
    page = html(Sheet("K7MH3WXA", "<b>Thôn", "<script>alert(1)</script>"))
    assert "<script>" not in page
    assert "<b>Thôn" not in page


@pytest.mark.parametrize("sheets", [(UNIT,), (PERSON, PERSON)])
def test_the_docx_says_the_same(sheets: tuple[Sheet, ...]) -> None:
    made = build(Sheets("docx", sheets), imprint())
    text = text_of(made)
    for said in (sheets[0].code[:4], "Miễn phí.", "0205 3 837 123", "Ủy ban nhân dân xã Bắc Sơn"):
        assert text.count(said) >= len(sheets)
    document = Document(io.BytesIO(made))
    assert len(document.inline_shapes) == (3 if len(sheets) == 1 else 2)
    assert abs((document.sections[0].page_width or 0) - Mm(210)) < Pt(1)


def test_what_an_elder_reads_is_in_20_points() -> None:
    document = Document(io.BytesIO(build(Sheets("docx", (UNIT,)), imprint())))
    runs = [run for paragraph in document.paragraphs[1:] for run in paragraph.runs if run.text.strip()]
    assert all(run.font.size and run.font.size >= Pt(20) for run in runs)
