"""Invitations: a code on a printed sheet that ties a chat to a unit or to a person."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, or_, select, update

from storage.db import Conn
from storage.schema import invite

# Without the signs that look alike on paper: 0 O, 1 I L.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Invite:
    """`kind`: unit or person. `uses_left` None: without limit. `channel`, `account`: where it leads, if to one."""

    code: str
    kind: str
    unit_id: int | None
    person_id: int | None
    uses_left: int | None
    expires_at: datetime | None
    created_at: datetime
    channel: str | None
    account: str | None


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
    code = code or "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    made = insert(invite).values(code=code, kind=kind, created_at=now, **values, **place).returning(*invite.c)
    return Invite(*conn.execute(made).one())


def look(conn: Conn, code: str, now: datetime) -> bool:
    """Whether this code could be redeemed now. Uses nothing up."""
    return conn.execute(select(1).where(*_in_force(code, now))).first() is not None


def held(conn: Conn, channel: str, since: datetime, now: datetime) -> dict[str, int]:
    """How many seats of each account of this channel are promised: handed out since then and not used yet."""
    unused = or_(invite.c.uses_left.is_(None), invite.c.uses_left > 0)
    in_force = or_(invite.c.expires_at.is_(None), invite.c.expires_at > now)
    seats = func.sum(func.coalesce(invite.c.uses_left, 1))
    own = select(invite.c.account, seats).where(invite.c.channel == channel, invite.c.account.is_not(None))
    rows = conn.execute(own.where(unused, in_force, invite.c.created_at >= since).group_by(invite.c.account))
    return {str(account): int(count) for account, count in rows}


def redeem(conn: Conn, code: str, now: datetime) -> Invite | None:
    """Use the code up once; None when it is unknown, used up or too old. Two at once never share one use."""
    used = update(invite).where(*_in_force(code, now)).values(uses_left=invite.c.uses_left - 1)
    row = conn.execute(used.returning(*invite.c)).one_or_none()
    return Invite(*row) if row else None


def _in_force(code: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    unused = or_(invite.c.uses_left.is_(None), invite.c.uses_left > 0)
    return invite.c.code == code, unused, or_(invite.c.expires_at.is_(None), invite.c.expires_at > now)
