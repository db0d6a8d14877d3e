"""A room that does a lesson together: who is at its step, and who was left behind at which.

Whoever was left behind at a step has not done it. Somebody who catches up is with the room again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.core.guide import Guide


def with_the_room(everybody: Collection[int], behind: Mapping[str, str]) -> list[int]:
    """Those who have kept up so far, in the order given."""
    return [person for person in everybody if str(person) not in behind]


def left_behind(behind: Mapping[str, str], person: int, step: str) -> dict[str, str]:
    """This person stays at this step; somebody left behind earlier stays where they were."""
    return {str(person): step, **behind}


def caught_up(behind: Mapping[str, str], person: int) -> dict[str, str]:
    """This person is with the room again."""
    return {key: at for key, at in behind.items() if key != str(person)}


def milestone_of(guide: Guide) -> str | None:
    """What somebody who did the whole lesson has reached."""
    marked = [step.marks for step in guide.steps if step.marks]
    return marked[-1] if marked else None
