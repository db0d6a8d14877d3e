"""The outbox: every message to be said is a row first, committed together with what it tells about.

A row is `queued`, then `sending`, then `sent`, `failed`, `expired` or `unknown`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, func, literal_column, or_, select, text, tuple_, union_all, update

from bot.core.messages import Choice, Media, Paper, Parcel, Rank
from storage import due
from storage.body import pack, unpack
from storage.db import Conn
from storage.schema import chat, outbox
from storage.statement import Row, Statement, given, insert, is_, numbers

_TRIES_AFTER_CRASHES = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """Something to say. `dedupe`: said once under this key, however often it is added.

    `not_before` None: at once. `worthless_after` None: never.
    """

    chat_id: int
    dedupe: str
    rank: Rank
    text: str
    choices: tuple[Choice, ...] = ()
    media: Media | None = None
    paper: Paper | None = None
    twice_ok: bool = True
    not_before: datetime | None = None
    worthless_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class WebLine:
    """One message that was said to a chat; `(sent_at, id)` is its place in the history."""

    id: int
    sent_at: datetime
    text: str
    choices: tuple[Choice, ...]
    media: Media | None
    paper: Paper | None = None


def add(conn: Conn, drafts: Sequence[Draft], now: datetime) -> int:
    """Queue these, in order; how many of them were new."""
    return _add.many(conn, [_row(draft, now) for draft in drafts]) if drafts else 0


def claim(
    conn: Conn, now: datetime, *, limit: int, max_rank: Rank, accounts: Collection[tuple[str, str]]
) -> list[Parcel]:
    """Take at most `limit` due messages of these (channel, account) pairs, to be sent now, by rank and id.

    Of a chat: only its best rank, in order, up to the first message with buttons (whose own id the next one must
    know to clear them), and nothing while something is under way. A row that waits for another try keeps back
    those behind it. What is too late or cannot be delivered any more leaves the queue instead.
    """
    if conn.dialect.name == "postgresql":
        # One claim at a time: two of them side by side could each take half of one chat's messages.
        conn.execute(text("SELECT pg_advisory_xact_lock(5072618)"))
    lanes = sorted(f"{channel}:{account}" for channel, account in accounts)
    fit = [row for row in due.rows(conn, lanes, max_rank, now, limit) if _is_fit(conn, row, now)]
    parcels = _first_of_each(fit)
    if parcels:
        _take.run(conn, rows=[parcel.id for parcel in parcels], claimed_at=now)
    return parcels


def sent(conn: Conn, results: Sequence[tuple[Parcel, str]], now: datetime) -> None:
    """These arrived, each under the platform's id beside it. New buttons are now those of the chat."""
    _sent.many(conn, [{"row": parcel.id, "platform_id": name, "sent_at": now} for parcel, name in results])
    shown = [{"chat": parcel.chat_id, "keyboard": name} for parcel, name in results if parcel.choices]
    if shown:
        _show_buttons.many(conn, shown)


def later(conn: Conn, row: int, not_before: datetime, error: str = "") -> None:
    """Nothing was delivered: try again from then on; the chat's later rows of this rank wait behind it."""
    _later.run(conn, row=row, not_before=not_before, error=error)


def failed(conn: Conn, row: int, error: str) -> None:
    """It will never be delivered."""
    _end.run(conn, row=row, state="failed", error=error)


def unknown(conn: Conn, row: int, now: datetime) -> None:
    """It may have arrived. What is better said twice than never is said once more, and only once more."""
    if not _once_more.run(conn, row=row, not_before=now):
        _end.run(conn, row=row, state="unknown", error="it may or may not have arrived")


def recover(conn: Conn, now: datetime, older_than: datetime) -> int:
    """What a dead process was sending since `older_than` or before may have arrived; how many rows.

    Most of it never left the machine, so that what is better said twice than never is said again after each of
    several crashes, not only after the first.
    """
    rows = _left_behind.all(conn, claimed_at=older_than)
    for (row,) in rows:
        if not _after_a_crash.run(conn, row=row, not_before=now):
            unknown(conn, row, now)
    return len(rows)


def expire(conn: Conn, now: datetime) -> int:
    """Drop what nobody needs to hear any more; how many rows."""
    return _expire.run(conn, worthless_after=now)


def purge(conn: Conn, before: datetime) -> int:
    """Forget what was written before then and is over; how many rows."""
    return _purge.run(conn, created_at=before)


def backlog(conn: Conn) -> dict[str, int]:
    """How many rows are `queued` and how many `sending`."""
    return dict(_backlog.all(conn))


def history(conn: Conn, chat_id: int, after: tuple[datetime, int] | None, limit: int) -> list[WebLine]:
    """What was said to this chat, oldest first: the first `limit` lines after that place, or the last `limit`."""
    if after is None:
        return [_line(row) for row in reversed(_latest.all(conn, chat=chat_id, most=limit))]
    return [_line(row) for row in _since.all(conn, chat=chat_id, sent_at=after[0], row=after[1], most=limit)]


def paper_of(conn: Conn, chat_id: int, row: int) -> Paper | None:
    """The document that this message brought to this chat."""
    found = conn.execute(select(outbox.c.body).where(outbox.c.id == row, outbox.c.chat_id == chat_id, _SAID[0])).first()
    return unpack(found[0])[3] if found else None


def _row(draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": draft.chat_id,
        "dedupe": draft.dedupe,
        "rank": int(draft.rank),
        "body": pack(draft.text, draft.choices, draft.media, draft.paper),
        "twice_ok": draft.twice_ok,
        "not_before": draft.not_before or now,
        "worthless_after": draft.worthless_after,
        "created_at": now,
    }


