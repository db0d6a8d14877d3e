"""All tables. A change here needs a migration beside it (`storage/migrations/versions`); a test compares the two.

Ids of people and messages of a platform are text. Defaults are the database's own, never Python's, so that a
statement means the same whoever runs it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from storage.columns import Instant, Json

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite counts rows by itself only where the key is called INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", _Id, primary_key=True)


def _ref(name: str, target: str, *, null: bool = True) -> Column[int]:
    return Column(name, _Id, ForeignKey(f"{target}.id"), nullable=null)


def _text(name: str, *, null: bool = False, default: str | None = None, **more: Any) -> Column[str]:
    return Column(name, String, nullable=null, server_default=default, **more)


def _at(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Instant, nullable=null)


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
    # All that a claim looks at before it takes a row stands in the index itself.
    Index("ix_outbox_due", *_DUE, sqlite_where=_QUEUED, postgresql_where=_QUEUED),
    Index("ix_outbox_line", "chat_id", "rank", "id", sqlite_where=_QUEUED, postgresql_where=_QUEUED),
    Index("ix_outbox_sending", "chat_id", sqlite_where=_SENDING, postgresql_where=_SENDING),
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

question = Table(
    "question",
    metadata,
    Column("text", String, primary_key=True),  # redacted; nobody's name beside it
    Column("count", Integer, nullable=False),
    _at("last_at"),
    Index(None, "last_at"),
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
