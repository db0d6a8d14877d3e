"""The tables of what channels can carry: what they did, what jobs meant to say, who could not be told."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from storage.columns import at, id_, ref, text_
from storage.naming import metadata

# What each account has carried in each month of local time.
quota = Table(
    "quota",
    metadata,
    Column("channel", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("month", String, primary_key=True),  # 2026-11
    Column("sent", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What a job meant to say to somebody: once for each time it was planned for, whoever runs the job how often.
occurrence = Table(
    "occurrence",
    metadata,
    id_(),
    text_("job"),
    text_("planned_for"),  # local: 2026-11-24 or 2026-11-24T07:30
    text_("recipient"),  # person:17, or chat:17 of somebody we do not know
    text_("subject", default=""),  # what it is about: a lesson
    text_("state", default="planned"),  # planned | sent | skipped
    text_("reason", default=""),
    at("at"),
    UniqueConstraint("job", "planned_for", "recipient"),
    Index(None, "recipient", "job"),
)

# Whom a notice could not be brought to on this day: a person is asked to call them.
untold = Table(
    "untold",
    metadata,
    ref("chat_id", "chat", null=False, primary_key=True),
    Column("day", String, primary_key=True),  # local: 2026-11-24
    text_("reason"),
    at("at"),
    at("told_at", null=True),
)
