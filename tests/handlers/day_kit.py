"""Nà Pán and Bó Chang with people of their own: two helpers, a coordinator, two secretaries, the office, a leader."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from bot.authoring.player import BEGIN, Player, Said, enter
from bot.core.messages import Choice
from bot.core.progress import State, state_of
from bot.turn import Desk
from storage import cells, chats, grants, people, progress, units
from storage.db import Conn
from storage.schema import audit, outbox

MEMBERS = (
    ("NP01", "Hoàng Văn Tư", 0),
    ("NP02", "Lý Thị Hiền", 0),
    ("NP03", "Nông Văn Khánh", 0),
    ("NP04", "Dương Văn Tư", 0),
    ("BC01", "Dương Thị Hiền", 1),
    ("BC02", "Mã Thị Lan", 1),
)
STAFF = (
    ("helper", "Lý Thị Lành", "helper", 0),
    ("other", "Vi Văn Sơn", "helper", 0),
    ("elsewhere", "Lộc Văn Kiên", "helper", 1),
    ("coordinator", "Hứa Văn Thắng", "coordinator", 0),
    ("secretary", "Bế Thị Mai", "secretary", 0),
    ("secretary2", "Đàm Văn Phú", "secretary", 1),
    ("office", "Chu Thị Yến", "office", None),
    ("leader", "Trần Văn Vinh", "leader", None),
)


@dataclass(slots=True)
class Place:
    """Everybody's id by code or by who they are, and their players once they have come in."""

    conn: Conn
    desk: Desk
    ids: dict[str, int] = field(default_factory=dict)
    players: dict[str, Player] = field(default_factory=dict)

    def come(self, who: str, form: str = "bac") -> Player:
        if who not in self.players:
            player = Player(self.conn, self.desk, key=who)
            enter(player, self.ids[who], form)
            player.say("/menu")
            self.players[who] = player
        self.players[who].now = max(player.now for player in self.players.values())
        return self.players[who]

    def state(self, who: str) -> State:
        return state_of(progress.of_person(self.conn, self.ids[who]))

    def actions(self) -> list[str]:
        """What the audit knows, in order."""
        return [row.action for row in self.conn.execute(select(audit.c.action).order_by(audit.c.id))]

    def written_to(self, who: str) -> list[str]:
        """Every text ever written to this person's chat."""
        chat = self.players[who].chat.id
        rows = self.conn.execute(select(outbox.c.body).where(outbox.c.chat_id == chat).order_by(outbox.c.id))
        return [row.body["text"] for row in rows]


def furnish(conn: Conn, desk: Desk) -> Place:
    place = Place(conn, desk)
    homes = [
        units.create(conn, code="NAPAN", name="Thôn Nà Pán", kind="thon", parent_id=None),
        units.create(conn, code="BOCHANG", name="Khối phố Bó Chang", kind="khoi_pho", parent_id=None),
    ]
    branches = [cells.create(conn, code=f"CB{n}", name=f"Chi bộ {home.name}") for n, home in enumerate(homes)]
    for code, name, at in MEMBERS:
        made = people.create(conn, code=code, name=name, unit_id=homes[at].id, cell_id=branches[at].id, now=BEGIN)
        place.ids[code] = made.id
    for key, name, role, where in STAFF:
        made = people.create(conn, code=key.upper(), name=name, now=BEGIN)
        unit = homes[where].id if where is not None and role in ("helper", "coordinator") else None
        cell = branches[where].id if where is not None and role == "secretary" else None
        grants.give(conn, made.id, role, scope_unit_id=unit, scope_cell_id=cell, now=BEGIN)
        place.ids[key] = made.id
    return place


def labels(player: Player) -> list[str]:
    return [choice.label for choice in player.chat.offered]


def key(player: Player, label: str) -> str:
    """The key of the button that says so."""
    return next(choice.key for choice in player.chat.offered if label in choice.label)


def press(player: Player, label: str) -> Said:
    """Tap the button that says so; the last thing said to this chat."""
    return player.tap(key(player, label))[-1]


def offer(player: Player, key: str) -> None:
    """As if this button had been offered: what is behind it must protect itself."""
    chats.offer(player.conn, player.chat, [Choice(key, "Thử")])
