"""How a call for help is told: where it hangs, who has it, when they come, in the words of whoever hears it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from bot.core.ladder import RUNGS
from bot.scene import Scene
from storage import grants, people, units
from storage.helps import HelpRequest

_FIRST_SENTENCE = re.compile(r".+?[.!?](?=\s|$)")


def facts(scene: Scene, form: str, call: HelpRequest) -> dict[str, Any]:
    """What a card of this call shows to somebody with this form of address."""
    return {
        "call": call,
        "unit": unit_of(scene, call.unit_id),
        "lesson": lesson_of(scene, call.lesson, call.step),
        "step": step_of(scene, form, call.lesson, call.step),
    }


def lesson_of(scene: Scene, slug: str, step: str) -> str:
    """Where the person is stuck: the lesson's title and the step's number; empty where it is unknown."""
    guide = scene.house.library.guides.get(slug)
    if guide is None:
        return ""
    place = guide.position(guide.nearest(step).id)
    return scene.house.words.say("calls.lesson", "bac", title=guide.title, place=place).text


def step_of(scene: Scene, form: str, slug: str, step: str) -> str:
    """The step's own words, its first sentence; empty where it is unknown."""
    guide = scene.house.library.guides.get(slug)
    if guide is None:
        return ""
    now, words = guide.nearest(step), scene.house.words
    said = words.fill(now.until_confirmed if words.missing(now.do) else now.do, form)
    first = _FIRST_SENTENCE.match(said)
    return (first.group() if first else said).rstrip(".")


def unit_of(scene: Scene, unit_id: int | None) -> str:
    unit = units.get(scene.conn, unit_id) if unit_id else None
    return unit.name if unit else ""


def name_of(scene: Scene, person_id: int | None) -> str:
    person = people.get(scene.conn, person_id) if person_id else None
    return person.name if person else ""


def rung_of(scene: Scene, person_id: int, unit_id: int | None) -> int | None:
    """The highest rung on which this person helps the people of this unit; None: on none."""
    return grants.ladder(scene.conn, unit_id).get(person_id)


def who(scene: Scene, form: str, person_id: int | None, unit_id: int | None) -> str:
    """Name and work: "Lý Thị Lành, tổ công nghệ số"."""
    rung = rung_of(scene, person_id, unit_id) if person_id else None
    unit = units.get(scene.conn, unit_id) if unit_id else None
    name, role, kind = name_of(scene, person_id), RUNGS[rung or 0], unit.kind if unit else ""
    return scene.house.words.say("calls.who", form, name=name, role=role, kind=kind).text


def moment(scene: Scene, form: str, at: datetime) -> str:
    """A clock time as it is said: "9 giờ 05", "7 giờ sáng mai"."""
    local = scene.local(at)
    clock = {"hour": local.hour, "minute": f"{local.minute:02}" if local.minute else ""}
    return scene.house.words.say("calls.moment", form, **clock, **_day(scene, local)).text


def promise(scene: Scene, form: str, call: HelpRequest) -> str:
    """When the owner comes, seen from today: "chiều mai", "trước 9 giờ 30"; empty while they have not said."""
    if not call.promised or not call.promise_by:
        return ""
    day, clock = _day(scene, scene.local(call.promise_by)), moment(scene, form, call.promise_by)
    return scene.house.words.say("calls.promise_time", form, part=call.promised, clock=clock, **day).text


def _day(scene: Scene, local: datetime) -> dict[str, object]:
    """How far a day is from today, and its date as it is said."""
    days = (local.date() - scene.local(scene.now).date()).days
    return {"days": days, "date": f"{local.day}/{local.month}", "early": local.hour < 11}
