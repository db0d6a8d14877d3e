"""Calls for help: who needs whom, where they are stuck, who takes it and when they come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, insert, select, update

from storage.db import Conn
from storage.schema import help_request as call
from storage.statement import Statement, given


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A row of the table, its columns in order.

    `way`: phone, home or hall. `state`: open, taken, done or cancelled. `promised`: now, morning, afternoon or
    evening, of the day of `promise_by`. `wake_at`: when the ladder looks at it again.
    """

    id: int
    chat_id: int | None
    person_id: int | None
    unit_id: int | None
    way: str
    lesson: str
    step: str
    tried: int
    name_given: str
    phone_given: str
    state: str
    owner_person_id: int | None
    promised: str | None
    created_at: datetime
    taken_at: datetime | None
    closed_at: datetime | None
    promise_by: datetime | None
    reminded_at: datetime | None
    phrase: str
    rating: str | None
    round: int
    floor: int
    alarmed_at: datetime | None
    wake_at: datetime | None

    @property
    def code(self) -> str:
        """What people call it by, aloud and on paper."""
        return f"GT-{self.id:04d}"


def open_(
    conn: Conn,
    *,
    chat_id: int | None,
    person_id: int | None,
    unit_id: int | None,
    way: str,
    lesson: str,
    step: str,
    tried: int,
    name_given: str,
    phone_given: str,
    now: datetime,
) -> HelpRequest:
    about = {"chat_id": chat_id, "person_id": person_id, "unit_id": unit_id, "way": way}
    stuck = {"lesson": lesson, "step": step, "tried": tried}
    given = {"name_given": name_given, "phone_given": phone_given, "created_at": now, "wake_at": now}
    made = insert(call).values(**about, **stuck, **given).returning(*call.c)
    return HelpRequest(*conn.execute(made).one())


def get(conn: Conn, call_id: int) -> HelpRequest | None:
    found = _found(conn, select(call).where(call.c.id == call_id))
    return found[0] if found else None


def open_of_chat(conn: Conn, chat_id: int) -> HelpRequest | None:
    """The chat's newest call that is still open or taken."""
    row = _open_of_chat.one(conn, chat=chat_id)
    return HelpRequest(*row) if row else None


def open_of_person(conn: Conn, person_id: int) -> HelpRequest | None:
    """This person's newest call that is still open or taken, from whichever chat."""
    mine = select(call).where(call.c.person_id == person_id, _ALIVE)
    found = _found(conn, mine.order_by(call.c.id.desc()).limit(1))
    return found[0] if found else None


def latest_of_chat(conn: Conn, chat_id: int) -> HelpRequest | None:
    """The chat's newest call, whatever became of it."""
    found = _found(conn, select(call).where(call.c.chat_id == chat_id).order_by(call.c.id.desc()).limit(1))
    return found[0] if found else None


def taken(conn: Conn, unit_ids: Collection[int] | None) -> list[HelpRequest]:
    """Calls of these units (None: of all) that somebody has taken and not closed, the oldest first."""
    ours = call.c.unit_id.in_(unit_ids) if unit_ids is not None else call.c.id.is_not(None)
    return _found(conn, select(call).where(call.c.state == "taken", ours).order_by(call.c.id))


def waiting(conn: Conn, unit_ids: Collection[int] | None) -> list[HelpRequest]:
    """Calls of these units (None: of all) that nobody has taken, the oldest first."""
    ours = call.c.unit_id.in_(unit_ids) if unit_ids is not None else call.c.id.is_not(None)
    return _found(conn, select(call).where(call.c.state == "open", ours).order_by(call.c.id))


def of_owner(conn: Conn, person_id: int) -> list[HelpRequest]:
    """Calls this person took and has not closed, the oldest first."""
    mine = call.c.owner_person_id == person_id
    return _found(conn, select(call).where(call.c.state == "taken", mine).order_by(call.c.id))


def lock(conn: Conn, call_id: int) -> HelpRequest:
    """The call, which nobody else changes until the end of the transaction."""
    row = _lock.one(conn, call=call_id)
    assert row is not None, "the number came from another row"
    return HelpRequest(*row)


def due(conn: Conn, now: datetime, limit: int) -> list[HelpRequest]:
    """Calls that somebody must look at, the longest due first; none that another process is looking at."""
    found = select(call).where(call.c.wake_at.is_not(None), call.c.wake_at <= now)
    return _found(conn, found.order_by(call.c.wake_at, call.c.id).limit(limit).with_for_update(skip_locked=True))


