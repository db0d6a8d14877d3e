"""Documents on the page: below a message for whoever sits there, and behind a signed link."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.web import Limits, Line, Rate
from bot.core.errors import NoPaper
from bot.core.messages import Paper
from tests.channels.web_kit import Browser, House, browser, build, serving

PAPER = Paper("invites:unit:1:docx", "giay-moi.docx", 7)


class Maker:
    """Opens one token, makes one document."""

    def __init__(self) -> None:
        self.made = 0

    async def build(self, paper: Paper) -> bytes:
        if paper != PAPER:
            raise NoPaper
        self.made += 1
        return b"PK-the-file"

    def opened(self, token: str) -> Paper | None:
        return {"good": PAPER, "revoked": Paper("other", "x.docx", 7)}.get(token)


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def house(tmp_path: Path, maker: Maker) -> House:
    return build(tmp_path, papers=maker, limits=Limits(papers=Rate(4, 60)))


async def seated(here: Browser, house: House) -> str:
    """A seat whose first message brought a document, its number 5."""
    seat = await here.enter()
    [chat] = house.store.chats
    house.store.papers[chat, 5] = PAPER
    house.store.chats[chat].append(Line("c-9", "Giấy mời đây ạ.", house.clock(), paper=(5, PAPER.name)))
    return seat


async def test_a_message_brings_a_button_and_the_button_the_file(house: House, maker: Maker) -> None:
    async with serving(house) as base, browser(base) as here:
        seat = await seated(here, house)
        shown = (await here.lines(seat))[-1]["paper"]
        assert shown == {"src": "tep/5", "name": "giay-moi.docx"}
        answer = await here.get(seat + shown["src"])
        assert (answer.status, await answer.read()) == (200, b"PK-the-file")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="giay-moi.docx"'
        assert "wordprocessingml" in answer.headers["Content-Type"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_nobody_else_gets_it(house: House, maker: Maker) -> None:
    async with serving(house) as base, browser(base) as here, browser(base) as stranger:
        seat = await seated(here, house)
        assert (await stranger.get(f"{seat}tep/5")).status == 401
        other = await stranger.enter()
        assert (await stranger.get(f"{other}tep/5")).status == 404
        assert (await here.get(f"{seat}tep/6")).status == 404
        assert (await here.get(f"{seat}tep/99999999999999999999")).status == 404
        assert maker.made == 0


async def test_looking_at_a_link_fetches_nothing(house: House, maker: Maker) -> None:
    async with serving(house) as base, browser(base) as here:
        page = await here.get("/tep/good")
        html = await page.text()
        assert page.status == 200
        assert 'href="/tep/good/tai"' in html
        assert "giay-moi.docx" in html
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert maker.made == 0
        head = await here.http.head(f"{base}/tep/good/tai")
        assert (head.status, maker.made) == (200, 0)
        assert await (await here.get("/tep/good/tai")).read() == b"PK-the-file"


async def test_whatever_is_wrong_the_answer_is_the_same(house: House) -> None:
    async with serving(house) as base, browser(base) as here:
        answers = [await here.get(path) for path in ("/tep/forged", "/tep/forged/tai", "/tep/revoked/tai")]
        assert {answer.status for answer in answers} == {404}
        assert len({await answer.text() for answer in answers}) == 1
        assert "đã hết hạn" in await answers[0].text()


async def test_fetching_has_a_measure(house: House) -> None:
    async with serving(house) as base, browser(base) as here:
        statuses = [(await here.get("/tep/good/tai")).status for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 429]


async def test_without_a_maker_there_is_nothing_to_fetch(tmp_path: Path) -> None:
    async with serving(build(tmp_path)) as base, browser(base) as here:
        assert (await here.get("/tep/good")).status == 404
