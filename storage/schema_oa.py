"""The table of the Official Account's tokens."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from storage.columns import at, text_
from storage.naming import metadata

# The grant of a Zalo Official Account to our app. Tokens are sealed (`bot/seal.py`); nobody searches by them.
oa_token = Table(
    "oa_token",
    metadata,
    Column("app_id", String, primary_key=True),
    text_("account", default=""),  # the id of the OA, once it is known
    Column("generation", Integer, nullable=False, server_default="0"),  # which pair; a refresh names the one it spends
    Column("access", Text, nullable=False, server_default=""),
    Column("refresh", Text, nullable=False, server_default=""),
    at("got_at", null=True),
    at("expires_at", null=True),
    Column("prev_access", Text, nullable=False, server_default=""),  # the pair before, for diagnosis
    Column("prev_refresh", Text, nullable=False, server_default=""),
    at("prev_got_at", null=True),
    text_("lease_by", default=""),  # who is refreshing now
    at("lease_until", null=True),
    at("asked_at", null=True),  # since when this refresh token may be spent: it went out, and no answer is kept yet
    text_("failure", default=""),  # the code with which Zalo refused to refresh
    at("failed_at", null=True),
    text_("seed", default=""),  # fingerprint of the refresh token last taken from the settings
    text_("verifier", default=""),  # of PKCE: one for the whole deployment
)
