"""The tables of the help ladder: who needs somebody, who was asked, and who is stuck where."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, UniqueConstraint, text

from storage.columns import at, id_, ref, text_
from storage.naming import metadata

_AWAKE = text("wake_at IS NOT NULL")

help_request = Table(
    "help_request",
    metadata,
    id_(),
    ref("chat_id", "chat"),
    ref("person_id", "person"),
    ref("unit_id", "unit"),
    text_("way"),  # phone | home | hall
    text_("lesson", default=""),
    text_("step", default=""),
    Column("tried", Integer, nullable=False, server_default="0"),
    text_("name_given", default=""),
    text_("phone_given", default=""),
    text_("state", default="open"),  # open | taken | done | cancelled
    ref("owner_person_id", "person"),
    text_("promised", null=True),  # now | morning | afternoon | evening
    at("created_at"),
    at("taken_at", null=True),
    at("closed_at", null=True),
    at("promise_by", null=True),  # until when the owner said they would come
    at("reminded_at", null=True),  # when the owner was reminded of that
    text_("phrase", default=""),  # what the visitor must say at the door; of this owner only
    text_("rating", null=True),  # good | fair | not
    Column("round", Integer, nullable=False, server_default="1"),  # how often everybody was asked anew
    Column("floor", Integer, nullable=False, server_default="0"),  # the lowest rung to ask
    at("alarmed_at", null=True),  # when nobody was left to ask in this round
    at("wake_at", null=True),  # when the ladder looks at it again; null: it is over
    Index(None, "chat_id"),
    Index(None, "state", "unit_id"),
    Index(None, "owner_person_id"),
    Index("ix_help_request_wake_at", "wake_at", sqlite_where=_AWAKE, postgresql_where=_AWAKE),
)

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
