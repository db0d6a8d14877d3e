"""Documents on the page: a button below a message, and the link that other channels give out instead of a file."""

from __future__ import annotations

import asyncio
import re
from pathlib import PurePath

from aiohttp import web

from bot.channels.base import Papers
from bot.channels.web_guard import Trouble, Window, visitor
from bot.channels.web_pages import Pages
from bot.channels.web_seat import Seat
from bot.channels.web_shapes import Site
from bot.core.errors import NoPaper
from bot.core.messages import Paper

_KINDS = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
}
_UNUSUAL = re.compile(r"[^A-Za-z0-9._-]")


class PaperDesk:
    """Hands out documents. Whatever is wrong with a request, the answer is the same kind page."""

    def __init__(self, site: Site, pages: Pages, papers: Papers | None) -> None:
        self._site, self._pages, self._papers = site, pages, papers
        self._fetched = Window(site.limits.papers, site.clock)

    async def of_message(self, request: web.Request, seat: Seat) -> web.Response:
        """The document that a message of this seat's conversation brought."""
        async with asyncio.timeout(self._site.limits.patience):
            paper = await self._site.store.paper(seat.chat, int(request.match_info["row"]))
        return await self._file(request, paper)

    async def show(self, request: web.Request) -> web.Response:
        """The page behind a link. Looking at it fetches nothing, so a preview of the link does not either."""
        paper = self._opened(request)
        if paper is None:
            raise Trouble("no_paper", 404)
        response = self._pages.page("paper.html", name=paper.name, address=f"{request.path}/tai")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    async def fetch(self, request: web.Request) -> web.Response:
        return await self._file(request, self._opened(request))

    def _opened(self, request: web.Request) -> Paper | None:
        return self._papers.opened(request.match_info["token"]) if self._papers else None

    async def _file(self, request: web.Request, paper: Paper | None) -> web.Response:
        self._fetched.demand(visitor(request, behind_proxy=self._site.behind_proxy), "too_many_papers")
        if paper is None or self._papers is None:
            raise Trouble("no_paper", 404)
        if request.method == "HEAD":
            return web.Response(headers=_headers(paper.name))
        try:
            async with asyncio.timeout(self._site.limits.patience):
                return web.Response(body=await self._papers.build(paper), headers=_headers(paper.name))
        except NoPaper:
            raise Trouble("no_paper", 404) from None


def _headers(name: str) -> dict[str, str]:
    """To be kept as a file, never shown as a page of ours, never found by a search engine."""
    return {
        "Content-Type": _KINDS.get(PurePath(name).suffix, "application/octet-stream"),
        "Content-Disposition": f'attachment; filename="{_UNUSUAL.sub("_", name)}"',
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }
