"""The rows of a report before it is saved."""

from __future__ import annotations

import json
from datetime import date

from bot.core import draft
from bot.core.draft import Row
from bot.core.telling import Day, Told

TODAY = date(2026, 11, 24)
TOLD = (
    Told("Tư", "NP01", None, "DA_CAI", day=Day(ago=1)),
    Told("Hiền", None, "Thôn Nà Pán", "VANG", ambiguous=True),
    Told("Khánh", "NP03"),
    Told("Lan", "NP05", None, "VANG", day=Day(day=31, month=2)),
)


def test_the_rows_survive_the_notes() -> None:
    rows = draft.read(TOLD, TODAY)
    assert draft.from_notes(json.loads(json.dumps(draft.kept(rows)))) == rows
    assert [row.what for row in rows] == ["installed", "VANG", None, "VANG"]
    assert [row.happened_on.isoformat() for row in rows] == ["2026-11-23", "2026-11-24", "2026-11-24", "2026-11-24"]


def test_what_is_open_is_asked_one_after_the_other() -> None:
    rows = draft.read(TOLD, TODAY)
    assert (draft.first_unsettled(rows), draft.first_without_result(rows)) == (1, 2)
    rows = draft.changed(rows, 1, left_open=True)
    rows = draft.changed(rows, 2, what="installed")
    assert (draft.first_unsettled(rows), draft.first_without_result(rows)) == (None, None)
    assert [row.is_ready for row in rows] == [True, False, True, True]


def test_a_person_told_of_anew_has_one_row() -> None:
    rows = draft.added([Row("Tư", "NP01", what="VANG"), Row("Bảo")], [Row("Tư", "NP01", what="installed")])
    assert [(row.code, row.what) for row in rows] == [(None, None), ("NP01", "installed")]


def test_notes_of_another_version_are_none() -> None:
    assert draft.from_notes(None) == ()
    assert draft.from_notes([["Tư"]]) == ()
