"""Which rows of the outbox may go out now: the one query that must stay quick however long the queue is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, literal_column, select, union_all

from bot.core.messages import Rank
from storage.db import Conn
from storage.quota import Account
from storage.schema import chat, outbox
from storage.statement import Row, Statement, is_

COLUMNS = (
    outbox.c.id,
    chat.c.channel,
    chat.c.account,
    chat.c.key,
    outbox.c.body,
    outbox.c.rank,
    outbox.c.attempts,
    chat.c.keyboard,
    outbox.c.chat_id,
    outbox.c.worthless_after,
    chat.c.reachable,
    outbox.c.dedupe,
    outbox.c.occurrence_id,
    chat.c.last_in_at,
    chat.c.quiet_until,
)


@dataclass(frozen=True, slots=True)
class Due:
    """A message about to be taken: what the last look at it goes by."""

    id: int
    chat_id: int
    channel: str
    rank: Rank
    dedupe: str
    body: dict[str, Any]
    occurrence: int | None
    reachable: bool
    last_in_at: datetime
    quiet_until: datetime | None
    worthless_after: datetime | None


Look = Callable[[Due], bool]
"""Whether it may go out as it is. If not, it has been moved, put off or ended."""


def rows(
    conn: Conn, lanes: Collection[str], max_rank: Rank, now: datetime, limit: int, answers_only: Collection[str] = ()
) -> list[Row]:
    """`COLUMNS` of at most `limit` rows of these lanes, by rank and id; of the lanes `answers_only` only answers.

    Per chat and rank they are the head of its line. A chat with a message under way is left alone.
    """
    if not lanes:
        return []
    ordered = sorted(lanes, key=lambda lane: (lane in answers_only, lane))
    named = {f"lane{place}": lane for place, lane in enumerate(ordered)}
    free = sum(lane not in answers_only for lane in lanes)
    return statement(len(lanes), int(max_rank), free).all(conn, now=now, most=limit, **named)


def of(row: Row) -> Due:
    """One of these rows, by name."""
    id_, channel, _, _, body, rank, _, _, chat_id, worthless_after, reachable, dedupe, occurrence, *known = row
    last_in_at, quiet_until = known
    rank = Rank(rank)
    return Due(
        id_, chat_id, channel, rank, dedupe, body, occurrence, reachable, last_in_at, quiet_until, worthless_after
    )


def blocked(conn: Conn, account: Account, now: datetime, limit: int = 500) -> list[Due]:
    """Unprompted messages of this account that are due and not taken; the better rank first."""
    return [of(row) for row in _blocked.all(conn, lane=":".join(account), now=now, most=limit)]


@lru_cache
def statement(lanes: int, max_rank: int, free: int) -> Statement:
    """One walk along the index for each lane and rank, so that rows of another one cost nothing.

    Of the lanes only the first `free` are walked for more than answers: what may not go out is not even looked at.
    """

    def build(_: str) -> Any:
        walks = [(lane, rank) for rank in range(max_rank + 1) for lane in range(lanes if rank == Rank.ANSWER else free)]
        heads = union_all(*(_heads(lane, rank) for lane, rank in walks)).subquery()
        return (
            select(*COLUMNS)
            .select_from(heads.join(outbox, outbox.c.id == heads.c.id).join(chat, chat.c.id == outbox.c.chat_id))
            .order_by(heads.c.rank, heads.c.id)
            .limit(bindparam("most", type_=BigInteger))
        )

    return Statement(build)


def _heads(lane: int, rank: int) -> Any:
    """Longest due first. A row waits for each earlier one of its chat and rank that becomes due after it."""
    row, under_way, before = outbox.alias("row"), outbox.alias("under_way"), outbox.alias("before")
    sending = select(1).where(is_(under_way.c.state, "sending"), under_way.c.chat_id == row.c.chat_id)
    waiting = select(1).where(
        is_(before.c.state, "queued"),
        before.c.chat_id == row.c.chat_id,
        before.c.rank == row.c.rank,
        before.c.id < row.c.id,
        before.c.not_before > row.c.not_before,
    )
    found = (
        select(row.c.id, row.c.rank)
        .where(
            is_(row.c.state, "queued"),
            row.c.lane == bindparam(f"lane{lane}"),
            row.c.rank == literal_column(str(rank)),
            row.c.not_before <= bindparam("now", type_=outbox.c.not_before.type),
            ~sending.exists(),
            ~waiting.exists(),
        )
        .order_by(row.c.not_before, row.c.id)
        .limit(bindparam("most", type_=BigInteger))
    )
    return select(found.subquery())


_blocked = Statement(
    lambda _: (
        select(*COLUMNS)
        .select_from(outbox.join(chat, chat.c.id == outbox.c.chat_id))
        .where(
            is_(outbox.c.state, "queued"),
            outbox.c.lane == bindparam("lane"),
            outbox.c.rank.in_((literal_column("1"), literal_column("2"))),
            outbox.c.not_before <= bindparam("now", type_=outbox.c.not_before.type),
        )
        .order_by(outbox.c.rank, outbox.c.id)
        .limit(bindparam("most", type_=BigInteger))
    )
)
