"""The outbox: every message to be said is a row first, committed together with what it tells about.

A row is `queued`, then `sending`, then `sent`, `failed`, `expired` or `unknown`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, delete, func, literal_column, or_, select, text, union_all, update

from bot.core.messages import Choice, Media, Paper, Parcel, Rank, Reply
from storage import due
from storage.body import pack, unpack
from storage.db import Conn
from storage.due import Due, Look
from storage.quota import Account
from storage.schema import chat, outbox
from storage.statement import Row, Statement, given, insert, is_, numbers

_TRIES_AFTER_CRASHES = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """Something to say. `dedupe`: said once under this key, however often it is added.

    `not_before` None: at once. `worthless_after` None: never. `whole`: all that is said, of which this is the first
    part: so it can be cut anew for another channel. `occurrence`: the scheduled message that this is.
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
    whole: Reply | None = None
    occurrence: int | None = None


def add(conn: Conn, drafts: Sequence[Draft], now: datetime) -> int:
    """Queue these, in order; how many of them were new."""
    return _add.many(conn, [_row(draft, now) for draft in drafts]) if drafts else 0


def claim(
    conn: Conn,
    now: datetime,
    *,
    limit: int,
    max_rank: Rank,
    accounts: Collection[Account],
    rooms: Mapping[Account, int] = MappingProxyType({}),
    look: Look | None = None,
) -> list[Parcel]:
    """Take at most `limit` due messages of these (channel, account) pairs, to be sent now, by rank and id.

    `rooms`: how many unprompted ones an account may still carry, where that is limited. `look`: the last look at
    each unprompted one, and at each answer that comes too late.

    Of a chat: only its best rank, in order, up to the first message with buttons (whose own id the next one must
    know to clear them), and nothing while something is under way. A row that waits for another try keeps back
    those behind it. What is too late or cannot be delivered any more leaves the queue instead.
    """
    if conn.dialect.name == "postgresql":
        # One claim at a time: two of them side by side could each take half of one chat's messages.
        conn.execute(text("SELECT pg_advisory_xact_lock(5072618)"))
    lanes = [":".join(account) for account in accounts]
    full = {":".join(account) for account, room in rooms.items() if room <= 0}
    rows = due.rows(conn, lanes, max_rank, now, limit, full)
    fit = [row for row in rows if (look and not _needs_no_look(row, now)) or _is_fit(conn, row, now)]
    parcels = _looked_at(_first_of_each(fit, dict(rooms)), look, now)
    if parcels:
        _take.run(conn, rows=[parcel.id for parcel in parcels], claimed_at=now)
    return parcels


def sent(conn: Conn, results: Sequence[tuple[Parcel, str]], now: datetime) -> None:
    """These arrived, each under the platform's id beside it. New buttons are now those of the chat."""
    _sent.many(conn, [{"row": parcel.id, "platform_id": name, "sent_at": now} for parcel, name in results])
    shown = [{"chat": parcel.chat_id, "keyboard": name} for parcel, name in results if parcel.choices]
    if shown:
        _show_buttons.many(conn, shown)


def move_on(conn: Conn, due_: Due, error: str, state: str = "failed") -> None:
    """This message, and whatever part of it still waits, goes nowhere from here."""
    base, part = due_.dedupe.rpartition(":")[::2]
    rest = outbox.c.dedupe.startswith(f"{base}:", autoescape=True) if part == "0" else outbox.c.id == due_.id
    mine = update(outbox).where(outbox.c.chat_id == due_.chat_id, outbox.c.state == "queued", rest)
    conn.execute(mine.values(state=state, error=error))


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


def expire(conn: Conn, now: datetime) -> list[Row]:
    """Drop what nobody needs to hear any more: of each row its chat and occurrence."""
    return _expire.all(conn, worthless_after=now)


def purge(conn: Conn, before: datetime) -> int:
    """Forget what was written before then and is over; how many rows."""
    return _purge.run(conn, created_at=before)


def backlog(conn: Conn) -> dict[str, int]:
    """How many rows are `queued` and how many `sending`."""
    return dict(_backlog.all(conn))


def _row(draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": draft.chat_id,
        "dedupe": draft.dedupe,
        "rank": int(draft.rank),
        "body": pack(draft.text, draft.choices, draft.media, draft.paper, draft.whole),
        "twice_ok": draft.twice_ok,
        "not_before": draft.not_before or now,
        "worthless_after": draft.worthless_after,
        "created_at": now,
        "occurrence_id": draft.occurrence,
    }


def _is_fit(conn: Conn, row: Row, now: datetime) -> bool:
    """Whether this due row can still be delivered; if not, it is over."""
    worthless_after, reachable = row[9], row[10]
    if worthless_after and worthless_after <= now:
        _end.run(conn, row=row[0], state="expired", error="too late")
    elif not reachable:
        _end.run(conn, row=row[0], state="failed", error="the chat cannot be reached")
    else:
        return True
    return False


def _first_of_each(rows: Sequence[Row], rooms: dict[Account, int]) -> list[Row]:
    """Of rows by rank and id, what each chat is sent now, as far as its account has room."""
    taken: dict[int, Row] = {}
    found = []
    for row in rows:
        before = taken.get(row[8])
        if before is None or (before[5] == row[5] and not before[4]["choices"]):
            taken[row[8]] = row
            if _has_room(rooms, (row[1], row[2])) or row[5] == Rank.ANSWER:
                found.append(row)
    return found


def _needs_no_look(row: Row, now: datetime) -> bool:
    """An answer that is still in time."""
    return row[5] == Rank.ANSWER and (row[9] is None or now < row[9])


def _looked_at(rows: Sequence[Row], look: Look | None, now: datetime) -> list[Parcel]:
    """What passes the last look; where one does not, nothing else of its chat goes either."""
    refused: set[int] = set()
    parcels = []
    for row in rows:
        if row[8] in refused:
            continue
        if look is None or _needs_no_look(row, now) or look(due.of(row)):
            parcels.append(_parcel(row))
        else:
            refused.add(row[8])
    return parcels


def _has_room(rooms: dict[Account, int], account: Account) -> bool:
    """Whether one more message fits there; it is counted either way, and answers come first."""
    if account in rooms:
        rooms[account] -= 1
    return rooms.get(account, 0) >= 0


def _parcel(row: Row) -> Parcel:
    id_, channel, account, key, body, rank, attempts, keyboard, chat_id = row[:9]
    words, choices, media, paper = unpack(body)
    clears = keyboard if choices else None
    return Parcel(id_, channel, account, key, words, choices, media, Rank(rank), attempts + 1, clears, chat_id, paper)


def _adding(dialect: str) -> Any:
    lane = select(chat.c.channel + ":" + chat.c.account).where(chat.c.id == bindparam("chat_id")).scalar_subquery()
    names = ("chat_id", "dedupe", "rank", "body", "twice_ok", "not_before", "worthless_after", "created_at")
    made = insert(dialect, outbox).values(lane=lane, **given(outbox, *names, "occurrence_id"))
    return made.on_conflict_do_nothing(index_elements=[outbox.c.dedupe])


def _is_row() -> Any:
    return outbox.c.id == bindparam("row")


_QUEUED, _SENDING = is_(outbox.c.state, "queued"), is_(outbox.c.state, "sending")
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
    lambda _: (
        update(outbox)
        .where(_QUEUED, outbox.c.worthless_after <= _BY_THEN)
        .values(state="expired", error="too late")
        .returning(outbox.c.chat_id, outbox.c.occurrence_id)
    )
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
