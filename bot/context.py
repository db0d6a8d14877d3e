"""What a handler is given, and what it gives back.

A handler reads and writes through `storage` on `ctx.conn` and returns an Answer. It never sends,
waits, or asks which channel it is on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.errors import UserError
from bot.core.guide import Library
from bot.core.meaning import UNCLEAR, Meaning
from bot.core.messages import Choice, Kind, Rank, Reply
from bot.core.progress import says_already
from bot.core.routing import Address
from bot.desk import Desk, House
from bot.render import Said
from bot.scene import Scene
from storage import people, progress
from storage.chats import Chat
from storage.db import Conn
from storage.people import Person

__all__ = ["CONSTANT", "FIRST", "HOME", "Answer", "Context", "Heard", "House"]

HOME = "menu:main"
FIRST = "hello:who"
CONSTANT = ("nav:back", "help:ask")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the person just did, with secrets already taken out of the text."""

    kind: Kind
    text: str = ""
    meaning: Meaning = UNCLEAR


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say, where the person is afterwards, and what to remember. None means: as before."""

    replies: tuple[Reply, ...] = ()
    at: str | None = None
    trail: tuple[str, ...] | None = None
    notes: Mapping[str, Any] | None = None
    missed: bool = False

    def also(self, *replies: Reply) -> Answer:
        """The same, and these messages too (to other people, usually)."""
        return replace(self, replies=(*self.replies, *replies))

    def after(self, opening: str) -> Answer:
        """The same, with these words before the first message."""
        first, *others = self.replies
        return replace(self, replies=(replace(first, text=f"{opening}\n\n{first.text}"), *others))

    def as_missed(self) -> Answer:
        """The same, counted as not understood."""
        return replace(self, missed=True)


@dataclass(frozen=True, slots=True)
class Context:
    """One message being answered."""

    conn: Conn
    chat: Chat
    now: datetime
    desk: Desk
    heard: Heard

    @property
    def house(self) -> House:
        return self.desk.house

    @property
    def scene(self) -> Scene:
        """The same for what may also happen with nobody in front."""
        return Scene(self.conn, self.now, self.desk)

    @property
    def library(self) -> Library:
        return self.house.library

    @property
    def home(self) -> str:
        """Where one starts: the first message for a newcomer, the list of things to do for the others."""
        return HOME if self.chat.consent else FIRST

    @property
    def place(self) -> Address:
        """Where the person is."""
        return Address.parse(self.chat.at or self.home)

    @property
    def person(self) -> Person | None:
        return people.get(self.conn, self.chat.person_id) if self.chat.person_id else None

    def on(self, chat: Chat) -> Context:
        """The same message, seen with this state of the chat."""
        return replace(self, chat=chat)

    def stored(self, row: Chat) -> Context:
        """The same message after storage changed the row: place and notes stay as they are here."""
        return self.on(replace(row, at=self.chat.at, trail=self.chat.trail, notes=self.chat.notes))

    def noting(self, **notes: Any) -> Context:
        """The same, remembering these small facts of the conversation (None forgets one)."""
        kept = {**self.chat.notes, **notes}
        return self.on(replace(self.chat, notes={k: v for k, v in kept.items() if v is not None}))

    def fill(self, text: str) -> str:
        """A guide's string in this person's form of address."""
        return self.house.words.fill(text, self.chat.form)

    def words(self, block: str, **values: object) -> Said:
        return self.house.words.say(block, self.chat.form, **values)

    def reply(self, block: str, **values: object) -> Reply:
        said = self.words(block, **values)
        return Reply(said.text, said.choices)

    def say(self, block: str, **values: object) -> Answer:
        """Say something and stay where we are."""
        return self._stay(self.reply(block, **values))

    def ask(self, block: str, choices: Iterable[Choice], **values: object) -> Answer:
        """Offer these choices and stay where we are."""
        return self._stay(replace(self.reply(block, **values), choices=tuple(choices)))

    def tell(self, chat: Chat, block: str, *, once: str = "", **values: object) -> Reply:
        """A notice to somebody else, in their form of address."""
        said = self.house.words.say(block, chat.form, **values)
        return Reply(
            said.text,
            said.choices,
            to=chat.id,
            rank=Rank.NOTICE,
            good_for=timedelta(days=3),
            once=once and f"{once}:{chat.id}",
        )

    def follow(self, key: str, *, opening: str = "") -> Answer:
        """Do what a choice with this key does: an action, or moving to a screen."""
        address = Address.parse(key)
        action = self.house.book.taps.get(address.route)
        if action is None:
            return self.go(key, opening=opening)
        answer: Answer = action(self, *address.args)
        return answer

    def go(self, address: str, *, opening: str = "") -> Answer:
        """Move to a screen; `Quay lại` will lead back to here. Home starts a new trail."""
        here = self.chat.at
        trail = () if address == HOME else self.chat.trail
        if here and here not in (address, HOME) and address != HOME:
            trail = (*trail, here)
        return self._show(address, trail, opening)

    def turn_to(self, address: str, *, opening: str = "") -> Answer:
        """Move to a screen that takes the place of this one: `Quay lại` skips this one."""
        return self._show(address, self.chat.trail, opening)

    def here(self, *, opening: str = "") -> Answer:
        """Show the current screen again."""
        try:
            return self._show(self.chat.at or self.home, self.chat.trail, opening)
        except UserError as gone:  # a lesson taken away, a role that ended: nobody stays where nothing is
            return self.go(self.home, opening=self.words(gone.block, **gone.values).text)

    def back(self, *, opening: str = "") -> Answer:
        """Exactly one step back, past places that are gone; from the first one, home."""
        for left in reversed(range(len(self.chat.trail))):
            with suppress(UserError):
                return self._show(self.chat.trail[left], self.chat.trail[:left], opening)
        return self.go(self.home, opening=opening)

    def reach(self, what: str, happened: datetime) -> None:
        """Write down, once, that the person of this chat told this of themselves."""
        person = self.chat.person_id
        if person and not says_already(progress.of_person(self.conn, person), "self", what):
            progress.record(self.conn, person, what, source="self", by=None, happened_at=happened, now=self.now)

    def take_over(self, reached: Mapping[str, str]) -> None:
        """What a chat remembered of milestones before it knew whose it is becomes that person's."""
        for what, at in reached.items():
            self.reach(what, datetime.fromisoformat(at))

    def _show(self, address: str, trail: tuple[str, ...], opening: str) -> Answer:
        screen = self.house.book.screen(address)
        if screen is None or not self.house.book.takes(address):  # a place that an older version knew
            return self._show(self.home, (), opening)
        moved = self.on(replace(self.chat, at=address, trail=trail))
        reply: Reply = screen(moved, *Address.parse(address).args)
        text = f"{opening}\n\n{reply.text}" if opening else reply.text
        return moved._answer((replace(reply, text=text, choices=self._choices(reply.choices)),))

    def _stay(self, reply: Reply) -> Answer:
        choices = self._choices(reply.choices) if reply.choices else ()
        return self._answer((replace(reply, choices=choices),))

    def _choices(self, own: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """A screen's own choices, then the same two everywhere."""
        missing = [key for key in CONSTANT if all(choice.key != key for choice in own)]
        constant = {choice.key: choice for choice in self.words("nav.constant").choices}
        return (*own, *(constant[key] for key in missing))

    def _answer(self, replies: tuple[Reply, ...]) -> Answer:
        return Answer(replies, self.chat.at, self.chat.trail, self.chat.notes)
