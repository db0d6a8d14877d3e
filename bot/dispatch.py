"""Who is asked when somebody calls for help: carries out what `bot.core.ladder` plans, in a turn or in a job.

Every move locks the call, writes the ask and returns its notices, so that they commit together. Run late, twice, or
on two machines, it asks nobody twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import cards, passphrase
from bot.core.ladder import TOP, Ask, Candidate, Holder, Owner, Plan, Rules, Standing, plan, rules_of
from bot.core.messages import Reply
from bot.scene import Scene
from storage import asks, chats, grants, helps, mishaps
from storage.chats import Chat
from storage.helps import HelpRequest

# How far back somebody's silence still counts.
_MEMORY = timedelta(days=7)
# After an alarm the member may have everybody asked anew, but not as fast as they can tap.
_ANEW_AFTER = timedelta(minutes=15)


def advance(scene: Scene, call_id: int, *, in_front: bool = False) -> list[Reply]:
    """Do what is next for this call, and say so to whom it concerns.

    `in_front`: the member is looking at how it stands, so they need no notice.
    """
    call = helps.lock(scene.conn, call_id)
    if call.wake_at is None:
        return []
    people = candidates(scene, call)
    step = plan(_standing(scene, call), people, rules(scene), scene.now)
    said = list(_carry_out(scene, call, step, in_front))
    helps.sleep(scene.conn, call.id, step.wake)
    return said


def rules(scene: Scene) -> Rules:
    return rules_of(scene.house.library.commune, scene.zone)


def holder_of(call: HelpRequest, waiting: list[asks.HelpAsk]) -> Holder:
    """Who answers for a call that is not over; `waiting`: its asks without an answer."""
    if call.state == "taken":
        return Holder.OWNER
    if waiting:
        return Holder.ASKED
    return Holder.ALARM if call.alarmed_at else Holder.MORNING


def take(scene: Scene, call: HelpRequest, person_id: int, rung: int) -> HelpRequest | None:
    """It is this person's now; None when somebody was quicker or it is over."""
    taken = helps.take(scene.conn, call.id, person_id, passphrase.pick(), scene.now)
    if taken:
        asks.took(scene.conn, call.id, person_id, rung=rung, round_=taken.round, now=scene.now)
        advance(scene, call.id)
    return taken


def decline(scene: Scene, call: HelpRequest, person_id: int) -> list[Reply]:
    """Whoever was asked cannot; the next one is asked at once. From somebody who is not asked it changes nothing."""
    helps.lock(scene.conn, call.id)
    return advance(scene, call.id) if asks.answer(scene.conn, call.id, person_id, "declined", scene.now) else []


def give_back(scene: Scene, call: HelpRequest, said: str = "declined") -> list[Reply]:
    """The owner has it no longer; the next one is asked at once."""
    helps.give_back(scene.conn, call.id, scene.now)
    asks.undo(scene.conn, call.id, call.owner_person_id or 0, call.round, said, scene.now)
    return advance(scene, call.id, in_front=True)


def ask_again(scene: Scene, call: HelpRequest) -> list[Reply]:
    """The member asks again: the call climbs at once; after an alarm everybody is asked anew."""
    call = helps.lock(scene.conn, call.id)
    if call.state == "taken":
        return _without_owner(scene, call) if is_overdue(scene, call) else []
    waiting = [ask for ask in asks.of_call(scene.conn, call.id) if not ask.answer]
    if waiting:
        for ask in waiting:
            asks.answer(scene.conn, call.id, ask.person_id, "lapsed", scene.now)
        helps.climb(scene.conn, call.id, min(max(ask.rung for ask in waiting) + 1, TOP), scene.now)
    elif call.alarmed_at and scene.now - call.alarmed_at >= _ANEW_AFTER:
        helps.anew(scene.conn, call.id)
    return advance(scene, call.id, in_front=True)


def is_overdue(scene: Scene, call: HelpRequest) -> bool:
    """Whether the owner said a time and it is over."""
    return call.state == "taken" and call.promise_by is not None and call.promise_by < scene.now


def reopen(scene: Scene, call: HelpRequest) -> list[Reply]:
    """The member says it is not done: the level above whoever had it is asked."""
    rung = cards.rung_of(scene, call.owner_person_id, call.unit_id) if call.owner_person_id else None
    helps.reopen(scene.conn, call.id, min((rung or 0) + 1, TOP), scene.now)
    return [*advance(scene, call.id, in_front=True), *scene.tell(call.owner_person_id, "calls.reopened", call=call)]


def candidates(scene: Scene, call: HelpRequest) -> list[Candidate]:
    """Everybody of the unit's rungs who can be written to, each on their highest rung; never the caller."""
    rungs = grants.ladder(scene.conn, call.unit_id)
    found = {who: rung for who, rung in rungs.items() if who != call.person_id and scene.window(who)}
    loads = helps.loads(scene.conn, found)
    lately: dict[int, list[tuple[str, datetime]]] = {person: [] for person in found}
    for person, answer, asked_at in asks.lately(scene.conn, found, scene.now - _MEMORY):
        lately[person].append((answer, asked_at))
    return [_candidate(person, rung, loads.get(person, 0), lately[person]) for person, rung in found.items()]


def tell_member(scene: Scene, call_of: HelpRequest, block: str, *, once: str = "", **values: object) -> list[Reply]:
    """A notice to whoever called."""
    chat = chats.get(scene.conn, call_of.chat_id) if call_of.chat_id else None
    return [scene.notice(chat, block, once=once, **values)] if chat else []


