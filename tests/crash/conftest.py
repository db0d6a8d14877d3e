"""The databases that are killed."""

from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]
