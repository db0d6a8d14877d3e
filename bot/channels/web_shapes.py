"""What the web chat asks of the house, and what it tells the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.channels.base import Take
from bot.core.messages import Choice, Media, Paper

Cursor = str
"""A place in one chat's history: opaque to the page, ASCII, at most 80 characters, never re-used."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the bot, as history keeps it. `cursor` is its own place in the chat.

    `paper` names the document it brought and the number by which `Store.paper` finds it.
    """

    cursor: Cursor
    text: str
    at: datetime
    choices: tuple[Choice, ...] = ()
    media: Media | None = None
    paper: tuple[int, str] | None = None


class Store(Protocol):
    """The four questions the web chat asks the database. Every answer may take a while."""

    async def admit(self, code: str) -> bool:
        """Whether this code, as the person typed it, opens the door now. Uses nothing up."""
        ...

    async def knows(self, chat: str) -> bool:
        """Whether this web chat exists (a START was taken for it, and nobody erased it since)."""
        ...

    async def history(self, chat: str, after: Cursor | None, limit: int) -> list[Line]:
        """Sent messages of a chat, oldest first: the first `limit` after a cursor, or the last `limit`.

        Once a line was shown, no line may appear before it. A cursor that means nothing counts as None.
        """
        ...

    async def paper(self, chat: str, number: int) -> Paper | None:
        """The document that a message of this chat brought to the person who sits there now."""
        ...


class DemoDoor(Protocol):
    """Lets anybody in as an invented person."""

    @property
    def roles(self) -> Sequence[tuple[str, str, str]]:
        """Code word, Vietnamese title, one line of what to try."""
        ...

    async def code_for(self, role: str) -> str:
        """An invitation of an invented person with this role; empty for a newcomer."""
        ...


@dataclass(frozen=True, slots=True)
class RosterDraft:
    """What a workbook would change, to be looked at. `mark` stands for exactly this; `sections`: title, lines."""

    mark: str
    summary: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    to_confirm: bool  # false where there is nothing to write, or nothing may be written


class RosterDesk(Protocol):
    """Takes the office's workbook in and gives it out. A CamtayError says in Vietnamese what is wrong."""

    async def may(self, chat: str) -> bool:
        """Whether this chat is somebody's of the office."""
        ...

    async def hand_in(self, chat: str, packed: bytes) -> RosterDraft:
        """Read a workbook and keep what it would change until it is confirmed."""
        ...

    async def waiting(self, chat: str) -> RosterDraft | None:
        """What was handed in and not confirmed yet."""
        ...

    async def confirm(self, chat: str, mark: str) -> str:
        """Do exactly that; a sentence about it."""
        ...

    async def drop(self, chat: str) -> None: ...

    async def take_home(self, chat: str) -> tuple[str, bytes]:
        """The roster as a file: its name and its bytes. That it was taken is written down."""
        ...


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `times` within `seconds`, sliding."""

    times: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one person, and one address of the network, may ask of the page.

    Many phones share one address (a meeting's Wi-Fi, a mobile network), so an address may do far more
    than a seat; of door attempts only the wrong ones count. Seconds and bytes.
    """

    wrong_codes: Rate = Rate(10, 600)
    new_seats: Rate = Rate(200, 600)
    said_by_seat: Rate = Rate(20, 30)
    said_by_address: Rate = Rate(600, 60)
    looks_by_seat: Rate = Rate(90, 60)
    looks_by_address: Rate = Rate(6000, 60)
    papers: Rate = Rate(60, 300)
    streams_of_seat: int = 4
    streams: int = 3000
    stream_life: float = 1800
    heartbeat: float = 15
    patience: float = 20
    longest_text: int = 4096
    longest_body: int = 32 * 1024
    workbooks: Rate = Rate(10, 600)
    largest_workbook: int = 5 * 1024 * 1024
    patience_with_files: float = 120
    at_first: int = 30
    at_once: int = 100


@dataclass(slots=True)
class Site:
    """What all rooms of the page share. `take` is there once the channel has started."""

    store: Store
    clock: Callable[[], datetime]
    guides: Path
    public_name: str
    secure: bool
    demo: DemoDoor | None
    public_url: str
    behind_proxy: bool
    limits: Limits = field(default_factory=Limits)
    take: Take | None = None
    roster: RosterDesk | None = None
