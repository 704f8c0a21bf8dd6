"""Times of diagrams: what is accepted, what is refused, and the calendar."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.iso8601 import InvalidTime, due, format_duration, parse_cycle, parse_duration, parse_instant
from app.kernel.clock import LOCAL

START = datetime(2026, 1, 31, 9, 0, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT45M", START + timedelta(minutes=45)),
        ("P1DT2H3M4.5S", START + timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("P2W", START + timedelta(weeks=2)),
        ("PT0S", START),
        ("P1M", datetime(2026, 2, 28, 9, 0, tzinfo=LOCAL)),
        ("P1Y1M", datetime(2027, 2, 28, 9, 0, tzinfo=LOCAL)),
        ("2026-03-02T09:00:00+08:00", datetime(2026, 3, 2, 1, 0, tzinfo=UTC)),
        ("2026-03-02T01:00:00Z", datetime(2026, 3, 2, 1, 0, tzinfo=UTC)),
    ],
)
def test_due(text: str, expected: datetime) -> None:
    assert due(text, START) == expected


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1", "1H", "PT1H30", "P-1D", "PT1HH", "tomorrow", "2026-03-02", "2026-03-02T09:00:00", "P99999Y",
     "P99999999999D", "PT" + "9" * 200 + "H"],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(InvalidTime):
        due(text, START)


def test_cycles() -> None:
    assert parse_cycle("R3/PT1H").times == 3
    assert parse_cycle("R/PT1H").times is None
    assert parse_cycle("R2/2026-03-02T09:00:00+08:00/P1D").first == parse_instant("2026-03-02T09:00:00+08:00")
    for text in ("PT1H", "R/PT0S", "R3", "R/2026-03-02T09:00:00/PT1H", "Rx/PT1H"):
        with pytest.raises(InvalidTime):
            parse_cycle(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)))
def test_a_duration_survives_writing_and_reading(value: timedelta) -> None:
    assert parse_duration(format_duration(value)).rest == value


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidTime):
        due(text, START)
