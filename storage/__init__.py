"""All SQL: tables, the one way into the database, and one file of plain functions a noun."""
