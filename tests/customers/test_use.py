"""Use by month from readings: multipliers, changes of meters, registers that roll over or read backwards."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.customers.models import Customer
from app.customers.queries.use import _overlap, use_of
from tests.customers.accounts import make_customer, make_meter, read, read_every_month
from tests.identity.factories import make_unit

UNTIL = date(2026, 3, 2)


@pytest.fixture
def customer(app: Flask) -> Customer:
    return make_customer(make_unit())


def total_of(customer: Customer, month: str) -> Decimal:
    found = {f"{one.month:%Y-%m}": one for one in use_of(customer.id, until=UNTIL).months}
    return found[month].total


def test_months_are_whole_and_without_gaps(customer: Customer) -> None:
    read_every_month(make_meter(customer, multiplier=Decimal(40)), date(2025, 12, 1), [100, 200])
    use = use_of(customer.id, until=UNTIL)
    assert len(use.months) == 24
    assert [f"{use.months[place].month:%Y-%m}" for place in (0, -1)] == ["2024-04", "2026-03"]
    assert total_of(customer, "2025-12") == 4000
    assert total_of(customer, "2026-01") == 8000
    assert use.months[-1].days == 0, "what was not read yet is not known"


def test_an_interval_is_spread_over_its_days(customer: Customer) -> None:
    meter = make_meter(customer)
    read(meter, date(2026, 1, 22), total=0)
    read(meter, date(2026, 2, 11), total=200)
    assert total_of(customer, "2026-01") == 100
    assert total_of(customer, "2026-02") == 100


def test_a_changed_meter_goes_on_where_the_old_one_ended(customer: Customer) -> None:
    old = make_meter(customer, "OLD", removed_on=date(2026, 1, 16))
    read(old, date(2026, 1, 1), total=5000)
    read(old, date(2026, 1, 16), "remove", total=5090)
    new = make_meter(customer, "NEW", installed_on=date(2026, 1, 16), multiplier=Decimal(2))
    read(new, date(2026, 1, 16), "install", total=3)
    read(new, date(2026, 2, 1), total=11)
    assert total_of(customer, "2026-01") == 90 + 16


def test_a_register_rolls_over_and_one_reads_backwards(customer: Customer) -> None:
    meter = make_meter(customer, digits=4)
    read(meter, date(2025, 12, 1), total=9950)
    read(meter, date(2026, 1, 1), total=30)
    read(meter, date(2026, 2, 1), total=20)
    use = use_of(customer.id, until=UNTIL)
    assert total_of(customer, "2025-12") == 80
    assert use.backwards == [("M1", date(2026, 2, 1))]
    assert total_of(customer, "2026-01") == 0


def test_parts_of_the_day_demand_and_power_factor(customer: Customer) -> None:
    meter = make_meter(customer, kind="demand", multiplier=Decimal(100))
    read(meter, date(2026, 1, 1), total=0, peak=0, flat=0, valley=0, reactive=0)
    read(meter, date(2026, 2, 1), total=8, peak=3, flat=3, valley=2, reactive=6, demand=1.5)
    use = use_of(customer.id, until=UNTIL)
    month = use.months[-3]
    assert use.parts == ["peak", "flat", "valley"], "the total register is not added to its parts"
    assert month.parts == {"peak": 300, "flat": 300, "valley": 200}
    assert (month.demand, month.power_factor) == (150, Decimal("0.80"))


def test_the_surer_reading_of_a_day_counts(customer: Customer) -> None:
    meter = make_meter(customer)
    read(meter, date(2026, 1, 1), total=0)
    read(meter, date(2026, 2, 1), total=900)
    read(meter, date(2026, 2, 1), "correction", total=90)
    assert total_of(customer, "2026-01") == 90


@given(
    start=st.dates(date(2023, 1, 1), date(2027, 12, 31)),
    days=st.integers(1, 800),
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_the_days_of_an_interval_are_shared_out_whole(start: date, days: int) -> None:
    shares = list(_overlap(start, start + timedelta(days=days)))
    assert sum(share for _month, share in shares) == days
    assert all(month.day == 1 for month, _share in shares)
    assert len({month for month, _share in shares}) == len(shares)
