"""The help ladder: who was asked about a call and when, what was promised, when to look again; clusters of stuck steps.

Follows 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _help_request()
    _help_ask()
    _stuck_mark()
    _stuck_cluster()


def _help_request() -> None:
    for column in (
        sa.Column("promise_by", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("phrase", sa.String(), server_default="", nullable=False),
        sa.Column("rating", sa.String(), nullable=True),
        sa.Column("round", sa.Integer(), server_default="1", nullable=False),
        sa.Column("floor", sa.Integer(), server_default="0", nullable=False),
        sa.Column("alarmed_at", sa.BigInteger(), nullable=True),
        sa.Column("wake_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("help_request", column)
    # The old promises name a day without saying of which week: their owners are asked for a new one.
    op.execute("UPDATE help_request SET promised = NULL")
    op.execute("UPDATE help_request SET wake_at = created_at WHERE state IN ('open', 'taken')")
    op.create_index("ix_help_request_owner_person_id", "help_request", ["owner_person_id"])
    awake = sa.text("wake_at IS NOT NULL")
    op.create_index("ix_help_request_wake_at", "help_request", ["wake_at"], sqlite_where=awake, postgresql_where=awake)


def _help_ask() -> None:
    op.create_table(
        "help_ask",
        sa.Column("id", ID, nullable=False),
        sa.Column("call_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["help_request.id"], name="fk_help_ask_call_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_help_ask_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_help_ask"),
        sa.UniqueConstraint("call_id", "round", "person_id", name="uq_help_ask_call_id_round_person_id"),
    )
    op.create_index("ix_help_ask_person_id_asked_at", "help_ask", ["person_id", "asked_at"])


def _stuck_mark() -> None:
    op.create_table(
        "stuck_mark",
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("lesson", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_stuck_mark_unit_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_stuck_mark_chat_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_stuck_mark_person_id"),
        sa.PrimaryKeyConstraint("unit_id", "lesson", "step", "chat_id", name="pk_stuck_mark"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stuck_mark_at", "stuck_mark", ["at"])


def _stuck_cluster() -> None:
    op.create_table(
        "stuck_cluster",
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("lesson", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_stuck_cluster_unit_id"),
        sa.PrimaryKeyConstraint("unit_id", "lesson", "step", "day", name="pk_stuck_cluster"),
        sqlite_with_rowid=False,
    )
