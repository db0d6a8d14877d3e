"""Every action of staff, by every role, in their own place and in another: allowed, or a kind no that changes nothing.

A new handler file needs a line in `FOR_EVERYBODY` or rows in `TABLE`; a new screen, tap or command of staff a row.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.authoring.player import BEGIN, Player
from bot.core.messages import Choice
from bot.core.routing import Address
from bot.discover import book
from storage import cells, chats, claims, grants, helps, people, units
from storage.db import Conn
from storage.schema import claim, grant, help_request, invite, person, progress
from tests.handlers.conftest import Arrive

# Nothing in these is anybody's by their role.
FOR_EVERYBODY = {
    "claim",
    "guide",
    "hello",
    "help",
    "join",
    "me",
    "menu",
    "nav",
    "nudge",
    "questions",
    "scam",
    "share",
    "talk",
    "unread",
}
# The helper's day has tests of its own for whose people they are.
HELD_IN_THEIR_OWN_TESTS = {"conflict", "confirm", "day", "exempt", "meeting", "report", "sentence", "together"}
FOR_EVERYBODY |= HELD_IN_THEIR_OWN_TESTS
STAFF_OF_OPEN_FILES = {"claim:one", "claim:is", "claim:no", "claim:undo"}

ROLES = ("member", "helper", "coordinator", "secretary", "office", "party", "leader")
HELPS = {"helper", "coordinator", "office"}
LEADS = {"coordinator", "office"}
OFFICE = {"office"}
NOBODY: set[str] = set()

# Action -> who may in their own thôn, who may in another. `{x}` is filled with what the test has made there.
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "calls:list": (HELPS, HELPS),
    "/viec": (HELPS, HELPS),
    "calls:one:{call}": (HELPS, OFFICE),
    "calls:take:{call}": (HELPS, OFFICE),
    "calls:when:{call}": (NOBODY, NOBODY),  # nor these
    "calls:part:{call}:today": (NOBODY, NOBODY),
    "relay:to_member:{call}": (NOBODY, NOBODY),
    "relay:to_helper": (NOBODY, NOBODY),
    "relay:voice": (NOBODY, NOBODY),
    "calls:busy:{call}": (HELPS, OFFICE),
    "calls:promise:{call}:today": (NOBODY, NOBODY),  # not theirs: nobody has taken it
    "calls:done:{call}": (NOBODY, NOBODY),
    "calls:give_back:{call}": (NOBODY, NOBODY),
    "invites:start": (LEADS, LEADS),
    "/giaymoi": (LEADS, LEADS),
    "invites:which": (LEADS, LEADS),
    "invites:unit:{unit}": (LEADS, OFFICE),
    "invites:sheet:{unit}": (LEADS, OFFICE),
    "invites:each:{unit}": (LEADS, OFFICE),
    "invites:every": (OFFICE, OFFICE),
    "claim:one:{claim}": (LEADS, OFFICE),
    "claim:is:{claim}:{member}": (LEADS, OFFICE),
    "claim:no:{claim}": (LEADS, OFFICE),
    "claim:undo:{claim}": (LEADS, OFFICE),
    "roles:start": (LEADS, LEADS),
    "/giaoviec": (LEADS, LEADS),
    "roles:pick": (LEADS, LEADS),
    "roles:for:helper": (LEADS, LEADS),
    "roles:for:coordinator": (OFFICE, OFFICE),
    "roles:for:secretary": (OFFICE, OFFICE),
    "roles:for:leader": (OFFICE, OFFICE),
    "roles:for:office": (NOBODY, NOBODY),
    "roles:for:admin": (NOBODY, NOBODY),
    "roles:where:helper": (LEADS, LEADS),
    "roles:where:secretary": (OFFICE, OFFICE),
    "roles:who:helper:{unit}": (LEADS, OFFICE),
    "roles:who:secretary:{cell}": (OFFICE, OFFICE),
    "roles:sure:helper:{unit}:{member}": (LEADS, OFFICE),
    "roles:give:helper:{unit}:{member}": (LEADS, OFFICE),
    "roles:give:coordinator:{unit}:{member}": (OFFICE, OFFICE),
    "roles:give:secretary:{cell}:{member}": (OFFICE, OFFICE),
    "roles:give:office:0:{member}": (NOBODY, NOBODY),
    "roles:give:admin:0:{member}": (NOBODY, NOBODY),
    "roles:give:nonsense:0:{member}": (NOBODY, NOBODY),
    "roles:held": (LEADS, LEADS),
    "roles:one:{grant}": (LEADS, OFFICE),
    "roles:revoke:{grant}": (LEADS, OFFICE),
    "roles:restore:{grant}": (LEADS, OFFICE),
    "roles:revoke:{office_grant}": (NOBODY, NOBODY),
}
NO = (
    "calls.not_for_you",
    "calls.not_yours",
    "invites.not_for_you",
    "claim.not_for_you",
    "roles.not_for_you",
    "relay.over",
)
CHANGED = (grant, invite, help_request, claim, progress, person)


def own_place(conn: Conn) -> int:
    found = units.by_code(conn, "NAPAN")
    assert found is not None
    return found.id


def made_in(conn: Conn, unit: int, staff: dict[str, int]) -> dict[str, Any]:
    """One of everything in this unit: a call, a claim, a member, a helper's grant, a chi bộ."""
    cell = cells.create(conn, code="CB99", name="Chi bộ 99")
    member = people.create(conn, code="M99", name="Bế Thị Mẩy", unit_id=unit, now=BEGIN)
    helper = people.create(conn, code="H99", name="Lộc Văn Páo", unit_id=unit, now=BEGIN)
    given = grants.give(conn, helper.id, "helper", scope_unit_id=unit, now=BEGIN)
    chat = chats.arrive(conn, "thu", "thu", "somebody", BEGIN)
    call = helps.open_(
        conn,
        chat_id=chat.id,
        person_id=None,
        unit_id=unit,
        way="phone",
        lesson="",
        step="",
        tried=0,
        name_given="Mẩy",
        phone_given="",
        now=BEGIN,
    )
    claimed = claims.make(conn, chat.id, unit, "Bế Thị Mẩy", BEGIN)
    of_office = grants.roles(conn, staff["office"])[0]
    made: dict[str, Any] = {
        "call": call,
        "claim": claimed,
        "member": member,
        "grant": given,
        "cell": cell,
        "office_grant": of_office,
    }
    return {"unit": unit, **{name: each.id for name, each in made.items()}}