def member_form(scene: Scene, call: HelpRequest) -> str:
    return chats.get(scene.conn, call.chat_id).form if call.chat_id else "bac"


def _candidate(person: int, rung: int, load: int, lately: list[tuple[str, datetime]]) -> Candidate:
    lapses = 0
    for answer, _ in lately:
        lapses = lapses + 1 if answer == "lapsed" else 0 if answer in ("taken", "declined") else lapses
    waiting = sum(not answer for answer, _ in lately)
    return Candidate(person, rung, load + waiting, lapses, lately[-1][1] if lately else None)


def _standing(scene: Scene, call: HelpRequest) -> Standing:
    so_far = tuple(
        Ask(ask.person_id, ask.rung, ask.round, ask.asked_at, ask.due_at, ask.answer)
        for ask in asks.of_call(scene.conn, call.id)
    )
    return Standing(call.round, call.floor, so_far, _owner(scene, call), call.alarmed_at)


def _owner(scene: Scene, call: HelpRequest) -> Owner | None:
    if call.state != "taken" or call.owner_person_id is None:
        return None
    person = call.owner_person_id
    return Owner(
        person,
        cards.rung_of(scene, person, call.unit_id) or 0,
        since=call.taken_at or scene.now,
        promise_by=call.promise_by,
        reminded_at=call.reminded_at,
        reachable=scene.window(person) is not None,
    )


def _carry_out(scene: Scene, call: HelpRequest, step: Plan, in_front: bool) -> Iterator[Reply]:
    for person in step.lapsed:
        asks.answer(scene.conn, call.id, person, "lapsed", scene.now)
    if step.release:
        yield from _release(scene, call)
    if step.again:
        helps.anew(scene.conn, call.id)
    if step.alarm:
        helps.alarmed(scene.conn, call.id, scene.now)
        yield from _alarm(scene, call, step, in_front)
    if step.remind:
        helps.reminded(scene.conn, call.id, scene.now)
        yield from scene.tell(call.owner_person_id, "calls.promise_passed", call=call)
    round_ = call.round + step.again
    for person in step.ask:
        if asks.add(scene.conn, call.id, person, rung=step.rung, round_=round_, now=scene.now, due=step.wake):
            yield from _ask(scene, call, person, step, in_front)


def _ask(scene: Scene, call: HelpRequest, person: int, step: Plan, in_front: bool) -> Iterator[Reply]:
    chat = scene.window(person)
    if chat:
        until = cards.moment(scene, chat.form, step.wake)
        yield scene.notice(chat, "calls.asked", until=until, **cards.facts(scene, chat.form, call))
    if not in_front and person == step.ask[0]:
        name = cards.who(scene, member_form(scene, call), person, call.unit_id)
        yield from tell_member(scene, call, "help.asking", name=name)


def _release(scene: Scene, call: HelpRequest) -> Iterator[Reply]:
    """An owner who did not come has it no longer; both are told, neither is blamed."""
    helps.give_back(scene.conn, call.id, scene.now)
    asks.undo(scene.conn, call.id, call.owner_person_id or 0, call.round, "lapsed", scene.now)
    yield from scene.tell(call.owner_person_id, "calls.released", call=call)
    helper = cards.name_of(scene, call.owner_person_id)
    yield from tell_member(scene, call, "calls.member_given_back", helper=helper)


def _without_owner(scene: Scene, call: HelpRequest) -> list[Reply]:
    """The time is over and the member asks: on to the level above."""
    rung = cards.rung_of(scene, call.owner_person_id, call.unit_id) if call.owner_person_id else None
    told = scene.tell(call.owner_person_id, "calls.released", call=call)
    helps.give_back(scene.conn, call.id, scene.now)
    asks.undo(scene.conn, call.id, call.owner_person_id or 0, call.round, "lapsed", scene.now)
    helps.climb(scene.conn, call.id, min((rung or 0) + 1, TOP), scene.now)
    return [*told, *advance(scene, call.id, in_front=True)]


def _alarm(scene: Scene, call: HelpRequest, step: Plan, in_front: bool) -> Iterator[Reply]:
    """Nobody is left to ask: the admin's list, and by day those who can do something, and the member, once a day."""
    fault = f"{call.code}: nobody to ask"
    mishaps.note(scene.conn, ref=call.code, channel="", where="help", error=fault, traceback="", now=scene.now)
    today = scene.local(scene.now).date()
    if not _is_day(scene):
        return
    for chat in _watchers(scene):
        if chat.id != call.chat_id:
            once = f"alarm:{call.id}:{today}"
            yield scene.notice(chat, "calls.alarm", once=once, **cards.facts(scene, chat.form, call))
    if not in_front:
        again = cards.moment(scene, member_form(scene, call), step.wake)
        yield from tell_member(scene, call, "help.nobody_yet", once=f"nobody:{call.id}:{today}", again=again)


def _is_day(scene: Scene) -> bool:
    return any(rules(scene).is_open(rung, scene.now) for rung in range(TOP + 1))


def _watchers(scene: Scene) -> list[Chat]:
    """Who hears of alarms: the IT person and the office."""
    holders = {each.id for role in ("admin", "office") for each in grants.holders(scene.conn, role, None)}
    return [chat for person in sorted(holders) if (chat := scene.window(person))]
