"""The same walk for those who have work in the roll-out: every screen of the helper's day, as each role sees it.

Depth first, each move undone by its savepoint before the next one. The steps of a lesson are alike for everybody
and walked by the member's walk: here the first of each stands for all. What people do besides choosing is done
once at each place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.authoring.explore import CONSTANT, Found, Here, Name, State
from bot.authoring.moves import Move
from bot.authoring.player import BEGIN, Player, enter
from bot.core.messages import Kind
from bot.core.routing import Address
from bot.turn import Desk
from storage import cells, grants, people, progress, units
from storage.chats import Chat
from storage.db import Conn
from storage.rehearsal import rewound

ROLES = ("coordinator", "secretary")  # between them they see every screen there is
ROOMS = frozenset({"day", "report", "sentence", "conflict", "exempt", "together", "meeting"})
FREE = (
    Move("gõ linh tinh", Kind.TEXT, "qzx blub wok", stays=True),
    Move("gõ “quay lai”", Kind.TEXT, "quay lai", back=True),
    Move("gõ “giup”", Kind.TEXT, "giup", calls_help=True),
    Move("gõ một tên", Kind.TEXT, "ba Hien"),
    Move("gõ một câu báo", Kind.TEXT, "ong Tu di vang, ba Hien chua co may, ong Bao cai xong"),
)
_STEPS = re.compile(r"^((?:together|meeting):(?:step|stuck|done|not_yet|onwards)):.*")
_NAMES = (("Hoàng Văn Tư", True), ("Lý Thị Hiền", True), ("Nông Thị Hiền", False), ("Dương Văn Khánh", False))


def explore_staff(conn: Conn, desk: Desk, found: Found) -> None:
    """Add to what was found what the walk of each role finds. Everything it did in the database is undone."""
    with rewound(conn):
        staff = _furnish(conn)
        for role in ROLES:
            with rewound(conn):
                player = Player(conn, desk, key=role)
                enter(player, staff[role], "bac")
                player.say("/homnay")
                _Walk(conn, desk, found, role).onwards(player)


@dataclass(slots=True)
class _Walk:
    """The walk of one role; what another may do at the same place is another state."""

    conn: Conn
    desk: Desk
    found: Found
    role: str
    been: set[Name] = field(default_factory=set)

    def onwards(self, player: Player) -> None:
        """Do everything that can be done here, and go on from wherever nobody has been yet."""
        here, chat = self._name(player.chat), player.chat
        if here in self.been or Address.parse(chat.at).handler not in ROOMS:
            return
        free = FREE if all(here[0] != at for at, _ in self.been) else ()
        self.been.add(here)
        self.found.seen.add((f"{self.role} {here[0]}", here[1]))
        own = [choice for choice in chat.offered if choice.key not in CONSTANT]
        for move in (*(Move(f"bấm “{choice.label}”", Kind.TAP, choice.key) for choice in own), *free):
            with rewound(self.conn):
                if self._try(player, chat, move):
                    self.onwards(player)

    def _try(self, player: Player, before: Chat, move: Move) -> bool:
        """Make one move and judge the answer; whether it did not break anything."""
        here = Here(player, State(self._name(before), before, is_first=True), self.found)
        self.found.moves += 1
        said = here.do(move)
        if said is not None:
            here.judge(move, said, player.chat)
        return said is not None

    def _name(self, chat: Chat) -> Name:
        """The state, whomever it is about."""
        return _alike(chat.at), tuple(_alike(choice.key) for choice in chat.offered)


def _alike(address: str) -> str:
    return re.sub(r":([pruc]?)\d+", r":\1#", _STEPS.sub(r"\1", address))


def _furnish(conn: Conn) -> dict[str, int]:
    """A thôn with its chi bộ: four members, two reports that disagree; somebody of each role, by role."""
    home = units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None)
    cell = cells.create(conn, code="CB01", name="Chi bộ Nà Pán")
    staff = {role: _appoint(conn, role, home.id, cell.id) for role in ROLES}
    for number, (name, is_told) in enumerate(_NAMES):
        who = people.create(conn, code=f"NP{number}", name=name, unit_id=home.id, cell_id=cell.id, now=BEGIN)
        for what, by in (("installed", "coordinator"), ("KHONG_SMARTPHONE", "secretary")) if is_told else ():
            told = {"source": by, "by": staff[by], "happened_at": BEGIN, "now": BEGIN}
            progress.record(conn, who.id, what, **told)  # type: ignore[arg-type]  # the names above are its own
    return staff


def _appoint(conn: Conn, role: str, unit_id: int, cell_id: int) -> int:
    person = people.create(conn, code=role.upper(), name="Lý Thị Lành", now=BEGIN)
    of_unit = unit_id if role in ("helper", "coordinator") else None
    of_cell = cell_id if role == "secretary" else None
    grants.give(conn, person.id, role, scope_unit_id=of_unit, scope_cell_id=of_cell, now=BEGIN)
    return person.id
