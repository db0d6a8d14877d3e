"""The tables of what goes wrong and of who looked: updates given up, failures, questions
without an answer, the trail of reads and changes.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from storage.columns import at, id_, ref, text_
from storage.naming import metadata

setaside = Table(
    "setaside",
    metadata,
    Column("channel", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("message", String, primary_key=True),
    text_("kind"),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
    at("at"),
)

mishap = Table(
    "mishap",
    metadata,
    id_(),
    text_("ref", unique=True),
    text_("channel"),
    text_("where_"),
    Column("error", Text, nullable=False),
    Column("traceback", Text, nullable=False),
    at("at"),
    Index(None, "at"),
)

audit = Table(
    "audit",
    metadata,
    id_(),
    at("at"),
    ref("actor_person_id", "person"),
    text_("action"),
    text_("subject"),
    Index(None, "at"),
)

# What nobody could answer, for the author of the guides.
question = Table(
    "question",
    metadata,
    Column("text", String, primary_key=True),  # redacted; nobody's name beside it
    Column("count", Integer, nullable=False),
    at("last_at"),
    Index(None, "last_at"),
)
