"""Keeps the house clean: messages too late to send, texts older than 30 days, sendings a dead process left."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import outbox, seen, unanswered
from storage.db import Conn

# Every minute; a run that was missed is simply done by the next one.
WHEN = {"minute": "*"}

# Domain fact 6.3.8: chat texts are kept 30 days. A platform repeats an update for a day at most.
TEXTS_KEPT = timedelta(days=30)
# Longer than any call to a platform lasts: what was claimed before is nobody's any more.
ABANDONED_AFTER = timedelta(minutes=3)


def run(conn: Conn, now: datetime) -> dict[str, int]:
    """Returns how many rows each chore touched."""
    return {
        "recovered": outbox.recover(conn, now, now - ABANDONED_AFTER),
        "expired": outbox.expire(conn, now),
        "purged": outbox.purge(conn, now - TEXTS_KEPT),
        "seen": seen.purge(conn, now - TEXTS_KEPT),
        "questions": unanswered.purge(conn, now - TEXTS_KEPT),
    }
