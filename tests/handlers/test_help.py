"""Asking for help: the unit is found by what people call it."""

from __future__ import annotations

import pytest

from bot.authoring.player import BEGIN, Player
from storage import units
from storage.db import Conn


@pytest.mark.parametrize("said", ["thôn nà pán", "na pan", "Thôn Hợp Nhất", "NAPAN"])
def test_a_renamed_unit_is_found_by_its_old_name_too(said: str, conn: Conn, newcomer: Player) -> None:
    old = units.by_code(conn, "NAPAN")
    assert old is not None
    units.create(conn, code="PACLUNG", name="Thôn Pác Lũng", kind="thon", parent_id=None)
    units.rename(conn, old, "Thôn Hợp Nhất", "thon", BEGIN)
    newcomer.say("/giup")
    newcomer.tap("help:way:home")
    newcomer.say(said)
    assert newcomer.chat.at == "help:name"
    assert newcomer.chat.notes["call"]["unit"] == old.id
