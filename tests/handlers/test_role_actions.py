"""Every action of staff, by every role, in their own place and in another: allowed, or a kind no that changes nothing.

What is allowed stands in `role_table.py`: a new handler file needs a line in `FOR_EVERYBODY` or rows in `TABLE`; a new
screen, tap or command of staff a row.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.authoring.player import BEGIN, Player
from bot.core.messages import Choice
from bot.core.routing import Address
from bot.discover import book
from storage import cells, chats, claims, grants, helps, meetings, people, progress, units
from storage.cells import Cell
from storage.db import Conn
from storage.units import Unit
from tests.handlers.conftest import Arrive
from tests.handlers.role_table import CHANGED, FOR_EVERYBODY, NO, ROLES, STAFF_OF_OPEN_FILES, TABLE


def place_of(conn: Conn, where: str) -> tuple[Unit, Cell]:
    """The thôn and the chi bộ that everybody of `furnish` has to do with, or others."""
    if where == "other":
        other = units.create(conn, code="NAHO", name="Thôn Nà Hó", kind="thon", parent_id=None)
        return other, cells.create(conn, code="CB99", name="Chi bộ Nà Hó")
    unit = units.by_code(conn, "NAPAN")
    cell = next(each for each in cells.all_(conn) if each.code == "CB01")
    assert unit is not None
    return unit, cell


def made_in(conn: Conn, unit: Unit, cell: Cell, me: int, office: int) -> dict[str, Any]:
    """One of everything in this place: a call, a claim, a member and what is told of them, a grant, meetings."""
    member = people.create(conn, code="M99", name="Bế Thị Mẩy", unit_id=unit.id, cell_id=cell.id, now=BEGIN)
    helper = people.create(conn, code="H99", name="Lộc Văn Páo", unit_id=unit.id, now=BEGIN)
    given = grants.give(conn, helper.id, "helper", scope_unit_id=unit.id, now=BEGIN)
    chat = chats.arrive(conn, "thu", "thu", "somebody", BEGIN)
    told = told_of(conn, member.id, {"": helper.id, "my_": me})
    lesson = {"lesson": "android", "step": "AND-1", "led_by": helper.id, "now": BEGIN}
    return {
        "unit": unit.id,
        "cell": cell.id,
        "member": member.id,
        "grant": given.id,
        "office_grant": grants.roles(conn, office)[0].id,
        "claim": claims.make(conn, chat.id, unit.id, "Bế Thị Mẩy", BEGIN).id,
        "call": called(conn, chat.id, unit.id),
        "meeting": meetings.open_(conn, unit_id=None, cell_id=cell.id, **lesson).id,  # type: ignore[arg-type]
        "of_unit": meetings.open_(conn, unit_id=unit.id, cell_id=None, **lesson).id,  # type: ignore[arg-type]
        **told,
    }


def told_of(conn: Conn, member: int, tellers: dict[str, int]) -> dict[str, int]:
    """Of each teller one report that counts and one they took back; the two that count contradict each other."""
    found: dict[str, int] = {}
    for minutes, (whose, by) in enumerate(tellers.items()):
        for name, what in (("event", "KHONG_SMARTPHONE" if whose else "installed"), ("undone", "VANG")):
            at = BEGIN + timedelta(seconds=minutes)
            told = progress.record(conn, member, what, source="helper", by=by, happened_at=at, now=at)
            found[f"{whose}{name}"] = told.id
        progress.undo(conn, found[f"{whose}undone"], by=by, now=BEGIN)
    return found


def called(conn: Conn, chat: int, unit: int) -> int:
    return helps.open_(
        conn,
        chat_id=chat,
        person_id=None,
        unit_id=unit,
        way="phone",
        lesson="",
        step="",
        tried=0,
        name_given="Mẩy",
        phone_given="",
        now=BEGIN,
    ).id


def in_the_middle(player: Player) -> None:
    """A report of the member there is being read back, and a lesson is under way with nobody."""
    chat = player.chat
    row = ["Bế Thị Mẩy", "M99", None, "logged_in", "2026-11-24", False]
    state = {"misses": 0, "last_tap": None, "last_tap_at": None}
    notes = {**chat.notes, "report": [row]}
    chats.leave(player.conn, chat, at=chat.at, trail=chat.trail, notes=notes, offered=chat.offered, **state)  # type: ignore[arg-type]


def rows(conn: Conn) -> list[Any]:
    return [conn.exec_driver_sql(f'SELECT * FROM "{table.name}"').fetchall() for table in CHANGED]


def act(player: Player, key: str) -> str:
    """Type the command, or tap the button as if it had been offered."""
    if key.startswith("/"):
        return player.say(key)[0].text
    chats.offer(player.conn, player.chat, [Choice(key, "Làm")])
    return player.tap(key)[0].text


@pytest.mark.parametrize("where", ["own", "other"])
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what(role: str, where: str, conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    filled = made_in(conn, *place_of(conn, where), staff[role], staff["office"])
    player = arrive(role)
    in_the_middle(player)
    refusals = [player.desk.house.words.say(block, "bac").text for block in NO]
    wrong: list[str] = []
    before = rows(conn)  # each action is undone, so that it is the same for all
    for action, (own, elsewhere) in TABLE.items():
        may = role in (own if where == "own" else elsewhere)
        point = conn.begin_nested()
        said = act(player, action.format(**filled))
        refused = any(text in said for text in refusals)
        if refused == may:
            wrong.append(f"{action} {'refused' if refused else 'allowed'}: {said}")
        elif not may and rows(conn) != before:
            wrong.append(f"{action} said no and changed something")
        point.rollback()
    assert not wrong, "\n".join(wrong)


def test_every_action_of_staff_has_its_row() -> None:
    routes = book()
    tabled = {Address.parse(action).route for action in TABLE if not action.startswith("/")}
    actions = {route for route in (*routes.screens, *routes.taps) if _is_staffs(route)}
    commands = {f"/{name}" for name, by in routes.described_by.items() if by not in FOR_EVERYBODY}
    assert actions == tabled
    assert commands == {action for action in TABLE if action.startswith("/")}


def _is_staffs(route: str) -> bool:
    return Address.parse(route).handler not in FOR_EVERYBODY or route in STAFF_OF_OPEN_FILES
