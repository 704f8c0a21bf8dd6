"""Readings are judged against the meter, their neighbours and the usual use; entered once, changed only by name."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.customers.judging import MeterFacts, Shown, judge, used
from app.customers.models import Reading
from app.customers.operations.history import Origin
from app.customers.operations.readings import Doubtful, InvalidReading, ReadAlready, ReadingData, enter
from app.customers.queries.findings import SENTENCES, sentence
from app.customers.queries.segments import energy, reading_page, segments
from app.customers.reading_rules import ReadingRules
from app.customers.rollover import Rollover
from app.kernel.actor import SYSTEM
from app.kernel.clock import FrozenClock
from app.kernel.db import session
from tests.customers.factories import demo_units, make_fictive, sync_words

RULES = ReadingRules(
    intervals=6,
    high=Decimal(3),
    low=Decimal("0.2"),
    least_a_day=Decimal(5),
    parts_differ_by=Decimal(2),
    oldest_days=400,
    rollover=Rollover(Decimal("0.9"), Decimal("0.1")),
)
METER = MeterFacts(date(2025, 1, 1), None, 5, Decimal(1), ("total",))
TOU = MeterFacts(date(2025, 1, 1), None, 5, Decimal(1), ("total", "peak", "valley"))
TODAY = date(2026, 3, 2)


def shown(day: date, total: float, kind: str = "regular", **parts: float) -> Shown:
    values = {"total": Decimal(str(total))} | {name: Decimal(str(value)) for name, value in parts.items()}
    return Shown(day, kind, values)


MONTHLY = [shown(date(2025, month, 1), 100 * month) for month in range(1, 8)]


def codes(
    reading: Shown, before: list[Shown] | None = None, after: Shown | None = None, meter: MeterFacts = METER
) -> list[str]:
    found = judge(reading, meter, MONTHLY if before is None else before, after, rules=RULES, today=TODAY)
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (shown(date(2025, 8, 1), 800), []),
        (shown(date(2025, 8, 1), 699), ["backwards"]),
        (shown(date(2025, 8, 1), 700), []),
        (shown(date(2025, 8, 1), 2000), ["unusually_high"]),
        (shown(date(2026, 3, 3), 800), ["future"]),
        (shown(date(2024, 12, 31), 800), ["before_installation", "long_ago"]),
        (shown(date(2025, 8, 1), 100_000), ["too_many_digits"]),
        (shown(date(2025, 8, 1), -1), ["negative"]),
        (Shown(date(2025, 8, 1), "regular", {}), ["nothing_read"]),
        (shown(date(2025, 8, 1), 800, peak=3), ["no_such_register"]),
    ],
)
def test_one_reading(reading: Shown, expected: list[str]) -> None:
    assert codes(reading) == expected


def test_a_register_that_passed_its_end() -> None:
    before = [shown(date(2025, 7, 1), 99_950)]
    assert codes(shown(date(2025, 8, 1), 30), before) == ["rollover"]
    assert codes(shown(date(2025, 8, 1), 30_000), before) == ["backwards"]


def test_a_later_reading_must_not_be_less() -> None:
    assert codes(shown(date(2025, 8, 1), 900), after=shown(date(2025, 9, 1), 850)) == ["above_later"]
    assert codes(shown(date(2025, 8, 1), 800), after=shown(date(2025, 9, 1), 850, "estimated")) == []


def test_nobody_read_an_estimate() -> None:
    assert codes(shown(date(2025, 8, 1), 690), [*MONTHLY[:-1], shown(date(2025, 7, 1), 700, "estimated")]) == []


def test_parts_of_the_day_add_up() -> None:
    before = [shown(date(2025, 7, 1), 100, peak=60, valley=40)]
    assert codes(shown(date(2025, 8, 1), 200, peak=120, valley=80), before, meter=TOU) == []
    assert codes(shown(date(2025, 8, 1), 200, peak=120, valley=90), before, meter=TOU) == ["parts_differ"]


def test_much_less_than_usual_is_seen_only_where_it_matters() -> None:
    many = [shown(date(2025, month, 1), 1000 * month) for month in range(1, 8)]
    assert codes(shown(date(2025, 8, 1), 7010), many) == ["unusually_low"]
    assert codes(shown(date(2025, 8, 1), 701)) == []


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_what_was_used_is_never_negative_and_below_the_range(before: int, now: int) -> None:
    units = used(Decimal(before), Decimal(now), 5)
    assert 0 <= units < 100_000
    assert (before + units) % 100_000 == now
    if RULES.rollover.happened(Decimal(before), Decimal(now), 5):
        assert now < before


@given(st.lists(st.integers(0, 500), min_size=1, max_size=10), st.integers(1, 40))
def test_a_rising_meter_is_never_wrong(steps: list[int], days: int) -> None:
    total, readings = 0, []
    for place, step in enumerate(steps):
        total += step
        readings.append(shown(date(2025, 1, 1) + timedelta(days=place * days), total))
    found = judge(readings[-1], METER, readings[:-1], None, rules=RULES, today=TODAY)
    assert [one.code for one in found if one.severity == "error"] == []


@pytest.fixture
def origin(app: Flask, clock: FrozenClock) -> Origin:
    sync_words()
    make_fictive(8, demo_units(), now=clock.now(), months=3)
    return Origin(SYSTEM, clock.now(), right="reading.enter")


def test_every_finding_has_a_sentence(origin: Origin) -> None:
    for reading in (shown(date(2025, 8, 1), 699), shown(date(2025, 8, 1), 2000)):
        for one in judge(reading, METER, MONTHLY, None, rules=RULES, today=TODAY):
            assert "%(" not in str(sentence(one))
    assert set(SENTENCES) >= {"backwards", "rollover", "future"}


@pytest.mark.databases
def test_entering_readings(origin: Origin) -> None:
    last = session.scalars(sa.select(Reading).where(Reading.meter_id == 1).order_by(Reading.read_on.desc())).first()
    assert last is not None
    total, day = Decimal(last.total or 0), date(2026, 3, 2)
    good = ReadingData(read_on=day, values={"total": total + 3})
    assert enter(1, good, origin=origin).outcome == "created"
    assert enter(1, good, origin=origin).outcome == "same"
    with pytest.raises(ReadAlready):
        enter(1, ReadingData(read_on=day, values={"total": total + 4}), origin=origin)
    corrected = ReadingData(read_on=day, values={"total": total + 4}, kind="correction")
    assert enter(1, corrected, origin=origin).outcome == "created"
    with pytest.raises(InvalidReading):
        enter(2, ReadingData(read_on=day, values={"total": Decimal(0)}), origin=origin)
    high = ReadingData(read_on=day, values={"total": Decimal(99_999)})
    with pytest.raises(Doubtful) as doubted:
        enter(2, high, origin=origin)
    assert doubted.value.details["findings"] == ["unusually_high"]
    assert [one.code for one in enter(2, high, confirmed=True, origin=origin).findings] == ["unusually_high"]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1.0001", "1e30"])
def test_registers_that_no_column_holds(origin: Origin, value: str) -> None:
    with pytest.raises(InvalidReading):
        enter(1, ReadingData(read_on=date(2026, 3, 2), values={"total": Decimal(value)}), origin=origin)


@pytest.mark.databases
def test_the_list_of_a_round(origin: Origin) -> None:
    everywhere = ["/"]
    first = segments(paths=everywhere)[0]
    page = reading_page(first.code, date(2026, 3, 2), limit=1)
    assert (page.done, page.all) == (0, 2)
    line = page.lines[0]
    assert line.last is not None
    assert line.entered is None
    assert energy(line) is None
    enter(line.meter.id, ReadingData(read_on=date(2026, 3, 2), values=line.last.values), origin=origin)
    again = reading_page(first.code, date(2026, 3, 2))
    assert (again.done, again.all) == (1, 2)
    assert energy(again.lines[0]) == 0
    rest = reading_page(first.code, date(2026, 3, 2), after=page.after or "")
    assert [one.number for one in rest.lines] == [again.lines[1].number]
    assert rest.after is None
