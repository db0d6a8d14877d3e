"""A room that does a lesson: who keeps up, who is left behind, who catches up."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.meeting import caught_up, left_behind, with_the_room

EVERYBODY = range(5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EVERYBODY), st.booleans())))
def test_everybody_is_either_with_the_room_or_behind(moves: list[tuple[int, bool]]) -> None:
    behind: dict[str, str] = {}
    for person, keeps_up in moves:
        behind = caught_up(behind, person) if keeps_up else left_behind(behind, person, "AND-2")
    assert len(with_the_room(EVERYBODY, behind)) + len(behind) == len(EVERYBODY)


def test_who_was_left_behind_earlier_stays_there() -> None:
    assert left_behind({"1": "AND-2"}, 1, "AND-5") == {"1": "AND-2"}
