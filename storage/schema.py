"""All tables. A change here needs a migration beside it (`storage/migrations/versions`); a test compares the two.

Ids of people and messages of a platform are text. Defaults are the database's own, never Python's, so that a
statement means the same whoever runs it.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from storage.columns import Id, Json
from storage.columns import at as _at
from storage.columns import id_ as _id
from storage.columns import ref as _ref
from storage.columns import text_ as _text
from storage.naming import metadata
from storage.schema_help import help_ask, help_request, stuck_cluster, stuck_mark
from storage.schema_limits import occurrence, quota, untold
from storage.schema_oa import oa_token
from storage.schema_roster import alias, roster_draft
from storage.schema_sharing import chat_person, claim, place
from storage.schema_trouble import audit, mishap, question, setaside

__all__ = [
    "alias",
    "audit",
    "cell",
    "chat",
    "chat_person",
    "claim",
    "grant",
    "help_ask",
    "help_request",
    "invite",
    "meeting",
    "metadata",
    "mishap",
    "oa_token",
    "occurrence",
    "outbox",
    "person",
    "place",
    "progress",
    "question",
    "quota",
    "roster_draft",
    "seen",
    "setaside",
    "stuck_cluster",
    "stuck_mark",
    "unit",
    "untold",
]  # fmt: skip


def _merged_into() -> Column[int]:
    """Where its people are now. No foreign key: SQLite cannot add one to a table that others point to."""
    return Column("merged_into", Id, nullable=True)


unit = Table(
    "unit",
    metadata,
    _id(),
    _text("code", unique=True),
    _text("name"),
    _text("kind"),  # thon | khoi_pho | co_quan | xa
    _ref("parent_id", "unit"),
    _text("letters", null=True),  # the codes of its people begin with them: NP for NP03
    Column("numbered", Integer, nullable=False, server_default="0"),  # the last number given under these letters
    _merged_into(),
    Index(None, "letters", unique=True),
)

cell = Table("cell", metadata, _id(), _text("code", unique=True), _text("name"), _merged_into())

person = Table(
    "person",
    metadata,
    _id(),
    _text("code", unique=True),
    _text("name"),
    _ref("unit_id", "unit"),
    _ref("cell_id", "cell"),
    _text("kind", default="official"),  # official | probationary
    Column("exempt", Boolean, nullable=False, server_default=false()),
    _text("phone", null=True),
    _text("device", null=True),
    Column("invented", Boolean, nullable=False, server_default=false()),  # of the demo commune
    _at("created_at"),
    _at("left_at", null=True),  # no longer of the commune's Party organisation
    Index(None, "unit_id"),
    Index(None, "cell_id"),
)

chat = Table(
    "chat",
    metadata,
    _id(),
    _text("channel"),
    _text("account"),
    _text("key"),  # the platform's id of the chat
    _ref("person_id", "person"),
    _ref("unit_id", "unit"),
    _text("form", default="bac"),
    _text("consent", null=True),  # yes | no; null: not asked yet
    _text("consent_version", null=True),
    _at("consent_at", null=True),
    _text("device", null=True),
    _text("at", default=""),  # where the person is
    Column("trail", Json, nullable=False, server_default="[]"),
    Column("notes", Json, nullable=False, server_default="{}"),
    Column("offered", Json, nullable=False, server_default="[]"),  # [[key, label], ...]
    Column("misses", Integer, nullable=False, server_default="0"),
    _text("last_tap", null=True),
    _at("last_tap_at", null=True),
    _text("keyboard", null=True),  # the platform's id of the message that still shows buttons
    Column("reachable", Boolean, nullable=False, server_default=true()),
    _at("lost_at", null=True),  # since when it is not
    _at("created_at"),
    _at("last_in_at"),
    _at("prev_in_at", null=True),  # last_in_at before the message being answered
    Column("earlier", Json, nullable=False, server_default="[]"),  # what was offered before a notice took its place
    _at("quiet_until", null=True),  # until then the bot leaves the chat to whoever writes there by hand
    UniqueConstraint("channel", "account", "key"),
    Index(None, "person_id"),
)

grant = Table(
    "grant",
    metadata,
    _id(),
    _ref("person_id", "person", null=False),
    _text("role"),
    _ref("scope_unit_id", "unit"),  # both scopes null: the whole commune
    _ref("scope_cell_id", "cell"),
    _ref("granted_by", "person"),
    _at("at"),
    _at("revoked_at", null=True),
    Index(None, "person_id"),
    Index(None, "role", "scope_unit_id"),
)

invite = Table(
    "invite",
    metadata,
    Column("code", String, primary_key=True),
    _text("kind"),  # unit | person | role
    _ref("unit_id", "unit"),
    _ref("person_id", "person"),
    Column("uses_left", Integer),  # null: without limit
    _at("expires_at", null=True),
    _at("created_at"),
    _text("channel", null=True),  # the account whose code stands on the sheet: it holds a seat there
    _text("account", null=True),
    _at("used_at", null=True),  # when it was last redeemed
    _at("voided_at", null=True),  # another one was given out in its place
    Index(None, "person_id"),
    Index(None, "unit_id"),
)

# The key is the table (no row id beside it): one b-tree to write a message instead of two.
seen = Table(
    "seen",
    metadata,
    Column("channel", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("message", String, primary_key=True),
    _at("at"),
    sqlite_with_rowid=False,
)

_QUEUED = text("state = 'queued'")
_SENDING = text("state = 'sending'")
_SENT = text("state = 'sent'")
_PLANNED = text("occurrence_id IS NOT NULL")
_DUE = ("lane", "rank", "not_before", "id", "chat_id", "worthless_after")

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _text("dedupe", unique=True),
    _ref("chat_id", "chat", null=False),
    _text("lane"),  # "<channel>:<account>" of the chat: one down account's rows are never walked through
    Column("rank", Integer, nullable=False),
    Column("body", Json, nullable=False),  # {text, choices: [[key, label]], media: [kind, path, alt] | null}
    _text("state", default="queued"),  # queued | sending | sent | failed | expired | unknown
    Column("twice_ok", Boolean, nullable=False),
    Column("doubtful", Boolean, nullable=False, server_default=false()),  # may have arrived once already
    Column("attempts", Integer, nullable=False, server_default="0"),
    _at("not_before"),
    _at("worthless_after", null=True),
    _at("created_at"),
    _at("claimed_at", null=True),
    _at("sent_at", null=True),
    _text("platform_id", null=True),
    Column("error", Text),
    Column("occurrence_id", Id),  # of a scheduled message; no foreign key, because the two are forgotten apart
    # All that a claim looks at before it takes a row stands in the index itself.
    Index("ix_outbox_due", *_DUE, sqlite_where=_QUEUED, postgresql_where=_QUEUED),
    Index("ix_outbox_line", "chat_id", "rank", "id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
    Index("ix_outbox_sending", "chat_id", sqlite_where=_SENDING, postgresql_where=_SENDING),
    Index("ix_outbox_occurrence", "occurrence_id", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
    Index("ix_outbox_history", "chat_id", "sent_at", "id", sqlite_where=_SENT, postgresql_where=_SENT),
)

progress = Table(
    "progress",
    metadata,
    _id(),
    _ref("person_id", "person", null=False),
    _text("what"),  # a milestone or the code of a not-yet reason
    _text("source"),  # self | helper | coordinator | import
    _ref("by_person_id", "person"),
    _at("happened_at"),
    _at("told_at"),
    _at("undone_at", null=True),
    _ref("undone_by", "person"),
    _text("undone_why", null=True),  # slip | conflict | exemption: why it was taken back
    Index(None, "person_id"),
)

# A lesson done by a whole room together; `behind`: {person id: the last step that person did not reach}.
meeting = Table(
    "meeting",
    metadata,
    _id(),
    _ref("unit_id", "unit"),  # one of the two: whose meeting it is
    _ref("cell_id", "cell"),
    _text("lesson"),
    _text("step"),
    Column("behind", Json, nullable=False, server_default="{}"),
    _text("state", default="open"),  # open | done
    _ref("led_by", "person", null=False),
    _at("created_at"),
    _at("changed_at"),
    Index(None, "state", "lesson"),
)
