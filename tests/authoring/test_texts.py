"""The rules about the handlers' words, on small templates; and our own texts are clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import discover
from bot.authoring.texts import inspect, values_passed
from bot.core.guide import Commune
from bot.core.routing import Book, Routes
from bot.core.rules import errors

COMMUNE = Commune(name="xã Thử", province="tỉnh Thử", runs_it="Ủy ban", words={"so_truc": None})
CODE = """
def f(ctx):
    ctx.reply("thu.loi", name=1)
    ctx.say(f"thu.loi_{x}")
    ctx.tell(chat, "thu.bao", once=1, **more)
"""
GOOD = "{% block loi %}\n{{ Chau }} chào {{ bac }} {{ name }}.\n[thu:xem] Xem tiếp\n{% endblock %}\n"


@pytest.fixture
def book() -> Book:
    routes = Routes("thu")
    routes.tap("xem")(lambda ctx: None)
    return Book.bind([routes])


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name in ("handlers/texts", "bot"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "handlers/thu.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def found(house: Path, book: Book, template: str) -> set[str]:
    (house / "handlers/texts/thu.j2").write_text(template, encoding="utf-8")
    return {finding.rule for finding in inspect(book, COMMUNE, house / "handlers/texts", house)}


def test_a_good_text_has_no_fault(house: Path, book: Book) -> None:
    assert found(house, book, GOOD) == set()


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("T01-mau-sai", "{{ name }}", "{{ name"),
        ("T02-thieu-gia-tri", "{{ name }}", "{{ ten }}"),
        ("T03-nut-khong-dan", "[thu:xem]", "[thu:doc]"),
        ("T04-khoa-dai", "[thu:xem]", f"[thu:xem:{'x' * 60}]"),
        ("G31-nut-dai", "Xem tiếp", "Xem tiếp những bài còn lại"),
        ("G32-nut-giong-nhau", "Xem tiếp", "Xem tiếp\n[thu:xem:2] Xem tiep"),
        ("G20-cau-dai", "chào", "chào " + "rất " * 25),
        ("G24-tieng-nuoc-ngoai", "chào", "click"),
        ("G25-goi-ban", "chào {{ bac }}", "chào bạn"),
        ("G23-hoi-bi-mat", "chào {{ bac }}", "xin {{ bac }} gửi ảnh căn cước"),
        ("G14-dau-roi", "chào", "cha\u0300o"),
    ],
)
def test_a_fault_in_a_text_is_found(house: Path, book: Book, rule: str, old: str, new: str) -> None:
    assert rule in found(house, book, GOOD.replace(old, new, 1))


def test_the_very_first_message_is_short(house: Path, book: Book) -> None:
    texts = house / "handlers/texts"
    (texts / "hello.j2").write_text("{% block who %}\n" + "Chào ạ.\n" * 7 + "{% endblock %}\n", encoding="utf-8")
    assert {finding.rule for finding in inspect(book, COMMUNE, texts, house)} == {"T05-loi-dau-dai"}


def test_what_the_code_passes_is_read_from_its_calls(house: Path) -> None:
    passed = values_passed([house / "handlers/thu.py"])
    assert passed == {"thu.loi": {"name"}, "thu.loi_*": frozenset(), "thu.bao": {"once", "**"}}


def test_our_own_texts_are_clean() -> None:
    commune = Commune(name="xã Thử", province="tỉnh Thử", runs_it="Ủy ban", words={"so_ho_tro": None})
    assert not list(errors(inspect(discover.book(), commune)))
