"""The roster: letters of a unit, merged units and chi bộ, their other names, people who left, drafts from the web.

Follows 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("unit", sa.Column("letters", sa.String(), nullable=True))
    op.add_column("unit", sa.Column("numbered", sa.Integer(), server_default="0", nullable=False))
    op.add_column("unit", sa.Column("merged_into", ID, nullable=True))
    op.create_index("ix_unit_letters", "unit", ["letters"], unique=True)
    op.add_column("cell", sa.Column("merged_into", ID, nullable=True))
    op.add_column("person", sa.Column("left_at", sa.BigInteger(), nullable=True))
    _alias()
    _roster_draft()


def _alias() -> None:
    op.create_table(
        "alias",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("cell_id", ID, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name="fk_alias_cell_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_alias_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alias"),
    )
    op.create_index("ix_alias_cell_id", "alias", ["cell_id"])
    op.create_index("ix_alias_unit_id", "alias", ["unit_id"])


def _roster_draft() -> None:
    op.create_table(
        "roster_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_roster_draft_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_roster_draft"),
    )
    op.create_index("ix_roster_draft_expires_at", "roster_draft", ["expires_at"])
    op.create_index("ix_roster_draft_person_id", "roster_draft", ["person_id"], unique=True)