def rows(conn: Conn) -> list[Any]:
    return [[tuple(row) for row in conn.execute(select(table))] for table in CHANGED]


def act(player: Player, key: str) -> str:
    """Type the command, or tap the button as if it had been offered."""
    if key.startswith("/"):
        return player.say(key)[0].text
    chats.offer(player.conn, player.chat, [Choice(key, "Làm")])
    return player.tap(key)[0].text


@pytest.mark.parametrize("where", ["own", "other"])
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what(role: str, where: str, conn: Conn, arrive: Arrive, staff: dict[str, int]) -> None:
    other = units.create(conn, code="NAHO", name="Thôn Nà Hó", kind="thon", parent_id=None).id
    filled = made_in(conn, own_place(conn) if where == "own" else other, staff)
    player = arrive(role)
    refusals = [player.desk.house.words.say(block, "bac").text for block in NO]
    for action, (own, elsewhere) in TABLE.items():
        point = conn.begin_nested()
        before = rows(conn)
        said = act(player, action.format(**filled))
        refused = any(text in said for text in refusals)
        may = role in (own if where == "own" else elsewhere)
        assert refused != may, f"{role}, {where}: {action} -> {said}"
        assert may or rows(conn) == before, f"{role}, {where}: {action} said no and changed something"
        point.rollback()


def test_every_action_of_staff_has_its_row() -> None:
    routes = book()
    tabled = {Address.parse(action).route for action in TABLE if not action.startswith("/")}
    actions = {route for route in (*routes.screens, *routes.taps) if _is_staffs(route)}
    commands = {f"/{name}" for name, by in routes.described_by.items() if by not in FOR_EVERYBODY}
    assert actions == tabled
    assert commands == {action for action in TABLE if action.startswith("/")}


def _is_staffs(route: str) -> bool:
    return Address.parse(route).handler not in FOR_EVERYBODY or route in STAFF_OF_OPEN_FILES
