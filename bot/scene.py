"""Where and when something happens, with or without anybody in front: in a turn, or in a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.core.messages import Rank, Reply
from bot.desk import Desk, House
from bot.reach import Yes, best, can_send
from storage.chats import Chat
from storage.db import Conn

_GOOD_FOR = timedelta(days=3)
_RANKS = (Rank.NOTICE, Rank.ANSWER)


@dataclass(frozen=True, slots=True)
class Scene:
    """What deciding and telling need."""

    conn: Conn
    now: datetime
    desk: Desk

    @property
    def house(self) -> House:
        return self.desk.house

    @property
    def zone(self) -> tzinfo:
        return self.desk.zone

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def window(self, person_id: int | None) -> Chat | None:
        """Where this person can be written to: of those chats, the one they used last."""
        found = (best(self.conn, person_id, rank, self.now, self.desk) for rank in _RANKS) if person_id else ()
        return next((chat for chat in found if chat), None)

    def notice(self, chat: Chat, block: str, *, once: str = "", **values: object) -> Reply:
        """A notice to whoever is in that chat, in their form of address."""
        said = self.house.words.say(block, chat.form, **values)
        key = once and f"{once}:{chat.id}"
        return Reply(said.text, said.choices, to=chat.id, rank=self._rank(chat), good_for=_GOOD_FOR, once=key)

    def _rank(self, chat: Chat) -> Rank:
        """Where an account is so near its limit that only answers go out, what a call for help brings is one."""
        return next(
            (rank for rank in _RANKS if can_send(self.conn, chat, rank, self.now, self.desk) == Yes()), _RANKS[0]
        )

    def tell(self, person_id: int | None, block: str, *, once: str = "", **values: object) -> list[Reply]:
        """A notice to this person, if they can be written to."""
        chat = self.window(person_id)
        return [self.notice(chat, block, once=once, **values)] if chat else []
