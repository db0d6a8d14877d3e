"""When a member leaves: somebody nearby hears of it once, and only if the member can be reached nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.authoring.player import Player, enter
from bot.core.messages import Kind
from bot.turn import Desk
from storage import chats
from storage.db import Conn
from storage.schema import outbox

Arrive = Callable[..., Player]


def told(conn: Conn, player: Player) -> int:
    rows = conn.execute(select(outbox.c.body).where(outbox.c.chat_id == player.chat.id)).scalars()
    return sum("không còn nhận được tin" in body["text"] for body in rows)


def test_the_helper_hears_of_it_once_however_often_the_button_is_pressed(conn: Conn, arrive: Arrive) -> None:
    helper, coordinator, member = arrive("helper"), arrive("coordinator"), arrive("member")
    for _ in range(3):
        member.do(Kind.LEFT)
        member.do(Kind.LEFT)
        member.do(Kind.RETURNED)
    assert (told(conn, helper), told(conn, coordinator)) == (1, 0)


@pytest.mark.parametrize("role", ["coordinator", "office"])
def test_without_a_helper_the_next_one_up_hears_of_it(conn: Conn, arrive: Arrive, role: str) -> None:
    above, member = arrive(role), arrive("member")
    member.do(Kind.LEFT)
    assert told(conn, above) == 1


def test_nobody_hears_of_who_still_reads_elsewhere(
    conn: Conn, arrive: Arrive, desk: Desk, staff: dict[str, int]
) -> None:
    helper, member = arrive("helper"), arrive("member")
    enter(Player(conn, desk, key="trang-web"), staff["member"], "bac")
    member.do(Kind.LEFT)
    assert told(conn, helper) == 0


def test_nobody_hears_of_who_did_not_agree(conn: Conn, arrive: Arrive) -> None:
    helper, member = arrive("helper"), arrive("member")
    chats.set_consent(conn, member.chat.id, "no", "1", member.now)
    member.do(Kind.LEFT)
    assert told(conn, helper) == 0


def test_a_stranger_leaves_quietly(conn: Conn, arrive: Arrive, newcomer: Player) -> None:
    helper = arrive("helper")
    newcomer.do(Kind.START)
    newcomer.do(Kind.LEFT)
    assert not newcomer.chat.reachable
    assert told(conn, helper) == 0
