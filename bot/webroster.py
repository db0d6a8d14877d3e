"""What the web page asks about the roster: who may, what a workbook would change, and doing it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.channels.web_shapes import RosterDraft
from bot.core.errors import CamtayError
from storage import chats, drafts, grants
from storage.db import Conn, Database

_LASTS: Final = timedelta(days=1)
_UNPACKED: Final = 64 << 20  # bytes: a commune's list takes a fortieth of it


class NotYours(CamtayError):
    """Trang này dành cho Phòng Văn hóa – Xã hội."""


class NothingWaits(CamtayError):
    """Không còn danh sách nào đang chờ. Xin chọn lại tệp."""


class ChangedMeanwhile(CamtayError):
    """Danh sách trong Cầm Tay vừa có thay đổi. Xin xem lại rồi bấm nhập lần nữa."""


class OnlyTried(CamtayError):
    """Đây là xã dùng thử: chỉ xem thử được, không nhập người thật vào đây."""


class WebRoster:
    """The web channel's `RosterDesk` on the real database; `demo`: a workbook is looked at and nothing kept of it."""

    def __init__(self, db: Database, clock: Callable[[], datetime], *, phones: bool, demo: bool, timezone: str) -> None:
        self._db, self._clock, self._phones, self._demo = db, clock, phones, demo
        self._zone = ZoneInfo(timezone)
        self._one = asyncio.Lock()  # workbooks are read one after the other: each keeps a processor busy

    async def may(self, chat: str) -> bool:
        return await self._db.run(_office, chat) is not None

    async def hand_in(self, chat: str, packed: bytes) -> RosterDraft:
        person = await self._person(chat)
        async with self._one:
            body = await asyncio.to_thread(_read, packed, await self._register(), phones=self._phones)
        if not self._demo:
            now = self._clock()
            await self._db.run(drafts.keep, person, body, now, now + _LASTS)
        return self._shown(body)

    async def waiting(self, chat: str) -> RosterDraft | None:
        body = await self._db.run(drafts.of, await self._person(chat), self._clock())
        return self._shown(body) if body else None

    async def confirm(self, chat: str, mark: str) -> str:
        from bot import roster_desk, roster_draft

        person, now = await self._person(chat), self._clock()
        if self._demo:
            raise OnlyTried
        async with self._one:
            body = await self._db.run(drafts.of, person, now)
            if body is None or body["mark"] != mark:
                raise NothingWaits
            plan = await asyncio.to_thread(roster_draft.planned, body, await self._register())
            if plan is None:
                fresh = await asyncio.to_thread(roster_draft.again, body, await self._register())
                await self._db.run(drafts.keep, person, fresh, now, now + _LASTS)
                raise ChangedMeanwhile
            for step in roster_desk.steps(plan, now, by=person):
                await self._db.run(step.run)
            await self._db.run(drafts.drop, person)
        return str(body["summary"])

    async def drop(self, chat: str) -> None:
        await self._db.run(drafts.drop, await self._person(chat))

    async def take_home(self, chat: str) -> tuple[str, bytes]:
        from bot import roster_desk, roster_file

        person, now = await self._person(chat), self._clock()
        members = await self._db.run(roster_desk.exported, now, by=person)
        local = now.astimezone(self._zone)
        written = await asyncio.to_thread(roster_file.written, members, local, phones=False)
        return roster_file.file_name(local), written

    async def _person(self, chat: str) -> int:
        person = await self._db.run(_office, chat)
        if person is None:
            raise NotYours
        return person

    async def _register(self) -> Any:
        from bot import roster_desk

        return await self._db.run(roster_desk.register)

    def _shown(self, body: dict[str, Any]) -> RosterDraft:
        sections = tuple((title, tuple(lines)) for title, lines in body["sections"])
        return RosterDraft(body["mark"], body["summary"], sections, body["changes"] and not self._demo)


def _read(packed: bytes, register: Any, *, phones: bool) -> dict[str, Any]:
    """In a thread. Late imports: most days nobody hands in a workbook."""
    from bot import roster_draft, roster_file
    from bot.workbooks import Workbook

    return roster_draft.made(roster_file.read(Workbook(packed, largest=_UNPACKED), phones=phones), register)


def _office(conn: Conn, key: str) -> int | None:
    """The person of this web chat, if they are of the office."""
    chat = chats.find(conn, "web", "web", key)
    roles = grants.roles(conn, chat.person_id) if chat and chat.person_id else []
    return chat.person_id if chat and any(grant.role in ("office", "admin") for grant in roles) else None
