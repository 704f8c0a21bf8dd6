"""Registers to energy: rollover, changed meters, what no meter can have shown, parts of the day."""

from __future__ import annotations

from datetime import date

import pytest

from app.billing.computing import CannotBill, MeterUse
from app.billing.computing.metering import believed, measure, split_parts
from tests.billing.cases import FEBRUARY, MARCH, D, bill, house, meter, shown, used

FLAT = {"prices": {"total": "0.5"}}


def energy(*meters: MeterUse) -> object:
    return bill(FLAT, *meters).energy


def test_energy_is_the_difference_times_the_multiplier() -> None:
    assert energy(meter(shown(FEBRUARY, total="100.5"), shown(MARCH, total="200.5"), multiplier="40")) == 4000


def test_a_register_that_rolls_over_goes_on_counting() -> None:
    computed = bill(FLAT, meter(shown(FEBRUARY, total=999950), shown(MARCH, total=30)))
    assert computed.energy == 80
    assert computed.facts["readings"][0]["rolled_over"] == ["total"]


def test_rollover_counts_with_the_meters_own_digits() -> None:
    assert energy(meter(shown(FEBRUARY, total=9990), shown(MARCH, total=15), digits=4)) == 25


@pytest.mark.parametrize(
    ("first", "last", "kind"),
    [
        (shown(FEBRUARY, total=500), shown(MARCH, total=400), "backward"),
        (shown(FEBRUARY, total=899999), shown(MARCH, total=10), "backward"),
        (shown(FEBRUARY, total=950000), shown(MARCH, total=200000), "backward"),
        (shown(FEBRUARY, total=500), shown(MARCH, total=1000000), "beyond_register"),
        (shown(FEBRUARY, "estimated", total=500), shown(MARCH, total=400), "estimate_too_high"),
        (shown(FEBRUARY, peak=500), shown(MARCH, total=400), "missing_reading"),
    ],
)
def test_what_no_meter_can_have_shown_is_refused(first, last, kind: str) -> None:
    with pytest.raises(CannotBill) as refused:
        energy(meter(first, last))
    assert refused.value.kind == kind
    assert refused.value.details["meter"] == "M1"


def test_a_meter_without_a_second_reading_and_a_customer_without_a_meter() -> None:
    with pytest.raises(CannotBill, match="missing_reading"):
        energy(meter(shown(FEBRUARY, total=1)))
    with pytest.raises(CannotBill, match="no_meter"):
        energy()


def test_a_changed_meter_counts_both() -> None:
    changed = date(2026, 2, 15)
    old = meter(shown(FEBRUARY, total=1000), shown(changed, "remove", total=1100), number="A", multiplier=10)
    new = meter(shown(changed, "install", total=5), shown(MARCH, total=25), number="B", multiplier=20)
    computed = bill(FLAT, old, new)
    assert computed.energy == 1400
    assert [reading["meter"] for reading in computed.facts["readings"]] == ["A", "B"]


def test_of_two_readings_of_a_day_the_more_trusted_is_believed() -> None:
    readings = [shown(MARCH, "estimated", total=9), shown(MARCH, total=7), shown(MARCH, "correction", total=8)]
    assert [(each.kind, each.values["total"]) for each in believed(readings)] == [("correction", 8)]


def test_flat_is_what_the_total_holds_beyond_the_parts() -> None:
    parts = split_parts(
        {"total": D(100), "peak": D(30), "valley": D(20), "flat": D(49)}, ["peak", "flat", "valley"], "M"
    )
    assert parts == {"peak": 30, "flat": 50, "valley": 20}


def test_parts_without_a_total_must_all_be_read() -> None:
    assert split_parts({"peak": D(3), "valley": D(2)}, ["peak", "valley"], "M") == {"peak": 3, "valley": 2}
    with pytest.raises(CannotBill, match="parts_missing"):
        split_parts({"peak": D(3)}, ["peak", "valley"], "M")
    with pytest.raises(CannotBill, match="parts_missing"):
        split_parts({"total": D(3)}, ["peak", "valley"], "M")


def test_a_part_without_a_price_folds_into_one_that_has() -> None:
    energy = {"total": D(100), "sharp": D(10), "peak": D(30), "flat": D(30), "valley": D(25), "deep": D(5)}
    fold = {"sharp": "peak", "flat": "peak", "deep": "valley"}
    assert split_parts(energy, ["peak", "valley"], "M", fold) == {"peak": 70, "valley": 30}


def test_parts_above_the_total_are_refused() -> None:
    with pytest.raises(CannotBill, match="parts_exceed_total"):
        split_parts({"total": D(10), "peak": D(30), "valley": D(2)}, ["peak", "flat", "valley"], "M")


def test_measure_tells_each_interval() -> None:
    middle = date(2026, 2, 10)
    use = meter(shown(FEBRUARY, total=0), shown(middle, "check", total=10), shown(MARCH, total=50))
    assert [each.energy["total"] for each in measure([use], house().readings)] == [10, 40]


def test_losses_and_adjustments_are_energy() -> None:
    computed = bill(FLAT, used(1000), loss_rate=D("0.02"), loss_fixed=D("15"), adjustment=-35)
    assert computed.energy == 1000
    assert computed.facts["losses"] == {"rate": "0.02", "fixed": "15"}
    with pytest.raises(CannotBill, match="negative_energy"):
        bill(FLAT, used(10), adjustment=-11)
