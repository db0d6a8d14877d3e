"""Where and when something happens, with or without anybody in front: in a turn, or in a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.core.messages import Rank, Reply
from bot.desk import Desk, House
from storage import chats
from storage.chats import Chat
from storage.db import Conn

_GOOD_FOR = timedelta(days=3)


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
        """Where this person can be written to: the chat they used last."""
        own = chats.of_person(self.conn, person_id) if person_id else []
        return own[0] if own and own[0].reachable else None

    def notice(self, chat: Chat, block: str, *, once: str = "", **values: object) -> Reply:
        """A notice to whoever is in that chat, in their form of address."""
        said = self.house.words.say(block, chat.form, **values)
        key = once and f"{once}:{chat.id}"
        return Reply(said.text, said.choices, to=chat.id, rank=Rank.NOTICE, good_for=_GOOD_FOR, once=key)

    def tell(self, person_id: int | None, block: str, *, once: str = "", **values: object) -> list[Reply]:
        """A notice to this person, if they can be written to."""
        chat = self.window(person_id)
        return [self.notice(chat, block, once=once, **values)] if chat else []
