"""The tokens of a Zalo OA: one row an app, and a lease so that a refresh token is spent by one process only.

A refresh token works once. Whoever wants to spend it takes the lease on its generation first; the new pair is
written over that generation, and only that one. Tokens come here sealed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update

from storage.db import Conn
from storage.schema import oa_token
from storage.statement import insert


@dataclass(frozen=True, slots=True)
class OaToken:
    """A row of the table, its columns in order. `generation` 0: no pair has come from Zalo yet."""

    app_id: str
    account: str
    generation: int
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    got_at: datetime | None
    expires_at: datetime | None
    prev_access: str = field(repr=False)
    prev_refresh: str = field(repr=False)
    prev_got_at: datetime | None
    lease_by: str
    lease_until: datetime | None
    asked_at: datetime | None
    failure: str
    failed_at: datetime | None
    seed: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """What Zalo gave, sealed."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    got_at: datetime
    expires_at: datetime


def find(conn: Conn, app_id: str) -> OaToken | None:
    row = conn.execute(select(oa_token).where(oa_token.c.app_id == app_id)).one_or_none()
    return OaToken(*row) if row else None


def lease(conn: Conn, app_id: str, generation: int, holder: str, now: datetime, until: datetime) -> bool:
    """Become the one who spends this refresh token; False while somebody else is, or when it is spent already.

    From here on the token counts as asked with, until the pair is kept or the lease is given back.
    """
    free = or_(oa_token.c.lease_until.is_(None), oa_token.c.lease_until <= now)
    taken = update(oa_token).where(_is(app_id, generation), free)
    values = {"lease_by": holder, "lease_until": until, "asked_at": now}
    return conn.execute(taken.values(**values)).rowcount == 1


def give_back(
    conn: Conn,
    app_id: str,
    generation: int,
    holder: str,
    *,
    asked_at: datetime | None,
    failure: str = "",
    failed_at: datetime | None = None,
) -> bool:
    """The refresh brought no pair. `asked_at`: since when the token may be spent all the same."""
    values = {"lease_by": "", "lease_until": None, "asked_at": asked_at, "failure": failure, "failed_at": failed_at}
    mine = update(oa_token).where(_is(app_id, generation), oa_token.c.lease_by == holder)
    return conn.execute(mine.values(**values)).rowcount == 1


def keep(conn: Conn, app_id: str, generation: int, pair: Pair) -> bool:
    """Write the pair that this generation's refresh token brought; False when a newer one is there already.

    Whoever has a pair in hand may write it, also after the lease ran out: Zalo gave it to nobody else.
    """
    return conn.execute(update(oa_token).where(_is(app_id, generation)).values(**_over(pair))).rowcount == 1


def plant(
    conn: Conn,
    app_id: str,
    pair: Pair | None = None,
    *,
    refresh: str = "",
    seed: str = "",
    account: str = "",
) -> None:
    """A person brings a pair, or only its `refresh` half to begin with; what was there becomes the previous one."""
    conn.execute(insert(conn.dialect.name, oa_token).values(app_id=app_id).on_conflict_do_nothing())
    values = _over(pair) if pair else _over_with(refresh)
    told = {name: value for name, value in (("seed", seed), ("account", account)) if value}
    conn.execute(update(oa_token).where(oa_token.c.app_id == app_id).values(**values, **told))


def name_account(conn: Conn, app_id: str, account: str) -> None:
    """Remember whose tokens these are, so that a start without the network knows it."""
    conn.execute(update(oa_token).where(oa_token.c.app_id == app_id).values(account=account))


def verifier(conn: Conn, app_id: str, fresh: str) -> str:
    """The deployment's one PKCE verifier: `fresh` becomes it where there is none yet."""
    conn.execute(insert(conn.dialect.name, oa_token).values(app_id=app_id).on_conflict_do_nothing())
    none_yet = and_(oa_token.c.app_id == app_id, oa_token.c.verifier == "")
    conn.execute(update(oa_token).where(none_yet).values(verifier=fresh))
    return str(conn.execute(select(oa_token.c.verifier).where(oa_token.c.app_id == app_id)).scalar_one())


def _is(app_id: str, generation: int) -> ColumnElement[bool]:
    return and_(oa_token.c.app_id == app_id, oa_token.c.generation == generation)


def _over(pair: Pair) -> dict[str, object]:
    values = {"access": pair.access, "refresh": pair.refresh, "got_at": pair.got_at, "expires_at": pair.expires_at}
    return {**_aside(), **values}


def _over_with(refresh: str) -> dict[str, object]:
    return {**_aside(), "access": "", "refresh": refresh, "got_at": None, "expires_at": None}


def _aside() -> dict[str, object]:
    """The pair there was becomes the previous one, and what was said about it is void."""
    cells = oa_token.c
    previous = {"prev_access": cells.access, "prev_refresh": cells.refresh, "prev_got_at": cells.got_at}
    void = {"lease_by": "", "lease_until": None, "asked_at": None, "failure": "", "failed_at": None}
    return {**previous, **void, "generation": cells.generation + 1}
