"""The conversation of one seat: its page, what the person says, and what the bot said."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any

from aiohttp import web

from bot.channels.web_guard import (
    FETCH_MARK,
    Trouble,
    Window,
    body_of,
    is_our_own_page,
    seal,
    visitor,
    without_controls,
)
from bot.channels.web_media import MediaShelf
from bot.channels.web_pages import Pages
from bot.channels.web_seat import Seat, role_of
from bot.channels.web_shapes import Cursor, Line, Site
from bot.channels.web_streams import Stream, Streams
from bot.core.messages import Incoming, Kind, MediaKind

log = logging.getLogger("camtay.web")

_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_CHOICE_KEY = re.compile(r"[!-~]{1,60}")
_CURSOR = re.compile(r"[!-~]{1,80}")
_STREAM_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}


class Talk:
    """Everything below `/s/<seat>/`."""

    def __init__(self, site: Site, pages: Pages, media: MediaShelf, streams: Streams) -> None:
        self._site, self._pages, self._media, self._streams = site, pages, media, streams
        limits, clock = site.limits, site.clock
        self._said = Window(limits.said_by_seat, clock), Window(limits.said_by_address, clock)
        self._looked = Window(limits.looks_by_seat, clock), Window(limits.looks_by_address, clock)

    async def page(self, request: web.Request) -> web.Response:
        """The page itself: empty, its script fetches what was said."""
        seat = await self.seated(request)
        desk = self._site.roster
        roster = desk is not None and await desk.may(seat.chat)
        roles = {role: title for role, title, _ in self._site.demo.roles} if self._site.demo else {}
        return self._pages.page("chat.html", role=roles.get(role_of(request), ""), roster=roster, longest=2000)

    async def say(self, request: web.Request) -> web.Response:
        """Something typed or tapped. The page repeats it until it is acknowledged; its id makes that harmless."""
        if FETCH_MARK not in request.headers or not is_our_own_page(request, self._site.public_url):
            raise Trouble("stranger", 403)
        seat = await self.seated(request)
        self._count(request, seat, self._said)
        said = self._read(seat, await body_of(request, self._site.limits))
        if self._site.take is None:
            raise Trouble("later", 503, 5)
        async with asyncio.timeout(self._site.limits.patience):
            await self._site.take(said)
        return web.json_response({"ok": True})

    async def history(self, request: web.Request) -> web.Response:
        """What was said after a place, for browsers without streams and after a break."""
        seat = await self.seated(request)
        self._count(request, seat, self._looked)
        lines = await self._after(seat.chat, _cursor(request.query.get("after")))
        return web.json_response({"lines": [self._shown(line) for line in lines]})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """The same as a stream of server-sent events: what was missed first, then live."""
        seat = await self.seated(request)
        self._count(request, seat, self._looked)
        if self._streams.is_full:
            raise Trouble("later", 503, 5)
        response = web.StreamResponse(headers=_STREAM_HEADERS)
        seal(response.headers, secure=self._site.secure)
        await response.prepare(request)
        after = _cursor(request.headers.get("Last-Event-ID") or request.query.get("after"))
        with self._streams.opened(seat.chat) as stream:
            try:
                await self._pour(response, stream, seat.chat, after)
            except (ConnectionError, TimeoutError):
                log.debug("web.stream_lost")
        return response

    async def _pour(self, out: web.StreamResponse, stream: Stream, chat: str, after: Cursor | None) -> None:
        """One road for what was missed and what is new: look after the last line shown, at every ring."""
        limits, clock = self._site.limits, self._site.clock
        opened = clock().timestamp()
        while not stream.is_over and clock().timestamp() - opened < limits.stream_life:
            stream.listen()
            lines = await self._after(chat, after)
            for line in lines:
                await self._write(out, f"id: {line.cursor}\nevent: line\ndata: {json.dumps(self._shown(line))}\n\n")
                after = line.cursor
            if not lines:
                # An event, not a comment: the page must be able to notice a connection that died silently.
                await self._write(out, "event: beat\ndata: 1\n\n")
                await stream.rang(limits.heartbeat)
        if stream.is_crowded_out:
            await self._write(out, "event: crowded\ndata: 1\n\n")

    async def _write(self, out: web.StreamResponse, text: str) -> None:
        async with asyncio.timeout(self._site.limits.patience):
            await out.write(text.encode())

    async def _after(self, chat: str, after: Cursor | None) -> list[Line]:
        limits = self._site.limits
        async with asyncio.timeout(limits.patience):
            return await self._site.store.history(chat, after, limits.at_once if after else limits.at_first)

    async def seated(self, request: web.Request) -> Seat:
        """The seat of this browser, if it has one and the house still knows it."""
        seat = Seat.of(request)
        async with asyncio.timeout(self._site.limits.patience):
            if seat is None or not await self._site.store.knows(seat.chat):
                raise Trouble("closed", 401)
        return seat

    def _count(self, request: web.Request, seat: Seat, windows: tuple[Window, Window]) -> None:
        windows[0].demand(seat.chat, "too_fast")
        windows[1].demand(visitor(request, behind_proxy=self._site.behind_proxy), "too_fast")

    def _read(self, seat: Seat, body: bytes) -> Incoming:
        """The message in a body: `{"id", "text"}` or `{"id", "choice"}`. Anything else is Trouble."""
        try:
            said = json.loads(body)
            message, choice, text = said["id"], said.get("choice"), said.get("text")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Trouble("unreadable", 400) from None
        # The chat stands in front, so that nobody can use up another person's ids.
        unique = f"{seat.chat}-{message if _is(_MESSAGE_ID, message) else _refuse()}"
        if choice is not None:
            key = choice if _is(_CHOICE_KEY, choice) else _refuse()
            return Incoming("web", "web", seat.chat, unique, Kind.TAP, key, self._site.clock())
        return Incoming("web", "web", seat.chat, unique, Kind.TEXT, self._typed(text), self._site.clock())

    def _typed(self, text: Any) -> str:
        typed = without_controls(text) if isinstance(text, str) else ""
        if len(typed.encode()) > self._site.limits.longest_text:
            raise Trouble("too_long", 413)
        return typed or _refuse()

    def _shown(self, line: Line) -> dict[str, Any]:
        """A line as the page's script reads it."""
        shown: dict[str, Any] = {"cursor": line.cursor, "text": line.text, "at": line.at.isoformat()}
        shown["choices"] = [[choice.key, choice.label] for choice in line.choices]
        if line.media and (address := self._media.address(line.media.path)):
            kind = "voice" if line.media.kind is MediaKind.VOICE else "picture"
            shown[kind] = {"src": address, "alt": line.media.alt}
        elif line.media and line.media.alt:
            shown["text"] = f"{line.text}\n\n{line.media.alt}".strip()  # its file is gone: what it would have shown
        if line.paper:
            number, name = line.paper
            shown["paper"] = {"src": f"tep/{number}", "name": name}
        return shown


def _is(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _refuse() -> str:
    raise Trouble("unreadable", 400)


def _cursor(told: str | None) -> Cursor | None:
    return told if told and _CURSOR.fullmatch(told) else None
