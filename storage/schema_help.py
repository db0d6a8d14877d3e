"""The tables of the help ladder, beside `help_request`: who was asked, and who is stuck where."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, UniqueConstraint

from storage.columns import at, id_, ref, text_
from storage.naming import metadata

# One question to one person about one call. At most one a round, so that a job that runs twice asks nobody twice.
help_ask = Table(
    "help_ask",
    metadata,
    id_(),
    ref("call_id", "help_request", null=False),
    ref("person_id", "person", null=False),
    Column("rung", Integer, nullable=False),  # 0 helper, 1 coordinator, 2 office
    Column("round", Integer, nullable=False),
    at("asked_at"),
    at("due_at"),
    at("answered_at", null=True),
    text_("answer", default=""),  # taken | declined | lapsed | withdrawn; empty: none yet
    UniqueConstraint("call_id", "round", "person_id"),
    Index(None, "person_id", "asked_at"),
)

# Who found no way on at which step: the trace behind a cluster, kept two days.
stuck_mark = Table(
    "stuck_mark",
    metadata,
    ref("unit_id", "unit", null=False),
    text_("lesson"),
    text_("step"),
    ref("chat_id", "chat", null=False),
    ref("person_id", "person"),
    at("at"),
    PrimaryKeyConstraint("unit_id", "lesson", "step", "chat_id"),
    Index(None, "at"),
    sqlite_with_rowid=False,
)

# Several members of a unit at one step: told to its coordinator at most once a day.
stuck_cluster = Table(
    "stuck_cluster",
    metadata,
    ref("unit_id", "unit", null=False),
    text_("lesson"),
    text_("step"),
    text_("day"),  # local date
    Column("people", Integer, nullable=False),
    at("at"),
    PrimaryKeyConstraint("unit_id", "lesson", "step", "day"),
    sqlite_with_rowid=False,
)
