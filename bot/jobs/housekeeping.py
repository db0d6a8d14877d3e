"""Keeps the house clean: messages too late to send, what became of planned ones, texts older than 30 days,
sendings a dead process left, rosters that nobody confirmed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk import Desk
from bot.recheck import expire
from storage import drafts, occurrences, outbox, seen, unanswered
from storage.db import Conn

# Every minute; a run that was missed is simply done by the next one.
WHEN = {"minute": "*"}

# Domain fact 6.3.8: chat texts are kept 30 days. A platform repeats an update for a day at most.
TEXTS_KEPT = timedelta(days=30)
# Longer than any call to a platform lasts: what was claimed before is nobody's any more.
ABANDONED_AFTER = timedelta(minutes=3)


def run(conn: Conn, now: datetime, desk: Desk) -> dict[str, int]:
    """Returns how many rows each chore touched."""
    return {
        "recovered": outbox.recover(conn, now, now - ABANDONED_AFTER),
        "expired": expire(conn, now, desk),
        "settled": occurrences.settle(conn),
        "purged": outbox.purge(conn, now - TEXTS_KEPT),
        "seen": seen.purge(conn, now - TEXTS_KEPT),
        "drafts": drafts.purge(conn, now),
        "questions": unanswered.purge(conn, now - TEXTS_KEPT),
    }
