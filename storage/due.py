"""Which rows of the outbox may go out now: the one query that must stay quick however long the queue is."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, literal_column, select, union_all

from bot.core.messages import Rank
from storage.db import Conn
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
)


def rows(conn: Conn, lanes: list[str], max_rank: Rank, now: datetime, limit: int) -> list[Row]:
    """`COLUMNS` of at most `limit` rows of these lanes, by rank and id.

    Per chat and rank they are the head of its line. A chat with a message under way is left alone.
    """
    if not lanes:
        return []
    named = {f"lane{place}": lane for place, lane in enumerate(lanes)}
    return statement(len(lanes), int(max_rank)).all(conn, now=now, most=limit, **named)


@lru_cache
def statement(lanes: int, max_rank: int) -> Statement:
    """One walk along the index for each lane and rank, so that rows of another one cost nothing."""

    def build(_: str) -> Any:
        heads = union_all(*(_heads(lane, rank) for rank in range(max_rank + 1) for lane in range(lanes))).subquery()
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
