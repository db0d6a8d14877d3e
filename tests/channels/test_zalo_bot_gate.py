"""How long nothing goes out after Zalo said "too many"."""

from __future__ import annotations

import pytest

from bot.channels.zalo_bot_gate import PROBE_SECONDS, Gate
from bot.core.errors import Retry
from tests.channels.zalo_bot_kit import Clock


def pauses(gate: Gate, clock: Clock, *quota: bool) -> list[float]:
    """One refusal after the other, each as soon as the gate opens again."""
    found = []
    for is_quota in quota:
        found.append(gate.refused(gate.enter(), is_quota=is_quota))
        clock.now += found[-1]
    return found


def test_pauses_after_bursts_double_and_then_it_is_the_quota(caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate("7", clock := Clock())
    assert pauses(gate, clock, *[False] * 9) == [2, 4, 8, 16, 32, 60, 300, 600, 1200]
    [record] = caplog.records
    assert (record.message, record.levelname, record.__dict__["account"]) == ("zalo_bot.quota_spent", "ERROR", "7")


def test_once_it_was_the_quota_it_stays_the_quota() -> None:
    gate = Gate("7", clock := Clock())
    assert pauses(gate, clock, False, True, False, True, True, True) == [2, 300, 600, 1200, 2400, 3600]


def test_closed_it_says_for_how_long() -> None:
    gate = Gate("7", clock := Clock())
    gate.refused(gate.enter(), is_quota=True)
    clock.now += 100
    with pytest.raises(Retry) as caught:
        gate.enter()
    assert (caught.value.after, caught.value.whole_account) == (200, True)


def test_many_under_way_at_once_count_as_one_refusal() -> None:
    gate = Gate("7", clock := Clock())
    entered = [gate.enter() for _ in range(50)]
    clock.now += 1
    assert [gate.refused(one, is_quota=False) for one in entered] == [2] * 50
    clock.now += 0.5
    assert gate.refused(entered[0], is_quota=False) == 1.5


def test_when_it_opens_one_goes_ahead_and_the_others_wait_for_it() -> None:
    gate = Gate("7", clock := Clock())
    clock.now += gate.refused(gate.enter(), is_quota=False)
    entered = gate.enter()
    with pytest.raises(Retry) as caught:
        gate.enter()
    assert caught.value.after == PROBE_SECONDS
    gate.passed(entered)
    assert [gate.enter() for _ in range(9)] == [clock.now] * 9


def test_a_message_that_was_under_way_opens_nothing() -> None:
    gate = Gate("7", clock := Clock())
    early = gate.enter()
    clock.now += 1
    gate.refused(gate.enter(), is_quota=True)
    gate.passed(early)
    with pytest.raises(Retry):
        gate.enter()


def test_after_it_passed_the_pauses_begin_anew() -> None:
    gate = Gate("7", clock := Clock())
    pauses(gate, clock, False, False, True)
    gate.passed(gate.enter())
    assert pauses(gate, clock, False, False) == [2, 4]
