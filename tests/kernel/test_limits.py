"""Limits of every unit on every clock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from app.kernel.limits import Amount, BadLimit, due_at, share_at
from tests.kernel.test_calendar import CALENDAR, at


@pytest.mark.parametrize(
    ("start", "amount", "unit", "clock", "end"),
    [
        ("2026-03-07T23:30", 45, "min", "24x7", "2026-03-08T00:15"),
        ("2026-03-06T17:00", 45, "min", "working", "2026-03-09T08:45"),
        ("2026-03-07T10:00", 24, "h", "24x7", "2026-03-08T10:00"),
        ("2026-03-02T10:00", Decimal("1.5"), "h", "24x7", "2026-03-02T11:30"),
        ("2026-03-02T10:00", 0.1, "h", "24x7", "2026-03-02T10:06"),
        ("2026-03-06T10:00", 1, "wd", "working", "2026-03-09T10:00"),
        ("2026-03-06T10:00", 1, "wd", "24x7", "2026-03-09T10:00"),
        ("2026-03-02T09:00", 1.5, "wd", "working", "2026-03-03T14:15"),  # half of 7.5 working hours more
        ("2026-03-06T10:00", 7, "day", "24x7", "2026-03-13T10:00"),
        ("2026-03-06T10:00", 7, "day", "working", "2026-03-13T10:00"),
        ("2026-03-06T10:00", 0, "min", "24x7", "2026-03-06T10:00"),
    ],
)
def test_due_at(start: str, amount: Amount, unit: str, clock: str, end: str) -> None:
    assert due_at(at(start), amount, unit, clock, CALENDAR) == at(end)


@pytest.mark.parametrize(
    ("percent", "end"),
    [(50, "2026-03-02T09:22:30"), (80, "2026-03-02T09:36"), (100, "2026-03-02T09:45"), (150, "2026-03-02T10:07:30")],
)
def test_shares_of_a_limit(percent: int, end: str) -> None:
    assert share_at(at("2026-03-02T09:00"), 45, "min", "24x7", CALENDAR, percent=percent) == at(end)


@pytest.mark.parametrize(("amount", "unit", "clock"), [(1, "week", "24x7"), (1, "h", "sometimes"), (-1, "h", "24x7")])
def test_nonsense_is_refused(amount: int, unit: str, clock: str) -> None:
    with pytest.raises(BadLimit):
        due_at(datetime.now().astimezone(), amount, unit, clock, CALENDAR)
