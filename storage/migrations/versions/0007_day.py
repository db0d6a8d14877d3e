"""The helper's day: why a report was taken back, and lessons that a whole room does together.

Follows 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("progress", sa.Column("undone_why", sa.String(), nullable=True))
    op.create_table(
        "meeting",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("cell_id", ID, nullable=True),
        sa.Column("lesson", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("behind", sa.Text(), server_default="{}", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("led_by", ID, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_meeting_unit_id"),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name="fk_meeting_cell_id"),
        sa.ForeignKeyConstraint(["led_by"], ["person.id"], name="fk_meeting_led_by"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    op.create_index("ix_meeting_state_lesson", "meeting", ["state", "lesson"])
