"""Keeps every call for help awake: asks the next, reminds, raises the alarm; tells of steps where many are stuck.

All of it stands in tables with a moment at which to look again, so it may run late, twice, or on two machines.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import cards, dispatch
from bot.core.ladder import RUNGS
from bot.core.messages import Reply
from bot.desk import Desk
from bot.outgoing import notify
from bot.scene import Scene
from storage import chats, grants, helps, stucks
from storage.chats import Chat
from storage.db import Conn
from storage.stucks import Cluster

WHEN = {"minute": "*"}

# What is left over is done a minute later.
AT_MOST = 200
_A_DAY = timedelta(days=1)
_MARKS_KEPT = timedelta(days=2)
_COORDINATOR = RUNGS.index("coordinator")


def run(conn: Conn, now: datetime, desk: Desk) -> dict[str, int]:
    """Returns how many calls were looked at, how many clusters told, and how many old marks forgotten."""
    scene = Scene(conn, now, desk)
    calls = helps.due(conn, now, AT_MOST)
    for call in calls:
        for place, reply in enumerate(dispatch.advance(scene, call.id)):
            _say(scene, reply, f"ladder:{call.id}:{now:%Y%m%d%H%M%S%f}:{place}")
    told = sum(_tell(scene, found) for found in _clusters(scene))
    return {"calls": len(calls), "clusters": told, "forgotten": stucks.purge(conn, now - _MARKS_KEPT)}


def _say(scene: Scene, reply: Reply, key: str) -> None:
    assert reply.to is not None, "in a job nobody is in front"
    notify(scene.conn, reply, chats.get(scene.conn, reply.to), key, scene.desk, scene.now)


def _clusters(scene: Scene) -> list[Cluster]:
    """What nobody was told of yet; at night it waits."""
    if not dispatch.rules(scene).is_open(_COORDINATOR, scene.now):
        return []
    least = scene.house.library.commune.help.stuck_together
    return stucks.clusters(scene.conn, least, scene.now - _A_DAY)


def _tell(scene: Scene, found: Cluster) -> bool:
    """One notice to the unit's coordinator, else to the office, without names; at most one a step and day."""
    to = _coordinator(scene, found.unit_id)
    day = f"{scene.local(scene.now):%Y-%m-%d}"
    if to is None or not stucks.tell(scene.conn, found, day, scene.now):
        return False
    notice = scene.notice(
        to,
        "calls.cluster",
        unit=cards.unit_of(scene, found.unit_id),
        people=found.people,
        lesson=cards.lesson_of(scene, found.lesson, found.step),
        step=cards.step_of(scene, to.form, found.lesson, found.step),
    )
    _say(scene, notice, f"cluster:{found.unit_id}:{found.lesson}:{found.step}:{day}")
    return True


def _coordinator(scene: Scene, unit_id: int) -> Chat | None:
    holders = (each for role in RUNGS[_COORDINATOR:] for each in grants.holders(scene.conn, role, unit_id))
    return next((chat for each in holders if (chat := scene.window(each.id))), None)
