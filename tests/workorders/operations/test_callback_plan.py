"""When a customer is called back."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import LOCAL
from app.workorders.operations.callback_plan import BadStrategy, Strategy, into_windows, next_attempt

HOURS = "08:00-12:00,14:00-21:00"
STRATEGY = Strategy(attempts=3, gap=120, deadline=1440, windows=HOURS)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)

instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(LOCAL))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("at", "planned"),
    [
        ("08:00", "08:00"),
        ("11:59", "11:59"),
        ("12:00", "14:00"),
        ("13:30", "14:00"),
        ("20:59", "20:59"),
        ("07:00", "08:00"),
    ],
)
def test_hours_of_the_day(at: str, planned: str) -> None:
    instant = datetime.combine(MONDAY.date(), time.fromisoformat(at), LOCAL)
    assert into_windows(instant, HOURS) == datetime.combine(MONDAY.date(), time.fromisoformat(planned), LOCAL)


def test_after_the_last_hour_it_is_the_next_morning() -> None:
    assert into_windows(MONDAY.replace(hour=21), HOURS) == MONDAY.replace(hour=8) + timedelta(days=1)


@given(instants)
def test_a_planned_instant_lies_in_the_hours_and_never_before(instant: datetime) -> None:
    planned = into_windows(instant, HOURS)
    local = planned.astimezone(LOCAL).time()
    assert planned >= instant
    assert time(8) <= local < time(12) or time(14) <= local < time(21)
    assert into_windows(planned, HOURS) == planned


def test_attempts_gap_and_deadline() -> None:
    def plan(made: int, last: datetime | None, now: datetime) -> datetime | None:
        return next_attempt(STRATEGY, made=made, last_at=last, since=MONDAY, now=now)

    assert plan(0, None, MONDAY) == MONDAY
    assert plan(1, MONDAY, MONDAY) == MONDAY + timedelta(hours=2)
    assert plan(3, MONDAY, MONDAY) is None
    late = MONDAY + timedelta(hours=23)
    assert plan(1, late, late) is None
    assert plan(0, None, MONDAY + timedelta(days=3)) is not None, "nobody is left without a call"


@pytest.mark.parametrize("windows", ["8-12", "12:00-08:00", "morning"])
def test_hours_that_make_no_sense_are_refused(windows: str) -> None:
    with pytest.raises(BadStrategy):
        into_windows(MONDAY, windows)
