"""The office's page for the roster, below its seat: hand in a workbook, look at what it would change, confirm."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.channels.web_guard import Trouble, Window, body_of, is_our_own_page
from bot.channels.web_pages import Pages
from bot.channels.web_seat import Seat
from bot.channels.web_shapes import RosterDesk, RosterDraft, Site
from bot.core.errors import CamtayError

log = logging.getLogger("camtay.web")

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RosterPage:
    """Everything at `/s/<seat>/danh-sach`. Whoever is not of the office finds no page there."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self._site, self._pages = site, pages
        self._handed_in = Window(site.limits.workbooks, site.clock)

    async def show(self, request: web.Request) -> web.Response:
        """What waits to be confirmed, or the form."""
        seat, desk = await self._office(request)
        return self._page(await desk.waiting(seat.chat))

    async def hand_in(self, request: web.Request) -> web.Response:
        """A workbook: read, shown, not kept."""
        seat, desk = await self._office(request, own=True)
        self._handed_in.demand(seat.chat, "too_many_workbooks")
        packed = await self._workbook(request)
        try:
            return self._page(await desk.hand_in(seat.chat, packed))
        except CamtayError as error:
            return self._page(None, says=str(error), status=422)

    async def confirm(self, request: web.Request) -> web.Response:
        """Do exactly what was shown."""
        seat, desk = await self._office(request, own=True)
        form = dict(parse_qsl((await body_of(request, self._site.limits)).decode("utf-8", "replace"), max_num_fields=5))
        try:
            done = await desk.confirm(seat.chat, form.get("dau", ""))
        except CamtayError as error:
            return self._page(await desk.waiting(seat.chat), says=str(error), status=409)
        return self._page(None, done=done)

    async def drop(self, request: web.Request) -> web.Response:
        seat, desk = await self._office(request, own=True)
        await desk.drop(seat.chat)
        return web.Response(status=303, headers={"Location": f"{seat.path}danh-sach"})

    async def take_home(self, request: web.Request) -> web.Response:
        """The roster as a workbook; a POST, so that no preview of a link takes it."""
        seat, desk = await self._office(request, own=True)
        name, packed = await desk.take_home(seat.chat)
        headers = {"Content-Type": _WORKBOOK, "Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=packed, headers=headers)

    async def _office(self, request: web.Request, *, own: bool = False) -> tuple[Seat, RosterDesk]:
        """The seat of somebody of the office; `own`: asked by a page of ours."""
        if own and not is_our_own_page(request, self._site.public_url):
            raise Trouble("stranger", 403)
        seat, desk = Seat.of(request), self._site.roster
        async with asyncio.timeout(self._site.limits.patience):
            if seat is None or not await self._site.store.knows(seat.chat):
                raise Trouble("closed", 401)
            if desk is None or not await desk.may(seat.chat):
                raise Trouble("not_found", 404)
        return seat, desk

    async def _workbook(self, request: web.Request) -> bytes:
        """The file of the form, if it is not too large and comes in time."""
        if not request.content_type.startswith("multipart/"):
            raise Trouble("unreadable", 400)
        try:
            async with asyncio.timeout(self._site.limits.patience_with_files):
                async for part in await request.multipart():
                    if isinstance(part, BodyPartReader) and part.name == "tep":
                        return await self._whole(part)
        except ValueError:
            log.info("web.broken_form")
        raise Trouble("unreadable", 400)

    async def _whole(self, part: BodyPartReader) -> bytes:
        packed = bytearray()
        while chunk := await part.read_chunk():
            packed += chunk
            if len(packed) > self._site.limits.largest_workbook:
                raise Trouble("workbook_too_large", 413)
        return bytes(packed)

    def _page(self, draft: RosterDraft | None, *, says: str = "", done: str = "", status: int = 200) -> web.Response:
        return self._pages.page("roster.html", status, draft=draft, says=says, done=done)
