"""Invitations that can be taken back, several people on one phone, one person on several channels, claims of a name.

Follows 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _invite()
    _chat_person()
    _place()
    _claim()


def _invite() -> None:
    op.add_column("invite", sa.Column("used_at", sa.BigInteger(), nullable=True))
    op.add_column("invite", sa.Column("voided_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_invite_person_id", "invite", ["person_id"])
    op.create_index("ix_invite_unit_id", "invite", ["unit_id"])


def _chat_person() -> None:
    op.create_table(
        "chat_person",
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("consent", sa.String(), nullable=True),
        sa.Column("consent_version", sa.String(), nullable=True),
        sa.Column("consent_at", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_chat_person_chat_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_chat_person_person_id"),
        sa.PrimaryKeyConstraint("chat_id", "person_id", name="pk_chat_person"),
    )
    op.create_index("ix_chat_person_person_id", "chat_person", ["person_id"])


def _place() -> None:
    op.create_table(
        "place",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_place_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_place"),
    )


def _claim() -> None:
    op.create_table(
        "claim",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("name_given", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_claim_chat_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_claim_unit_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_claim_person_id"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="fk_claim_decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
    )
    op.create_index("ix_claim_chat_id", "claim", ["chat_id"])
    op.create_index("ix_claim_state_unit_id", "claim", ["state", "unit_id"])
