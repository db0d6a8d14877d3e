"""The door of the web chat: in with an invitation, or, in the demo, as whoever one wants to be."""

from __future__ import annotations

import asyncio
import secrets
from urllib.parse import parse_qsl

from aiohttp import web

from bot.channels.web_guard import Trouble, Window, body_of, is_our_own_page, visitor, without_controls
from bot.channels.web_pages import Pages
from bot.channels.web_seat import Seat, hand_over, last_seat
from bot.channels.web_shapes import Site
from bot.core.messages import Incoming, Kind

_LONGEST_CODE = 40


class Door:
    """`/`, `/vao/CODE` and what their buttons do."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self._site, self._pages = site, pages
        self._key = secrets.token_bytes(32)
        self._wrong = Window(site.limits.wrong_codes, site.clock)
        self._new = Window(site.limits.new_seats, site.clock)

    async def show(self, request: web.Request) -> web.Response:
        """The door. Looking at it changes nothing, so that a link's preview uses no invitation up."""
        code = _tidy(request.match_info.get("code") or request.query.get("ma", ""))
        back = None if self._site.demo else last_seat(request)
        if back and not code:
            return web.Response(status=303, headers={"Location": back})
        return self._page(code, back)

    async def enter(self, request: web.Request) -> web.Response:
        """In with a code."""
        form = await self._form(request)
        code, once = _tidy(form.get("ma", "")), form.get("lan", "")
        if not code:
            return self._page("", None, "no_code", 422)
        seat = Seat.drawn(self._key, once, code) if once else Seat.new()
        async with asyncio.timeout(self._site.limits.patience):
            # A second tap on the button comes when the first has used the invitation up.
            if not await self._site.store.knows(seat.chat) and not await self._admits(request, code):
                return self._page(code, None, "wrong_code", 422)
        return await self._sit_down(request, seat, code, None)

    async def play(self, request: web.Request) -> web.Response:
        """In as an invented person; each time a new seat, so that tabs are different people."""
        await self._form(request)
        demo, role = self._site.demo, request.match_info["role"]
        if demo is None or role not in {known for known, _, _ in demo.roles}:
            raise Trouble("not_found", 404)
        self._new.demand(self._visitor(request), "too_many_seats")
        return await self._sit_down(request, Seat.new(), await demo.code_for(role), role)

    async def _admits(self, request: web.Request, code: str) -> bool:
        """Only wrong codes count: a whole meeting may come in through one address."""
        visitor = self._visitor(request)
        self._wrong.demand(visitor, "too_many_codes")
        if not await self._site.store.admit(code):
            return False
        self._wrong.give_back(visitor)
        self._new.demand(visitor, "too_many_seats")
        return True

    async def _sit_down(self, request: web.Request, seat: Seat, code: str, role: str | None) -> web.Response:
        if self._site.take is None:
            raise Trouble("later", 503, 5)
        now = self._site.clock()
        hello = Incoming("web", "web", seat.chat, f"start-{seat.chat}", Kind.START, code, now)
        async with asyncio.timeout(self._site.limits.patience):
            await self._site.take(hello)
        response = web.Response(status=303, headers={"Location": seat.path})
        hand_over(response, seat, role=role, secure=self._site.secure)
        return response

    async def _form(self, request: web.Request) -> dict[str, str]:
        if not is_our_own_page(request, self._site.public_url):
            raise Trouble("stranger", 403)
        body = await body_of(request, self._site.limits)
        return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=10))

    def _page(self, code: str, back: str | None, says: str = "", status: int = 200) -> web.Response:
        demo = self._site.demo
        return self._pages.page(
            "door.html",
            status,
            code=code,
            back=back,
            says=says and self._pages.words["trouble"][says],
            once=secrets.token_urlsafe(16),
            roles=demo.roles if demo else (),
        )

    def _visitor(self, request: web.Request) -> str:
        return visitor(request, behind_proxy=self._site.behind_proxy)


def _tidy(code: str) -> str:
    return " ".join(without_controls(code[:_LONGEST_CODE]).split())
