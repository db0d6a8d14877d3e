"""The tables of people who share: a phone with others, a person with several chats, a name with nobody yet."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table

from storage.columns import Id, Json, at, id_, ref, text_
from storage.naming import metadata

# Who uses a chat besides the person in front: one phone in the family, each with an answer about consent of their own.
chat_person = Table(
    "chat_person",
    metadata,
    Column("chat_id", Id, ForeignKey("chat.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    text_("form"),
    text_("consent", null=True),
    text_("consent_version", null=True),
    at("consent_at", null=True),
    at("added_at"),
    Index(None, "person_id"),
)

# Where a person is in the lessons, whichever phone or channel they use.
place = Table(
    "place",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("notes", Json, nullable=False),
    at("at"),
)

# "I am Hoàng Thị Hiền of this thôn", where the roster leaves a doubt: the coordinator says yes or no.
claim = Table(
    "claim",
    metadata,
    id_(),
    ref("chat_id", "chat", null=False),
    ref("unit_id", "unit", null=False),
    text_("name_given"),
    text_("state", default="open"),  # open | yes | no
    ref("person_id", "person"),
    ref("decided_by", "person"),
    at("created_at"),
    at("decided_at", null=True),
    Index(None, "chat_id"),
    Index(None, "state", "unit_id"),
)
