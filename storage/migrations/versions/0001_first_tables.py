"""The first tables: people, chats, messages, calls for help.

Follows nothing.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _unit()
    _cell()
    _person()
    _chat()
    _grant()
    _invite()
    _seen()
    _outbox()
    _progress()
    _help_request()
    _setaside()
    _mishap()
    _audit()


def _unit() -> None:
    op.create_table(
        "unit",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", name="uq_unit_code"),
    )


def _cell() -> None:
    op.create_table(
        "cell",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cell"),
        sa.UniqueConstraint("code", name="uq_cell_code"),
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("cell_id", ID, nullable=True),
        sa.Column("kind", sa.String(), server_default="official", nullable=False),
        sa.Column("exempt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("invented", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name="fk_person_cell_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_person_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("code", name="uq_person_code"),
    )
    op.create_index("ix_person_cell_id", "person", ["cell_id"])
    op.create_index("ix_person_unit_id", "person", ["unit_id"])


def _chat() -> None:
    op.create_table(
        "chat",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("form", sa.String(), server_default="bac", nullable=False),
        sa.Column("consent", sa.String(), nullable=True),
        sa.Column("consent_version", sa.String(), nullable=True),
        sa.Column("consent_at", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("at", sa.String(), server_default="", nullable=False),
        sa.Column("trail", sa.Text(), server_default="[]", nullable=False),
        sa.Column("notes", sa.Text(), server_default="{}", nullable=False),
        sa.Column("offered", sa.Text(), server_default="[]", nullable=False),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_tap", sa.String(), nullable=True),
        sa.Column("last_tap_at", sa.BigInteger(), nullable=True),
        sa.Column("keyboard", sa.String(), nullable=True),
        sa.Column("reachable", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("lost_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_in_at", sa.BigInteger(), nullable=False),
        sa.Column("prev_in_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_chat_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_chat_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_chat"),
        sa.UniqueConstraint("channel", "account", "key", name="uq_chat_channel_account_key"),
    )
    op.create_index("ix_chat_person_id", "chat", ["person_id"])


def _grant() -> None:
    op.create_table(
        "grant",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope_unit_id", ID, nullable=True),
        sa.Column("scope_cell_id", ID, nullable=True),
        sa.Column("granted_by", ID, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name="fk_grant_granted_by"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_grant_person_id"),
        sa.ForeignKeyConstraint(["scope_cell_id"], ["cell.id"], name="fk_grant_scope_cell_id"),
        sa.ForeignKeyConstraint(["scope_unit_id"], ["unit.id"], name="fk_grant_scope_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_grant"),
    )
    op.create_index("ix_grant_person_id", "grant", ["person_id"])
    op.create_index("ix_grant_role_scope_unit_id", "grant", ["role", "scope_unit_id"])


def _invite() -> None:
    op.create_table(
        "invite",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("uses_left", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_invite_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_invite_unit_id"),
        sa.PrimaryKeyConstraint("code", name="pk_invite"),
    )


def _seen() -> None:
    op.create_table(
        "seen",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "message", name="pk_seen"),
        sqlite_with_rowid=False,
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("dedupe", sa.String(), nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), server_default="queued", nullable=False),
        sa.Column("twice_ok", sa.Boolean(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("worthless_after", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("platform_id", sa.String(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_outbox_chat_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedupe", name="uq_outbox_dedupe"),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["lane", "rank", "not_before", "id", "chat_id", "worthless_after"],
        **_only("state = 'queued'"),
    )
    op.create_index("ix_outbox_history", "outbox", ["chat_id", "sent_at", "id"], **_only("state = 'sent'"))
    op.create_index("ix_outbox_line", "outbox", ["chat_id", "rank", "id"], **_only("state = 'queued'"))
    op.create_index("ix_outbox_sending", "outbox", ["chat_id"], **_only("state = 'sending'"))


def _progress() -> None:
    op.create_table(
        "progress",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by_person_id", ID, nullable=True),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name="fk_progress_by_person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_progress_person_id"),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name="fk_progress_undone_by"),
        sa.PrimaryKeyConstraint("id", name="pk_progress"),
    )
    op.create_index("ix_progress_person_id", "progress", ["person_id"])


def _help_request() -> None:
    op.create_table(
        "help_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("lesson", sa.String(), server_default="", nullable=False),
        sa.Column("step", sa.String(), server_default="", nullable=False),
        sa.Column("tried", sa.Integer(), server_default="0", nullable=False),
        sa.Column("name_given", sa.String(), server_default="", nullable=False),
        sa.Column("phone_given", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("owner_person_id", ID, nullable=True),
        sa.Column("promised", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_help_request_chat_id"),
        sa.ForeignKeyConstraint(["owner_person_id"], ["person.id"], name="fk_help_request_owner_person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_help_request_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_help_request_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_help_request"),
    )
    op.create_index("ix_help_request_chat_id", "help_request", ["chat_id"])
    op.create_index("ix_help_request_state_unit_id", "help_request", ["state", "unit_id"])


def _setaside() -> None:
    op.create_table(
        "setaside",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "message", name="pk_setaside"),
    )


def _mishap() -> None:
    op.create_table(
        "mishap",
        sa.Column("id", ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("where_", sa.String(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("traceback", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mishap"),
        sa.UniqueConstraint("ref", name="uq_mishap_ref"),
    )
    op.create_index("ix_mishap_at", "mishap", ["at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_person_id", ID, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_person_id"], ["person.id"], name="fk_audit_actor_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def _only(rows: str) -> dict[str, Any]:
    """An index of these rows alone."""
    return {"sqlite_where": sa.text(rows), "postgresql_where": sa.text(rows)}
