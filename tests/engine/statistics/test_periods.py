"""A period is cut into whole months and single days without losing or doubling one."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.engine.statistics.periods import Part, parts

FIRST = date(2023, 12, 1)
DAYS = st.none() | st.integers(0, 800).map(lambda number: FIRST + timedelta(days=number))


@given(DAYS, DAYS, st.integers(-40, 900).map(lambda number: FIRST + timedelta(days=number)))
def test_each_day_of_a_period_is_in_one_part_and_no_other_day_in_any(
    from_: date | None, to: date | None, day: date
) -> None:
    inside = (from_ is None or day >= from_) and (to is None or day < to)
    assert sum(_holds(part, day) for part in parts(from_, to)) == inside


def test_a_year_is_read_from_its_months_alone() -> None:
    year = (date(2025, 1, 1), date(2026, 1, 1))
    assert parts(*year) == [Part(True, *year)]


def _holds(part: Part, day: date) -> bool:
    """A month's row stands on its first day and holds all of its days."""
    standing = day.replace(day=1) if part.whole_month else day
    return (part.from_ is None or standing >= part.from_) and (part.to is None or standing < part.to)