def _is_fit(conn: Conn, row: Row, now: datetime) -> bool:
    """Whether this due row can still be delivered; if not, it is over."""
    worthless_after, reachable = row[-2:]
    if worthless_after and worthless_after <= now:
        _end.run(conn, row=row[0], state="expired", error="too late")
    elif not reachable:
        _end.run(conn, row=row[0], state="failed", error="the chat cannot be reached")
    else:
        return True
    return False


def _first_of_each(rows: Sequence[Row]) -> list[Parcel]:
    """Of rows by rank and id, what each chat is sent now."""
    taken: dict[int, Parcel] = {}
    parcels = []
    for row in rows:
        before = taken.get(row[8])
        if before is None or (before.rank == row[5] and not before.choices):
            parcel = taken[row[8]] = _parcel(row)
            parcels.append(parcel)
    return parcels


def _parcel(row: Row) -> Parcel:
    id_, channel, account, key, body, rank, attempts, keyboard, chat_id, *_ = row
    words, choices, media, paper = unpack(body)
    clears = keyboard if choices else None
    return Parcel(id_, channel, account, key, words, choices, media, Rank(rank), attempts + 1, clears, chat_id, paper)


def _line(row: Row) -> WebLine:
    return WebLine(row[0], row[1], *unpack(row[2]))


def _adding(dialect: str) -> Any:
    lane = select(chat.c.channel + ":" + chat.c.account).where(chat.c.id == bindparam("chat_id")).scalar_subquery()
    names = ("chat_id", "dedupe", "rank", "body", "twice_ok", "not_before", "worthless_after", "created_at")
    made = insert(dialect, outbox).values(lane=lane, **given(outbox, *names))
    return made.on_conflict_do_nothing(index_elements=[outbox.c.dedupe])


def _is_row() -> Any:
    return outbox.c.id == bindparam("row")


_QUEUED, _SENDING = is_(outbox.c.state, "queued"), is_(outbox.c.state, "sending")
_SAID = (is_(outbox.c.state, "sent"), outbox.c.chat_id == bindparam("chat"))
_LINE = select(outbox.c.id, outbox.c.sent_at, outbox.c.body).where(*_SAID)
_MOST = bindparam("most", type_=BigInteger)
_BY_THEN = bindparam("worthless_after", type_=outbox.c.worthless_after.type)

_add = Statement(_adding)
_take = Statement(
    lambda dialect: (
        update(outbox)
        .where(outbox.c.id.in_(numbers(dialect, "rows")))
        .values(state="sending", attempts=outbox.c.attempts + 1, **given(outbox, "claimed_at"))
    )
)
_sent = Statement(
    lambda _: (
        update(outbox).where(_is_row()).values(state="sent", error=None, **given(outbox, "sent_at", "platform_id"))
    )
)
_show_buttons = Statement(lambda _: update(chat).where(chat.c.id == bindparam("chat")).values(given(chat, "keyboard")))
_later = Statement(
    lambda _: update(outbox).where(_is_row()).values(state="queued", **given(outbox, "not_before", "error"))
)
_once_more = Statement(
    lambda _: (
        update(outbox)
        .where(_is_row(), outbox.c.twice_ok, ~outbox.c.doubtful)
        .values(state="queued", doubtful=True, **given(outbox, "not_before"))
    )
)
_after_a_crash = Statement(
    lambda _: (
        update(outbox)
        .where(_is_row(), outbox.c.twice_ok, outbox.c.attempts < _TRIES_AFTER_CRASHES)
        .values(state="queued", doubtful=True, **given(outbox, "not_before"))
    )
)
_end = Statement(lambda _: update(outbox).where(_is_row()).values(given(outbox, "state", "error")))
_left_behind = Statement(
    lambda _: (
        select(outbox.c.id)
        .where(_SENDING, outbox.c.claimed_at <= bindparam("claimed_at", type_=outbox.c.claimed_at.type))
        .order_by(outbox.c.id)
    )
)
_expire = Statement(
    lambda _: update(outbox).where(_QUEUED, outbox.c.worthless_after <= _BY_THEN).values(state="expired")
)


def _purging(_: str) -> Any:
    """Ids grow with time, so the old rows are those below the first young one: no index on the time is needed."""
    young = select(outbox.c.id).where(outbox.c.created_at >= bindparam("created_at", type_=outbox.c.created_at.type))
    first_young = young.order_by(outbox.c.id).limit(1).scalar_subquery()
    old = or_(first_young.is_(None), outbox.c.id < first_young)
    return delete(outbox).where(old, ~or_(_QUEUED, _SENDING))


_purge = Statement(_purging)
_backlog = Statement(
    lambda _: union_all(
        select(literal_column("'queued'"), func.count()).select_from(outbox).where(_QUEUED),
        select(literal_column("'sending'"), func.count()).select_from(outbox).where(_SENDING),
    )
)
_latest = Statement(lambda _: _LINE.order_by(outbox.c.sent_at.desc(), outbox.c.id.desc()).limit(_MOST))
_since = Statement(
    lambda _: (
        _LINE.where(
            tuple_(outbox.c.sent_at, outbox.c.id) > tuple_(*given(outbox, "sent_at").values(), bindparam("row"))
        )
        .order_by(outbox.c.sent_at, outbox.c.id)
        .limit(_MOST)
    )
)
