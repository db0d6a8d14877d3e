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
from storage.schema_limits import occurrence, quota, untold
from storage.schema_sharing import chat_person, claim, place

__all__ = [
    "audit",
    "cell",
    "chat",
    "chat_person",
    "claim",
    "grant",
    "help_request",
    "invite",
    "metadata",
    "mishap",
    "occurrence",
    "outbox",
    "person",
    "place",
    "progress",
    "quota",
    "seen",
    "setaside",
    "unit",
    "untold",
]  # fmt: skip

unit = Table(
    "unit",
    metadata,
    _id(),
    _text("code", unique=True),
    _text("name"),
    _text("kind"),  # thon | khoi_pho | co_quan | xa
    _ref("parent_id", "unit"),
)

cell = Table("cell", metadata, _id(), _text("code", unique=True), _text("name"))

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
    Index(None, "person_id"),
)

help_request = Table(
    "help_request",
    metadata,
    _id(),
    _ref("chat_id", "chat"),
    _ref("person_id", "person"),
    _ref("unit_id", "unit"),
    _text("way"),  # phone | home | hall
    _text("lesson", default=""),
    _text("step", default=""),
    Column("tried", Integer, nullable=False, server_default="0"),
    _text("name_given", default=""),
    _text("phone_given", default=""),
    _text("state", default="open"),  # open | taken | done | cancelled
    _ref("owner_person_id", "person"),
    _text("promised", null=True),  # now | today | tomorrow
    _at("created_at"),
    _at("taken_at", null=True),
    _at("closed_at", null=True),
    Index(None, "chat_id"),
    Index(None, "state", "unit_id"),
)

setaside = Table(
    "setaside",
    metadata,
    Column("channel", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("message", String, primary_key=True),
    _text("kind"),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
    _at("at"),
)

mishap = Table(
    "mishap",
    metadata,
    _id(),
    _text("ref", unique=True),
    _text("channel"),
    _text("where_"),
    Column("error", Text, nullable=False),
    Column("traceback", Text, nullable=False),
    _at("at"),
    Index(None, "at"),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    _at("at"),
    _ref("actor_person_id", "person"),
    _text("action"),
    _text("subject"),
    Index(None, "at"),
)

# The grant of a Zalo Official Account to our app. Tokens are sealed (`bot/seal.py`); nobody searches by them.
oa_token = Table(
    "oa_token",
    metadata,
    Column("app_id", String, primary_key=True),
    _text("account", default=""),  # the id of the OA, once it is known
    Column("generation", Integer, nullable=False, server_default="0"),  # which pair; a refresh names the one it spends
    Column("access", Text, nullable=False, server_default=""),
    Column("refresh", Text, nullable=False, server_default=""),
    _at("got_at", null=True),
    _at("expires_at", null=True),
    Column("prev_access", Text, nullable=False, server_default=""),  # the pair before, for diagnosis
    Column("prev_refresh", Text, nullable=False, server_default=""),
    _at("prev_got_at", null=True),
    _text("lease_by", default=""),  # who is refreshing now
    _at("lease_until", null=True),
    _at("asked_at", null=True),  # since when this refresh token may be spent: it went out, and no answer is kept yet
    _text("failure", default=""),  # the code with which Zalo refused to refresh
    _at("failed_at", null=True),
    _text("seed", default=""),  # fingerprint of the refresh token last taken from the settings
    _text("verifier", default=""),  # of PKCE: one for the whole deployment
)
