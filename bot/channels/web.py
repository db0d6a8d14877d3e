"""The web chat: a page for one's phone, and the door of the demo. Its messages are the outbox rows themselves."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.channels.base import Capabilities, Hook, Papers, Spawn, Take
from bot.channels.web_door import Door
from bot.channels.web_guard import Trouble, seal
from bot.channels.web_media import MediaShelf
from bot.channels.web_pages import Pages
from bot.channels.web_papers import PaperDesk
from bot.channels.web_roster import RosterPage
from bot.channels.web_seat import forget_last_seat
from bot.channels.web_shapes import Cursor, DemoDoor, Limits, Line, Rate, RosterDesk, Site, Store
from bot.channels.web_streams import Streams
from bot.channels.web_talk import Talk
from bot.core.messages import Parcel

__all__ = ["Cursor", "DemoDoor", "Limits", "Line", "Rate", "Store", "WebChannel"]

log = logging.getLogger("camtay.web")

_SEAT = "{seat:[0-9a-f]{8}}"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Refuse = Callable[[str, int, float], web.Response]


class WebChannel:
    """Sending is nothing: the page reads its messages from history, and is woken when there is a new one.

    `demo` opens the door to everybody, as invented people. `public_url` is where people reach the page
    when a proxy changes the Host header; `behind_proxy` trusts the last entry of its X-Forwarded-For.
    """

    name = "web"
    capabilities = Capabilities(
        buttons=20,
        max_text=4096,
        max_caption=4096,
        files_out=True,
        media_by_url_only=False,
        pace=1000.0,
        chat_pace=100.0,
    )

    def __init__(
        self,
        store: Store,
        *,
        secure: bool,
        demo: DemoDoor | None,
        guides: Path,
        clock: Callable[[], datetime],
        public_name: str = "",
        public_url: str = "",
        behind_proxy: bool = False,
        limits: Limits | None = None,
        papers: Papers | None = None,
        roster: RosterDesk | None = None,
    ) -> None:
        limits = limits or Limits()
        self._site = Site(store, clock, guides, public_name, secure, demo, public_url, behind_proxy, limits)
        self._site.roster = roster
        self._pages = Pages(public_name)
        self._media = MediaShelf(guides)
        self._streams = Streams(of_chat=limits.streams_of_seat, of_all=limits.streams)
        self._door = Door(self._site, self._pages)
        self._roster = RosterPage(self._site, self._pages)
        self._talk = Talk(self._site, self._pages, self._media, self._streams)
        self._papers = PaperDesk(self._site, self._pages, papers)

    @property
    def accounts(self) -> tuple[str, ...]:
        return ("web",)

    async def start(self, take: Take, spawn: Spawn) -> None:
        self._site.take = take

    async def receive(self) -> None:
        """Nothing to fetch: the pages bring their messages."""

    def hooks(self) -> tuple[Hook, ...]:
        return ()

    async def send(self, parcel: Parcel) -> str:
        return str(parcel.id)

    def settled(self, parcel: Parcel) -> None:
        self._streams.ring(parcel.chat)

    async def close(self) -> None:
        """End the open streams, so that the server can stop at once. Harmless when repeated."""
        self._site.take = None
        self._streams.close()

    def routes(self) -> list[web.RouteDef]:
        """All pages, each with its own headers and error pages; they work on any aiohttp application."""
        page, fetch = self._pages.trouble, self._pages.refusal
        return [
            web.get("/", self._guarded(self._door.show, page)),
            web.get("/vao/{code}", self._guarded(self._door.show, page)),
            web.post("/vao", self._guarded(self._door.enter, page)),
            web.post("/demo/{role}", self._guarded(self._door.play, page)),
            web.get(f"/s/{_SEAT}", self._guarded(_with_slash, page)),
            web.get(f"/s/{_SEAT}/", self._guarded(self._talk.page, page)),
            web.post(f"/s/{_SEAT}/say", self._guarded(self._talk.say, fetch)),
            web.get(f"/s/{_SEAT}/history", self._guarded(self._talk.history, fetch)),
            web.get(f"/s/{_SEAT}/events", self._guarded(self._talk.events, fetch), allow_head=False),
            web.get(f"/s/{_SEAT}/tep/{{row:[0-9]{{1,18}}}}", self._guarded(self._paper, page)),
            web.get("/tep/{token}", self._guarded(self._papers.show, page)),
            web.get("/tep/{token}/tai", self._guarded(self._papers.fetch, page)),
            web.get(f"/s/{_SEAT}/danh-sach", self._guarded(self._roster.show, page)),
            web.post(f"/s/{_SEAT}/danh-sach", self._guarded(self._roster.hand_in, page)),
            web.post(f"/s/{_SEAT}/danh-sach/nhap", self._guarded(self._roster.confirm, page)),
            web.post(f"/s/{_SEAT}/danh-sach/thoi", self._guarded(self._roster.drop, page)),
            web.post(f"/s/{_SEAT}/danh-sach/lay", self._guarded(self._roster.take_home, page)),
            web.get("/trang/{name}", self._guarded(self._pages.asset, page)),
            web.get("/media/{path:.+}", self._guarded(self._media.serve, page)),
        ]

    def stray(self) -> web.RouteDef:
        """A friendly answer for every other address; add it after all other routes."""
        return web.route("*", "/{path:.*}", self._guarded(_nowhere, self._pages.trouble))

    async def _paper(self, request: web.Request) -> web.Response:
        return await self._papers.of_message(request, await self._talk.seated(request))

    def _guarded(self, handler: Handler, refuse: Refuse) -> Handler:
        """The handler with our headers on every answer, and a friendly answer to every error."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = await self._answer(handler, request, refuse)
            if not response.prepared:
                seal(response.headers, secure=self._site.secure)
            return response

        return answer

    async def _answer(self, handler: Handler, request: web.Request, refuse: Refuse) -> web.StreamResponse:
        try:
            return await handler(request)
        except Trouble as trouble:
            log.info("web.refused", extra={"what": trouble.what, "status": trouble.status})
            response = refuse(trouble.what, trouble.status, trouble.wait)
            if trouble.what == "closed":
                forget_last_seat(request, response)
            return response
        except web.HTTPNotFound:
            return refuse("not_found", 404, 0)
        except TimeoutError:
            log.warning("web.too_slow")
            return refuse("later", 503, 5)
        except Exception:
            log.exception("web.failed")
            return refuse("ours", 500, 5)


async def _with_slash(request: web.Request) -> web.Response:
    """The seat's cookie is for the path that ends in a slash."""
    return web.Response(status=308, headers={"Location": f"/s/{request.match_info['seat']}/"})


async def _nowhere(request: web.Request) -> web.Response:
    raise web.HTTPNotFound