def loads(conn: Conn, person_ids: Collection[int]) -> dict[int, int]:
    """How many calls each of these people has in hand; who has none is left out."""
    theirs = select(call.c.owner_person_id, func.count()).where(
        call.c.state == "taken", call.c.owner_person_id.in_(person_ids)
    )
    rows = conn.execute(theirs.group_by(call.c.owner_person_id))
    return {int(row[0]): int(row[1]) for row in rows}


def take(conn: Conn, call_id: int, person_id: int, phrase: str, now: datetime) -> HelpRequest | None:
    """Make it this person's; None when somebody else was quicker, or it is over."""
    its = {"owner_person_id": person_id, "phrase": phrase, "taken_at": now, "wake_at": now}
    return _change(conn, call_id, call.c.state == "open", state="taken", **its)


def promise(conn: Conn, call_id: int, part: str, by: datetime, now: datetime) -> HelpRequest:
    """When the owner comes."""
    return _must(_change(conn, call_id, _TAKEN, promised=part, promise_by=by, reminded_at=None, wake_at=now))


def reminded(conn: Conn, call_id: int, now: datetime) -> None:
    _must(_change(conn, call_id, _TAKEN, reminded_at=now))


def give_back(conn: Conn, call_id: int, now: datetime) -> HelpRequest:
    """The owner cannot come after all: open again for everybody."""
    return _must(_change(conn, call_id, _TAKEN, state="open", **_NOBODYS, wake_at=now))


def reopen(conn: Conn, call_id: int, floor: int, now: datetime) -> HelpRequest:
    """It was closed, but the member says it is not done: asked anew from this rung on."""
    anew = {"round": call.c.round + 1, "floor": floor, "alarmed_at": None, "closed_at": None, "wake_at": now}
    return _must(_change(conn, call_id, call.c.state == "done", state="open", **_NOBODYS, **anew))


def rate(conn: Conn, call_id: int, rating: str) -> None:
    _must(_change(conn, call_id, call.c.state == "done", rating=rating))


def climb(conn: Conn, call_id: int, floor: int, now: datetime) -> HelpRequest:
    """From now on nobody below this rung is asked."""
    return _must(_change(conn, call_id, call.c.state == "open", floor=floor, wake_at=now))


def anew(conn: Conn, call_id: int) -> None:
    """Everybody may be asked once more."""
    again = {"round": call.c.round + 1, "floor": 0, "alarmed_at": None}
    _must(_change(conn, call_id, call.c.state == "open", **again))


def alarmed(conn: Conn, call_id: int, now: datetime) -> None:
    _must(_change(conn, call_id, call.c.state == "open", alarmed_at=now))


def sleep(conn: Conn, call_id: int, until: datetime) -> None:
    """Nothing has to be done about it before then."""
    _sleep.run(conn, call=call_id, wake_at=until)


def done(conn: Conn, call_id: int, now: datetime) -> HelpRequest:
    return _must(_change(conn, call_id, _ALIVE, state="done", closed_at=now, wake_at=None))


def cancel(conn: Conn, call_id: int, now: datetime) -> HelpRequest:
    return _must(_change(conn, call_id, _ALIVE, state="cancelled", closed_at=now, wake_at=None))


def _found(conn: Conn, query: Select[Any]) -> list[HelpRequest]:
    return [HelpRequest(*row) for row in conn.execute(query)]


def _change(conn: Conn, call_id: int, if_: ColumnElement[bool], **values: Any) -> HelpRequest | None:
    changed = update(call).where(call.c.id == call_id, if_).values(**values).returning(*call.c)
    row = conn.execute(changed).one_or_none()
    return HelpRequest(*row) if row else None


def _must(changed: HelpRequest | None) -> HelpRequest:
    if changed is None:
        raise LookupError("there is no such call, or it is over")
    return changed


_ALIVE = call.c.state.in_(("open", "taken"))
_TAKEN = call.c.state == "taken"
_NOBODYS: dict[str, Any] = {
    **dict.fromkeys(("owner_person_id", "promised", "promise_by", "reminded_at", "taken_at")),
    "phrase": "",
}
_CALL = call.c.id == bindparam("call", type_=BigInteger)
_lock = Statement(lambda _: select(call).where(_CALL).with_for_update())
_sleep = Statement(lambda _: update(call).where(_CALL, call.c.wake_at.is_not(None)).values(given(call, "wake_at")))
_open_of_chat = Statement(
    lambda _: (
        select(call)
        .where(call.c.chat_id == bindparam("chat", type_=BigInteger), call.c.wake_at.is_not(None))
        .order_by(call.c.id.desc())
    )
)
