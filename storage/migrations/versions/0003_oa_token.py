"""The tokens of a Zalo Official Account.

Follows the first tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "oa_token",
        sa.Column("app_id", sa.String(), nullable=False),
        _word("account"),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        _sealed("access"),
        _sealed("refresh"),
        _at("got_at"),
        _at("expires_at"),
        _sealed("prev_access"),
        _sealed("prev_refresh"),
        _at("prev_got_at"),
        _word("lease_by"),
        _at("lease_until"),
        _at("asked_at"),
        _word("failure"),
        _at("failed_at"),
        _word("seed"),
        _word("verifier"),
        sa.PrimaryKeyConstraint("app_id", name="pk_oa_token"),
    )


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default="", nullable=False)


def _sealed(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _at(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=True)
