"""The preview page: whole, self-contained, with every step on every kind of channel."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.authoring import graph
from bot.authoring.preview import page
from bot.content import load

Change = Callable[[str, str, str], Path]
VOID = {"meta", "img", "path", "rect"}


class Reader(HTMLParser):
    """Which elements are open, and everything that is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
def read() -> Callable[[Path], Reader]:
    def reading(folder: Path) -> Reader:
        reader = Reader()
        reader.feed(page(folder))
        return reader

    return reading


def test_the_page_is_whole_and_needs_nothing_outside(guides: Path, read: Callable[[Path], Reader]) -> None:
    reader = read(guides)
    assert not reader.open
    assert all(address.startswith(("data:image/png;base64,", "#")) for address in reader.fetched)


def test_every_step_and_repair_is_there(guides: Path, read: Callable[[Path], Reader]) -> None:
    words = "\n".join(read(guides).words)
    for text in ('Bác mở ứng dụng "Sổ tay".', "Vuốt màn hình từ dưới lên", "Cách gỡ 2 (LOI-MANG)", "Tắt Wi-Fi"):
        assert text in words
    assert "1. Làm được rồi\n2. Chưa được\n3. Quay lại\n4. Nhờ người giúp" in words


def test_the_form_of_address_can_be_chosen(guides: Path) -> None:
    assert "Đồng chí mở ứng dụng" in page(guides, "dongchi")


def test_a_missing_local_fact_is_marked(change: Change, read: Callable[[Path], Reader]) -> None:
    change("commune.yaml", "ten_app: 'Sổ tay'", "ten_app: null")
    folder = change("bai-thu/guide.yaml", "    see: 'màn hình đầu.'", "    until_confirmed: 'Xã chưa báo tên.'")
    words = "\n".join(read(folder).words)
    assert "Xã chưa điền: ten_app" in words
    assert 'Bác mở ứng dụng "[ten_app]".' in words
    assert "Xã chưa báo tên." in words


def test_a_finding_stands_beside_its_step(change: Change) -> None:
    text = page(change("bai-thu/guide.yaml", "label: Sai tên", "label: Tên sai"))
    article = text[text.index('id="BT-2"') :]
    assert "chưa bắt đầu bằng việc làm" in article[: article.index("</article>")]


def test_what_an_author_writes_is_never_taken_for_html(change: Change) -> None:
    text = page(change("bai-thu/guide.yaml", "màn hình đầu", "<script>alert(1)</script>"))
    assert "<script" not in text


def test_a_guide_that_cannot_be_read_is_told_at_the_top(change: Change) -> None:
    text = page(change("bai-thu/guide.yaml", "title: Bài thử", "tiêu đề: Bài thử"))
    assert "không có mục tên là" in text[: text.index("<nav")]


def test_the_drawing_goes_down_and_forks_sideways(guides: Path) -> None:
    drawing = graph.draw(load(guides).guides["bai-thu"])
    places = {node.name: (node.x, node.y) for node in drawing.nodes}
    assert places["BT-1"][1] < places["BT-2"][1] < places["BT-3"][1] <= places["help"][1] < places["end"][1]
    assert places["BT-3"][0] != places["help"][0] or places["BT-3"][1] != places["help"][1]
    assert {edge.label for edge in drawing.edges} == {"", "Đúng tên", "Sai tên"}
    assert all(node.x >= 0 and node.x + graph.WIDTH <= drawing.width for node in drawing.nodes)


def test_cards_stand_side_by_side_without_arrows(guides: Path) -> None:
    assert graph.draw(load(guides).guides["loi"]).edges == ()
