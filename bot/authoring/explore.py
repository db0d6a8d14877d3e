"""Walks through everything a person can reach, on the real engine, and proves that nobody is ever left alone.

From the first hello, breadth first: in each state every choice is taken as a tap, as its digit and as its words
without tone marks, and everything else people do is done too. A state is where somebody is and what is offered.
A chat is put into that state once; each move is undone by its savepoint before the next one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.authoring.moves import FREE, Move
from bot.authoring.player import BEGIN, Player, Said, copy_of, furnish
from bot.channels.base import Capabilities
from bot.context import HOME
from bot.core.messages import Kind, Reply
from bot.core.routing import Address
from bot.core.rules import LEVELS, Finding, rule
from bot.core.vietnamese import fold
from bot.render import pieces, units16
from bot.turn import Desk
from storage import helps
from storage.chats import Chat
from storage.db import Conn
from storage.rehearsal import rewound

BROKEN = rule("E01-trinh-loi", "error", "Không việc gì làm bot hỏng.")
SILENT = rule("E02-im-lang", "error", "Việc gì cũng được trả lời.")
NO_HELP = rule("E03-thieu-nho-nguoi", "error", "Ở đâu cũng có “Nhờ người giúp”, gõ “giúp” là tới.")
DIFFERENT = rule("E04-bam-khac-go", "error", "Bấm, gõ số, gõ chữ không dấu phải như nhau.")
BACK = rule("E05-quay-lai", "error", "“Quay lại” lùi đúng một bước.")
TOO_MUCH = rule("E06-qua-kho", "error", "Tin phải vừa mọi loại kênh.")
CROWDED = rule("E07-nhieu-nut", "error", "Nhiều nhất 3 nút riêng, mỗi nút nhiều nhất 20 ký tự.")
MOVED = rule("E08-tu-y-di", "error", "Nút cũ, bấm đúp hay lời không hiểu không đưa người ta đi chỗ khác.")
KEPT = rule("E09-giu-bi-mat", "error", "Điều bí mật không được nhắc lại hay giữ lại.")
ENDLESS = rule("E10-khong-toi-cuoi", "error", "Từ đâu cũng đi được tới cuối một bài.")

CONSTANT = ("nav:back", "help:ask")
HOMES = (HOME, "hello:who")
DANGER = ("scam:card",)  # words of danger go first, also when a button has the same words
MAX_OWN, MAX_LABEL, MAX_KEY = 3, 20, 60

KINDS: Mapping[str, Capabilities] = {
    "nút bấm": Capabilities(buttons=100, max_text=4096, max_caption=1024, files_out=True, media_by_url_only=False),
    "năm nút": Capabilities(buttons=5, max_text=2000, max_caption=1000, files_out=False, media_by_url_only=True),
    "gõ số": Capabilities(buttons=0, max_text=2000, max_caption=1000, files_out=False, media_by_url_only=True),
}

Name = tuple[str, tuple[str, ...]]
"""A state: the address, and the keys offered there (numbers of tickets left out)."""


@dataclass(frozen=True, slots=True)
class State:
    """One place on the way: the chat as it was when it was first reached, and the call for help that was open.

    `is_first`: nobody had been at this address before, with other buttons.
    """

    name: Name
    chat: Chat
    is_first: bool
    call: helps.HelpRequest | None = None


@dataclass(slots=True)
class Found:
    """What the walk saw."""

    findings: set[Finding] = field(default_factory=set)
    moves: int = 0
    seen: set[Name] = field(default_factory=set)
    todo: deque[State] = field(default_factory=deque)
    onwards: dict[Name, set[Name]] = field(default_factory=dict)
    sized: set[Said] = field(default_factory=set)

    @property
    def states(self) -> int:
        return len(self.seen)

    def reach(self, conn: Conn, chat: Chat) -> Name:
        """Somebody got here; the first time, it is noted to go on from here later."""
        name = _name(chat)
        if name not in self.seen:
            is_first = all(name[0] != at for at, _ in self.seen)
            self.seen.add(name)
            self.todo.append(State(name, chat, is_first, helps.open_of_chat(conn, chat.id)))
        return name

    def note(self, rule_name: str, state: State, move: Move, message: str) -> None:
        where = f"{state.name[0] or 'lúc đầu'} ({move.says})"
        self.findings.add(Finding("đi thử", 0, rule_name, LEVELS[rule_name], f"{where}: {message}"))


def explore(conn: Conn, desk: Desk) -> Found:
    """The whole walk. Everything it did in the database is undone."""
    found = Found()
    with rewound(conn):
        furnish(conn)
        player = Player(conn, desk, "đầu")
        player.do(Kind.START)
        found.reach(conn, player.chat)
        while found.todo:
            with rewound(conn):
                _put(conn, desk, found.todo.popleft(), found).all_moves()
    found.findings |= set(_endless(found.onwards))
    return found


def _put(conn: Conn, desk: Desk, state: State, found: Found) -> Here:
    """A new chat in that state. Its call for help has a number of its own, and so have its buttons."""
    player = copy_of(Player(conn, desk, "bản sao", now=BEGIN + timedelta(days=1)), state.chat, state.call)
    return Here(player, replace(state, chat=player.chat), found)


@dataclass(slots=True)
class Here:
    """All moves out of one state, by a chat that is in it."""

    player: Player
    state: State
    found: Found
    _came: dict[tuple[Kind, str], tuple[list[Said], Chat, Name] | None] = field(default_factory=dict)

    def all_moves(self) -> None:
        """Do everything that can be done here."""
        for place in range(len(self.state.chat.offered)):
            self._choice(place)
        for move in FREE:
            if self._makes_sense(move):
                self._go(self._try(move), counts=move.answers)

    def _makes_sense(self, move: Move) -> bool:
        """Answers only where a question is open; what does not depend on the buttons once at each place."""
        return self._waits() if move.answers else not move.by_place or self.state.is_first

    def _choice(self, place: int) -> None:
        """One choice as a tap, a digit and a word: all three must do the same."""
        label = self.state.chat.offered[place].label
        tapped = self._try(self._tap_on(place))
        for words in (str(place + 1), fold(label)):
            move = Move(f"gõ “{words}”", Kind.TEXT, words)
            typed = self._try(move)
            if tapped and typed and typed != tapped and typed[0] not in DANGER:
                self.found.note(DIFFERENT, self.state, move, f"tới {typed[0]}, mà bấm thì tới {tapped[0]}")
        self._go(tapped, counts=self.state.chat.offered[place].key != "nav:back")

    def _go(self, to: Name | None, *, counts: bool) -> None:
        """Remember a way onwards."""
        if to and counts:
            self.found.onwards.setdefault(self.state.name, set()).add(to)

    def _try(self, move: Move) -> Name | None:
        """Make one move and judge the answer; where it led, unless it broke something.

        The same words again are not said again: everything else is as it was.
        """
        self.found.moves += 1
        what = move.kind, move.text
        if what not in self._came:
            with rewound(self.player.conn):
                self._came[what] = self._make(move)
        came = self._came[what]
        if came is None:
            return None
        said, after, name = came
        self.judge(move, said, after)
        return name

    def _make(self, move: Move) -> tuple[list[Said], Chat, Name] | None:
        """What came of it: what is said, the chat and its state. None when it broke something."""
        said = self.do(move)
        if said is None:
            return None
        after = self.player.chat
        name = self.found.reach(self.player.conn, after)
        if move == self._first_tap():
            self._double_tap(move, after)
        return said, after, name

    def do(self, move: Move) -> list[Said] | None:
        """What is answered; None when it broke something."""
        try:
            return self.player.do(move.kind, move.text, after=move.after)
        except Exception as error:
            self.found.note(BROKEN, self.state, move, f"{type(error).__name__}: {error}")
            return None

    def _first_tap(self) -> Move | None:
        return self._tap_on(0) if self.state.chat.offered else None

    def _tap_on(self, place: int) -> Move:
        choice = self.state.chat.offered[place]
        return Move(f"bấm “{choice.label}”", Kind.TAP, choice.key)

    def judge(self, move: Move, said: list[Said], after: Chat) -> None:
        if not said:
            self.found.note(SILENT, self.state, move, "không có lời nào đáp lại")
        for message in {*said} - self.found.sized:
            self._size(move, message)
        self._help(move, after)
        if move.back and not self._is_one_back(after):
            self.found.note(BACK, self.state, move, f"tới {after.at}")
        if move.stays and after.at != self.state.chat.at and not self._waits():
            self.found.note(MOVED, self.state, move, f"bị đưa tới {after.at}")
        if move.secret and any(move.secret in text for text in (*(one.text for one in said), str(after.notes))):
            self.found.note(KEPT, self.state, move, "điều bí mật vẫn còn")

    def _is_one_back(self, after: Chat) -> bool:
        """Where the trail says; from its beginning, home."""
        trail = self.state.chat.trail
        return (after.at, after.trail) == (trail[-1], trail[:-1]) if trail else after.at in HOMES

    def _waits(self) -> bool:
        """A question is open here, and takes what is typed for its answer."""
        return Address.parse(self.state.chat.at).route in self.player.desk.house.book.ears

    def _help(self, move: Move, after: Chat) -> None:
        keys = [choice.key for choice in after.offered]
        if Address.parse(after.at).handler != "help" and "help:ask" not in keys:
            self.found.note(NO_HELP, self.state, move, "không có nút “Nhờ người giúp”")
        if move.calls_help and Address.parse(after.at).handler != "help":
            self.found.note(NO_HELP, self.state, move, f"gõ “{move.text}” mà tới {after.at}")

    def _size(self, move: Move, message: Said) -> None:
        self.found.sized.add(message)
        own = [choice for choice in message.choices if choice.key not in CONSTANT]
        long = [choice.label for choice in own if len(choice.label) > MAX_LABEL]
        if len(own) > MAX_OWN or long:
            self.found.note(CROWDED, self.state, move, f"{len(own)} nút riêng; nút dài: {', '.join(long) or 'không'}")
        if any(len(choice.key.encode()) > MAX_KEY for choice in message.choices):
            self.found.note(TOO_MUCH, self.state, move, f"khóa nút dài quá {MAX_KEY} byte")
        for kind, can in KINDS.items():
            for piece in pieces(Reply(message.text, message.choices), can):
                limit = can.max_caption if piece.media else can.max_text
                if units16(piece.text) > limit or len(piece.choices) > can.buttons:
                    self.found.note(TOO_MUCH, self.state, move, f"không vừa kênh {kind}")

    def _double_tap(self, tap: Move, once: Chat) -> None:
        """The same button again within two seconds: the second is silent and changes nothing."""
        self.found.moves += 1
        said = self.do(replace(tap, says="bấm đúp", after=timedelta(seconds=2)))
        twice = self.player.chat
        if said or (twice.at, twice.trail) != (once.at, once.trail):
            self.found.note(MOVED, self.state, tap, "bấm lần hai vẫn tính")


def _name(chat: Chat) -> Name:
    keys = [re.sub(r"^((?:help|calls|relay):\w+):\d+", r"\1:#", choice.key) for choice in chat.offered]
    return chat.at, tuple(keys)


def _endless(onwards: Mapping[Name, set[Name]]) -> Iterator[Finding]:
    """States from which no lesson's end can be reached, going only forwards."""
    sources: dict[Name, set[Name]] = {}
    for name, reached in onwards.items():
        for to in reached:
            sources.setdefault(to, set()).add(name)
    good = {name for name in {*sources, *onwards} if name[0].startswith("guide:end:")}
    todo = list(good)
    while todo:
        new = sources.get(todo.pop(), set()) - good
        good |= new
        todo += new
    for at in sorted({name[0] for name in {*sources, *onwards} - good}):
        yield Finding("đi thử", 0, ENDLESS, LEVELS[ENDLESS], f"{at}: không tới được cuối bài nào")
