"""Quota: how much each account of a channel has sent and received in a month of local time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from storage.db import Conn
from storage.schema import quota
from storage.statement import Statement, given, insert

Account = tuple[str, str]
"""(channel, account)"""


def add(conn: Conn, month: str, counts: Mapping[Account, tuple[int, int]]) -> None:
    """So many more were sent and received by each of these accounts."""
    _add.many(
        conn,
        [
            {"channel": channel, "account": account, "month": month, "sent": sent, "received": received}
            for (channel, account), (sent, received) in counts.items()
        ],
    )


def used(conn: Conn, month: str) -> dict[Account, int]:
    """How many messages each account has sent in this month, where it has sent or received any."""
    return {(channel, account): sent for channel, account, sent in _used.all(conn, month=month)}


def received(conn: Conn, month: str) -> dict[Account, int]:
    """How many messages came in through each account in this month."""
    rows = conn.execute(select(quota.c.channel, quota.c.account, quota.c.received).where(quota.c.month == month))
    return {(channel, account): count for channel, account, count in rows}


def _adding(dialect: str) -> Any:
    made = insert(dialect, quota).values(given(quota))
    more = {name: quota.c[name] + made.excluded[name] for name in ("sent", "received")}
    return made.on_conflict_do_update(index_elements=list(quota.primary_key), set_=more)


_add = Statement(_adding)
_used = Statement(
    lambda _: select(quota.c.channel, quota.c.account, quota.c.sent).where(quota.c.month == bindparam("month"))
)
