"""The tables of the roster: names that units and chi bộ had, and a workbook that waits to be confirmed."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from storage.columns import Json, at, id_, ref, text_
from storage.naming import metadata

# Every name a unit or a chi bộ has had or is written with: an old workbook still finds it.
alias = Table(
    "alias",
    metadata,
    id_(),
    ref("unit_id", "unit"),
    ref("cell_id", "cell"),
    text_("name"),
    at("at"),
    Index(None, "unit_id"),
    Index(None, "cell_id"),
)

# A workbook somebody handed in over the web and has not confirmed yet: what would be kept, nothing else.
roster_draft = Table(
    "roster_draft",
    metadata,
    id_(),
    ref("person_id", "person", null=False),
    Column("body", Json, nullable=False),
    at("created_at"),
    at("expires_at"),
    Index(None, "person_id", unique=True),
    Index(None, "expires_at"),
)
