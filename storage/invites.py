"""Invitations: a code on a printed sheet that ties a chat to a unit or to a person."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, case, func, insert, or_, select, update

from bot.core import codes
from storage.db import Conn
from storage.people import is_member
from storage.schema import chat, invite, person

# Without the signs that look alike on paper: 0 O, 1 I L.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LASTS = timedelta(days=60)

Verdict = Literal["good", "used", "expired", "replaced", "unknown"]


@dataclass(frozen=True, slots=True)
class Invite:
    """`kind`: unit or person. `uses_left` None: without limit. `channel`, `account`: where it leads, if to one.

    `created_at`: when it was made, or last handed out with a seat. `voided_at`: since when another one counts instead.
    """

    code: str
    kind: str
    unit_id: int | None
    person_id: int | None
    uses_left: int | None
    expires_at: datetime | None
    created_at: datetime
    channel: str | None
    account: str | None
    used_at: datetime | None
    voided_at: datetime | None


def create(
    conn: Conn,
    *,
    code: str | None = None,
    unit_id: int | None = None,
    person_id: int | None = None,
    uses: int | None = None,
    expires_at: datetime | None = None,
    channel: str | None = None,
    account: str | None = None,
    now: datetime,
) -> Invite:
    """An invitation into a unit or for a person; without a code of its own it gets one that cannot be guessed."""
    values = {"unit_id": unit_id, "person_id": person_id, "uses_left": uses, "expires_at": expires_at}
    place = {"channel": channel, "account": account}
    kind = "unit" if person_id is None else "person"
    made = insert(invite).values(code=code or _drawn(), kind=kind, created_at=now, **values, **place)
    return Invite(*conn.execute(made.returning(*_COLUMNS)).one())


def issue(conn: Conn, person_id: int, now: datetime, lasts: timedelta = LASTS) -> Invite:
    """A new code of this person, for one use; the ones given out before no longer count."""
    old = update(invite).where(invite.c.person_id == person_id, *_open(now))
    conn.execute(old.values(voided_at=now))
    return create(conn, person_id=person_id, uses=1, expires_at=now + lasts, now=now)


def issue_missing(conn: Conn, people: Iterable[int], now: datetime) -> int:
    """A code for each of these who has none in force; how many were made."""
    missing = [person_id for person_id in people if of_person(conn, person_id, now) is None]
    for person_id in missing:
        issue(conn, person_id, now)
    return len(missing)


def of_person(conn: Conn, person_id: int, now: datetime) -> Invite | None:
    """This person's code in force."""
    return _newest(conn, invite.c.person_id == person_id, now)


def of_unit(conn: Conn, unit_id: int, now: datetime) -> Invite | None:
    """The unit's own code in force."""
    return _newest(conn, invite.c.unit_id == unit_id, now)


def for_unit(conn: Conn, unit_id: int, code: str, now: datetime) -> Invite:
    """The unit's code in force; where there is none yet, the unit's own short name becomes it."""
    found = of_unit(conn, unit_id, now)
    if found:
        return found
    taken = conn.execute(select(1).where(invite.c.code == code)).first()
    return create(conn, code=None if taken else code, unit_id=unit_id, now=now)


def find(conn: Conn, typed: str, now: datetime) -> str | None:
    """The code in force that was meant: as typed, or else the only one that looks like it."""
    words = codes.readings(codes.tidy(typed)) if codes.tidy(typed) else []
    rows = conn.execute(select(invite.c.code).where(invite.c.code.in_(words), *_open(now)))
    found = {code for (code,) in rows} if words else set()
    if words and words[0] in found:
        return words[0]
    return found.pop() if len(found) == 1 else None


def verdict(conn: Conn, typed: str, now: datetime) -> Verdict:
    """What is the matter with a code that somebody typed, as exactly as the one on their paper can be told."""
    if find(conn, typed, now):
        return "good"
    row = conn.execute(select(*_COLUMNS).where(invite.c.code == codes.tidy(typed))).one_or_none()
    if row is None:
        return "unknown"
    known = Invite(*row)
    if known.voided_at:
        return "replaced"
    return "used" if known.uses_left is not None and known.uses_left <= 0 else "expired"


def tie(conn: Conn, code: str, channel: str | None, account: str | None, now: datetime) -> None:
    """It is handed out now and leads to this account, whose seats it holds from now on; None: to none."""
    seat = {"channel": channel, "account": account, "created_at": now}
    conn.execute(update(invite).where(invite.c.code == code).values(**seat))


def held(conn: Conn, channel: str, since: datetime, now: datetime) -> dict[str, int]:
    """How many seats of each account of this channel are promised: handed out since then and not used yet.

    The code of a unit holds one for everybody of the unit who is still to come.
    """
    own = select(invite.c.account, func.sum(_weight(now))).where(invite.c.channel == channel)
    tied = own.where(*_open(now), invite.c.account.is_not(None), invite.c.created_at >= since)
    rows = conn.execute(tied.group_by(invite.c.account))
    return {str(account): int(count) for account, count in rows}


def weight(conn: Conn, code: str, now: datetime) -> int:
    """How many people may come with this code."""
    return int(conn.execute(select(_weight(now)).where(invite.c.code == code)).scalar_one())


def redeem(conn: Conn, code: str, now: datetime) -> Invite | None:
    """Use the code up once; None when it is not (any longer) in force. Two at once never share one use."""
    used = update(invite).where(invite.c.code == code, *_open(now))
    row = conn.execute(used.values(uses_left=invite.c.uses_left - 1, used_at=now).returning(*_COLUMNS)).one_or_none()
    return Invite(*row) if row else None


def _newest(conn: Conn, whose: ColumnElement[bool], now: datetime) -> Invite | None:
    newest = select(*_COLUMNS).where(whose, *_open(now)).order_by(invite.c.created_at.desc()).limit(1)
    row = conn.execute(newest).first()
    return Invite(*row) if row else None


def _open(now: datetime, of: FromClause = invite) -> tuple[ColumnElement[bool], ...]:
    unused = or_(of.c.uses_left.is_(None), of.c.uses_left > 0)
    return unused, of.c.voided_at.is_(None), or_(of.c.expires_at.is_(None), of.c.expires_at > now)


def _weight(now: datetime) -> ColumnElement[int]:
    """The uses that are left; without a limit, those of the unit who are still to come, and at least one."""
    waiting = _to_come(now)
    return func.coalesce(invite.c.uses_left, case((waiting > 1, waiting), else_=1))


def _to_come(now: datetime) -> ScalarSelect[int]:
    """Members of the invitation's unit who are not in yet and were given no seat of their own."""
    other = invite.alias()
    is_in = select(1).where(chat.c.person_id == person.c.id).exists()
    own = select(1).where(other.c.person_id == person.c.id, other.c.account.is_not(None), *_open(now, other)).exists()
    members = select(func.count()).select_from(person).where(person.c.unit_id == invite.c.unit_id, is_member())
    return members.where(~is_in, ~own).correlate(invite).scalar_subquery()


def _drawn() -> str:
    """Always with a digit in it, so that it is never taken for a word."""
    while True:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(codes.PERSONAL))
        if codes.is_shaped_like_one(code):
            return code


_COLUMNS = (
    invite.c.code,
    invite.c.kind,
    invite.c.unit_id,
    invite.c.person_id,
    invite.c.uses_left,
    invite.c.expires_at,
    invite.c.created_at,
    invite.c.channel,
    invite.c.account,
    invite.c.used_at,
    invite.c.voided_at,
)
