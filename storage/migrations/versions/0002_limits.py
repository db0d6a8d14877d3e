"""Limits of channels: what each account carried, whom nothing could be brought to, what jobs meant to say.

Follows 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("chat", sa.Column("earlier", sa.Text(), server_default="[]", nullable=False))
    op.add_column("chat", sa.Column("quiet_until", sa.BigInteger(), nullable=True))
    op.add_column("invite", sa.Column("channel", sa.String(), nullable=True))
    op.add_column("invite", sa.Column("account", sa.String(), nullable=True))
    op.add_column("outbox", sa.Column("occurrence_id", ID, nullable=True))
    planned = sa.text("occurrence_id IS NOT NULL")
    op.create_index("ix_outbox_occurrence", "outbox", ["occurrence_id"], sqlite_where=planned, postgresql_where=planned)
    _quota()
    _occurrence()
    _untold()


def _quota() -> None:
    op.create_table(
        "quota",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "month", name="pk_quota"),
        sqlite_with_rowid=False,
    )


def _occurrence() -> None:
    op.create_table(
        "occurrence",
        sa.Column("id", ID, nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("planned_for", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="planned", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_occurrence"),
        sa.UniqueConstraint("job", "planned_for", "recipient", name="uq_occurrence_job_planned_for_recipient"),
    )
    op.create_index("ix_occurrence_recipient_job", "occurrence", ["recipient", "job"])


def _untold() -> None:
    op.create_table(
        "untold",
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_untold_chat_id"),
        sa.PrimaryKeyConstraint("chat_id", "day", name="pk_untold"),
    )
