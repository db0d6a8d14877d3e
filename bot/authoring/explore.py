"""Walks through everything a person can reach, on the real engine, and proves that nobody is ever left alone.

From the first hello, breadth first: in each state every choice is taken as a tap, as its digit and as its words
without tone marks, and everything else people do is done too. A state is where somebody is and what is offered.
Each move happens on a copy of the chat inside a savepoint that is undone again.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.authoring.moves import FREE, Move
from bot.authoring.player import BEGIN, Player, Said, furnish, rewound
from bot.channels.base import Capabilities
from bot.context import HOME
from bot.core.messages import Kind, Reply
from bot.core.routing import Address
from bot.core.rules import LEVELS, Finding, rule
from bot.core.vietnamese import fold
from bot.render import pieces, units16
from bot.turn import Desk
from storage import chats, helps
from storage.chats import Chat
from storage.db import Conn

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
    """One place on the way: the chat as it was when it was first reached, and whether a call for help was open."""

    name: Name
    chat: Chat
    call: helps.HelpRequest | None = None


@dataclass(slots=True)
class Found:
    """What the walk saw."""

    findings: set[Finding] = field(default_factory=set)
    states: int = 0
    moves: int = 0
    onwards: dict[Name, set[Name]] = field(default_factory=dict)

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
        first = _state(conn, player.chat)
        seen, todo = {first.name}, deque([first])
        while todo:
            state = todo.popleft()
            for reached in _Here(conn, desk, state, found).all_moves():
                if reached.name not in seen:
                    seen.add(reached.name)
                    todo.append(reached)
        found.states = len(seen)
    found.findings |= set(_endless(found.onwards))
    return found


@dataclass(slots=True)
class _Here:
    """All moves out of one state."""

    conn: Conn
    desk: Desk
    state: State
    found: Found

    def all_moves(self) -> Iterator[State]:
        """Do everything that can be done here; yields the states it leads to."""
        with rewound(self.conn):
            player = self._copy()
            for place, choice in enumerate(self.state.chat.offered, 1):
                yield from self._choice(player, place, choice.key, choice.label)
            for move in FREE:
                if reached := self._try(player, move):
                    yield reached
            self._double_tap(player)

    def _copy(self) -> Player:
        """A chat of its own that is in this state."""
        was, player = self.state.chat, Player(self.conn, self.desk, "bản sao", now=BEGIN + timedelta(days=1))
        made = chats.arrive(self.conn, was.channel, was.account, player.key, player.now)
        if was.consent:
            chats.set_consent(self.conn, made.id, was.consent, was.consent_version or "", player.now)
        chats.set_form(self.conn, made.id, was.form)
        chats.set_device(self.conn, made.id, was.device)
        chats.set_unit(self.conn, made.id, was.unit_id)
        chats.leave(
            self.conn,
            made,
            at=was.at,
            trail=was.trail,
            notes=was.notes,
            offered=was.offered,
            misses=was.misses,
            last_tap=None,
            last_tap_at=None,
        )
        if call := self.state.call:
            self._call_again(made.id, call, player)
        return player

    def _call_again(self, chat_id: int, call: helps.HelpRequest, player: Player) -> None:
        helps.open_(
            self.conn,
            chat_id=chat_id,
            person_id=call.person_id,
            unit_id=call.unit_id,
            way=call.way,
            lesson=call.lesson,
            step=call.step,
            tried=call.tried,
            name_given=call.name_given,
            phone_given=call.phone_given,
            now=player.now,
        )

    def _choice(self, player: Player, place: int, key: str, label: str) -> Iterator[State]:
        """One choice as a tap, a digit and a word: all three must do the same."""
        tapped = self._try(player, Move(f"bấm “{label}”", Kind.TAP, key))
        for move in (Move(f"gõ “{place}”", Kind.TEXT, str(place)), Move(f"gõ “{fold(label)}”", Kind.TEXT, fold(label))):
            typed = self._try(player, move)
            if tapped and typed and typed.name != tapped.name:
                self.found.note(DIFFERENT, self.state, move, f"tới {typed.name[0]}, mà bấm thì tới {tapped.name[0]}")
        if tapped:
            if key != "nav:back":
                self.found.onwards.setdefault(self.state.name, set()).add(tapped.name)
            yield tapped

    def _try(self, player: Player, move: Move) -> State | None:
        """Make one move, judge the answer, undo it; where it led, unless it broke something."""
        self.found.moves += 1
        with rewound(self.conn):
            there = replace(player)
            try:
                said = there.do(move.kind, move.text, after=move.after)
            except Exception as error:
                self.found.note(BROKEN, self.state, move, f"{type(error).__name__}: {error}")
                return None
            after = there.chat
            self._judge(move, said, after)
            return _state(self.conn, after)

    def _judge(self, move: Move, said: list[Said], after: Chat) -> None:
        if not said:
            self.found.note(SILENT, self.state, move, "không có lời nào đáp lại")
        for message in said:
            self._size(move, message)
        self._help(move, after)
        if move.back and (after.at, after.trail) != self._one_back():
            self.found.note(BACK, self.state, move, f"tới {after.at} thay vì {self._one_back()[0]}")
        if move.stays and after.at != self.state.chat.at and not self._waits():
            self.found.note(MOVED, self.state, move, f"bị đưa tới {after.at}")
        if move.secret and any(move.secret in text for text in (*(one.text for one in said), str(after.notes))):
            self.found.note(KEPT, self.state, move, "điều bí mật vẫn còn")

    def _one_back(self) -> tuple[str, tuple[str, ...]]:
        trail = self.state.chat.trail
        return (trail[-1], trail[:-1]) if trail else (HOME, ())

    def _waits(self) -> bool:
        """A question is open here, and takes what is typed for its answer."""
        return Address.parse(self.state.chat.at).route in self.desk.house.book.ears

    def _help(self, move: Move, after: Chat) -> None:
        keys = [choice.key for choice in after.offered]
        if Address.parse(after.at).handler != "help" and "help:ask" not in keys:
            self.found.note(NO_HELP, self.state, move, "không có nút “Nhờ người giúp”")
        if move.calls_help and Address.parse(after.at).handler != "help":
            self.found.note(NO_HELP, self.state, move, f"gõ “{move.text}” mà tới {after.at}")

    def _size(self, move: Move, message: Said) -> None:
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

    def _double_tap(self, player: Player) -> None:
        """The same button twice within two seconds: the second is silent and changes nothing."""
        if not self.state.chat.offered:
            return
        move = Move("bấm đúp", Kind.TAP, self.state.chat.offered[0].key)
        self.found.moves += 1
        with rewound(self.conn):
            try:
                said, moved = _twice(replace(player), move.text)
            except Exception as error:
                self.found.note(BROKEN, self.state, move, f"{type(error).__name__}: {error}")
                return
        if said or moved:
            self.found.note(MOVED, self.state, move, "bấm lần hai vẫn tính")


def _twice(player: Player, key: str) -> tuple[list[Said], bool]:
    """What the second of two quick taps is answered, and whether it led anywhere."""
    player.tap(key)
    once = player.chat
    said = player.tap(key, after=timedelta(seconds=2))
    return said, (player.chat.at, player.chat.trail) != (once.at, once.trail)


def _state(conn: Conn, chat: Chat) -> State:
    keys = tuple(re.sub(r"^((?:help|calls):\w+):\d+", r"\1:#", choice.key) for choice in chat.offered)
    return State((chat.at, keys), chat, helps.open_of_chat(conn, chat.id))


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
