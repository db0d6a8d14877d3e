"""How far a member is, read off what was told: for any sequence of reports and undos."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.progress import DENIALS, DENIES, HAS_ERRORS, MILESTONES, REASONS, STEPS, Event, says_already, state_of

BEGIN = datetime(2026, 11, 24, 2, tzinfo=UTC)
LAN, SON = 7, 8


def told(what: str, by: int | None = LAN, *, hours: float = 0, number: int = 1, undone: bool = False) -> Event:
    at = BEGIN + timedelta(hours=hours)
    return Event(number, 1, what, "helper" if by else "self", by, at, at, at if undone else None)


def history(*words: str) -> list[Event]:
    """ "Lan installed" an hour after the other; "-" before it: taken back."""
    events = []
    for number, line in enumerate(words, 1):
        who, what = line.lstrip("-").split()
        by = {"Lan": LAN, "Son": SON, "self": None}[who]
        events.append(told(what, by, hours=number, number=number, undone=line.startswith("-")))
    return events


@pytest.mark.parametrize(
    ("words", "step", "reason"),
    [
        ([], 0, None),
        (["Lan logged_in"], 2, None),
        (["Lan info_checked", "Lan installed"], 3, None),
        (["Lan installed", "-Lan info_checked"], 1, None),
        (["Lan VANG"], 0, "VANG"),
        (["Lan VANG", "Lan installed"], 1, None),
        (["Lan installed", "Lan VANG"], 1, "VANG"),
        (["Lan info_checked", "Lan VANG"], 3, None),
        (["Lan KHONG_SMARTPHONE", "Son installed"], 1, None),
        (["Lan installed", "Lan KHONG_SMARTPHONE"], 0, "KHONG_SMARTPHONE"),
        (["Lan info_checked", "Lan LOI_TAI_KHOAN"], 1, "LOI_TAI_KHOAN"),
        (["Lan installed", "Lan KHONG_SMARTPHONE", "Lan installed"], 1, None),
        (["Lan CO_SAI_SOT"], 3, None),
    ],
)
def test_the_state(words: list[str], step: int, reason: str | None) -> None:
    state = state_of(history(*words))
    assert (state.step, state.reason) == (step, reason)


@pytest.mark.parametrize(
    ("words", "claim", "denial"),
    [
        (["Lan installed", "Son KHONG_SMARTPHONE"], 1, 2),
        (["Lan KHONG_SMARTPHONE", "Son installed"], 2, 1),
        (["Lan logged_in", "self not_installed"], 1, 2),
        (["Lan info_checked", "Son LOI_TAI_KHOAN"], 1, 2),
    ],
)
def test_two_that_cannot_both_be_true(words: list[str], claim: int, denial: int) -> None:
    found = state_of(history(*words)).conflict
    assert found is not None
    assert (found.claim.id, found.denial.id) == (claim, denial)


@pytest.mark.parametrize(
    "words",
    [
        ["Lan installed", "Son VANG"],
        ["Lan installed", "Son LOI_TAI_KHOAN"],
        ["Lan LOI_TAI_KHOAN", "Son logged_in"],
        ["Lan installed", "Lan KHONG_SMARTPHONE"],
        ["Lan installed", "-Son KHONG_SMARTPHONE"],
        ["Lan installed", "self not_installed", "self installed"],
    ],
)
def test_no_conflict(words: list[str]) -> None:
    assert state_of(history(*words)).conflict is None


def test_a_phone_bought_days_later_is_no_conflict() -> None:
    events = [told("KHONG_SMARTPHONE"), told("installed", SON, hours=72, number=2)]
    assert state_of(events).conflict is None


def test_what_happened_first_comes_first_whenever_it_was_told() -> None:
    late = [told("installed", hours=5, number=1), told("KHONG_SMARTPHONE", hours=-60, number=2)]
    assert state_of(late).step == 1


def test_an_error_in_the_data_is_seen_until_it_is_right() -> None:
    assert state_of(history("Lan CO_SAI_SOT")).has_errors
    assert not state_of(history("Lan CO_SAI_SOT", "Lan info_checked")).has_errors


@pytest.mark.parametrize(
    ("words", "what", "already"),
    [
        ([], "installed", False),
        (["self installed"], "installed", True),
        (["Lan installed"], "installed", False),
        (["-self installed"], "installed", False),
        (["self installed", "self logged_in"], "installed", True),
        (["self installed", "self not_installed"], "installed", False),
        (["self not_installed", "self installed"], "not_installed", False),
        (["self KHONG_SMARTPHONE"], "KHONG_SMARTPHONE", True),
    ],
)
def test_what_somebody_says_already(words: list[str], what: str, already: bool) -> None:
    assert says_already(history(*words), "self", what) is already


EVENTS = st.lists(
    st.builds(
        told,
        st.sampled_from((*MILESTONES, HAS_ERRORS, *REASONS, *DENIALS)),
        st.sampled_from((LAN, SON, None)),
        hours=st.integers(0, 30),
        undone=st.booleans(),
    ),
    max_size=12,
).map(lambda events: [replace(event, id=number) for number, event in enumerate(events, 1)])


@settings(max_examples=25, deadline=None)
@given(EVENTS)
def test_a_later_milestone_implies_the_earlier(events: list[Event]) -> None:
    state = state_of(events)
    assert state.reached == MILESTONES[: state.step]
    assert state.step <= max((STEPS.get(event.what, 0) for event in events if event.undone_at is None), default=0)


@settings(max_examples=25, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_they_are_read_in_makes_no_difference(events: list[Event], draw: object) -> None:
    shuffled = list(events)
    draw.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert state_of(shuffled) == state_of(events)


@settings(max_examples=25, deadline=None)
@given(EVENTS)
def test_what_was_undone_is_as_if_never_told(events: list[Event]) -> None:
    assert state_of(events) == state_of(event for event in events if event.undone_at is None)


@settings(max_examples=25, deadline=None)
@given(EVENTS)
def test_a_conflict_is_of_two_people_and_both_are_live(events: list[Event]) -> None:
    found = state_of(events).conflict
    if found:
        assert found.claim.teller != found.denial.teller
        assert found.claim.undone_at is None is found.denial.undone_at
        assert STEPS[found.claim.what] >= DENIES[found.denial.what]


@settings(max_examples=25, deadline=None)
@given(EVENTS)
def test_undoing_the_newest_never_makes_two_of_one_reason(events: list[Event]) -> None:
    """Everything shown rests on a live event."""
    state = state_of(events)
    live = {event.what for event in events if event.undone_at is None}
    assert state.reason is None or state.reason in live
    assert state.latest is None or state.latest.undone_at is None
