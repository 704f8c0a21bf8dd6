"""Charges: tiers by year and month, parts of the day, demand, minimum, levies, changes within a period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.billing.computing import CannotBill, Case, Terms, compute
from tests.billing.cases import D, amounts, bill, book, house, meter, shown, used, version

STEPS = [{"above": "2880", "add": "0.05"}, {"above": "4800", "add": "0.30"}]
YEARLY = {"prices": {"total": "0.50"}, "tiers": {"basis": "year", "steps": STEPS}}


def test_a_bill_is_the_fee_now_less_the_fee_before() -> None:
    computed = bill(YEARLY, used(300), year_before=2700)
    tier = next(line for line in computed.lines if line.code == "tier.2")
    assert (tier.quantity, tier.amount) == (D(120), D("6.00"))
    assert tier.params["before"] == "2700"
    assert computed.amount == D("156.00")


def test_the_year_begins_anew_on_the_first_of_january() -> None:
    """Half of the days, half of the energy lie in each year: the tiers count only the old year's use before."""
    use = meter(shown(date(2025, 12, 17), total=0), shown(date(2026, 1, 16), total=300))
    computed = bill(YEARLY, use, from_on=date(2025, 12, 17), to_on=date(2026, 1, 16), year_before=2880)
    tiers = [line for line in computed.lines if line.code == "tier.2"]
    assert [(line.quantity, line.params["to"]) for line in tiers] == [(D(150), "2026-01-01")]
    assert computed.year_energy == 150
    assert computed.facts["tiers"]["used"] == "150"


def test_monthly_tiers_scale_with_the_months() -> None:
    monthly = {"prices": {"total": "0.50"}, "tiers": {"basis": "month", "steps": [{"above": "240", "add": "0.05"}]}}
    assert amounts(bill(monthly, used(300)))["tier.2"] == D("3.00")
    use = meter(shown(date(2026, 1, 1), total=0), shown(date(2026, 3, 1), total=600))
    assert amounts(bill(monthly, use, from_on=date(2026, 1, 1), to_on=date(2026, 3, 1)))["tier.2"] == D("6.00")


def test_a_large_household_has_more_in_each_tier() -> None:
    tiers = {"basis": "year", "steps": STEPS, "household": {"people": 5, "extra": "100"}}
    rules = {**YEARLY, "tiers": tiers}
    assert "tier.2" not in amounts(bill(rules, used(4080), household=5))
    assert amounts(bill(rules, used(4081), household=5))["tier.2"] == D("0.05")
    assert "tier.2" in amounts(bill(rules, used(4080), household=4))


def test_time_of_use_sums_each_part_at_its_price() -> None:
    computed = bill("GM-COM-TOU", used(1000, sharp=100, peak=200, valley=250, deep=50))
    found = amounts(computed)
    assert found["energy.flat"] == D("265.60")  # 400 kWh
    assert found["energy.sharp"] == D("119.52")
    assert found["energy.deep"] == D("13.28")
    assert computed.amount == sum(found.values())


def test_residents_by_time_of_use_pay_the_tiers_beside() -> None:
    computed = bill("GM-RES-TOU", used(500, valley=200), year_before=2880)
    assert amounts(computed) == {"energy.peak": D("159.00"), "energy.valley": D("46.00"), "tier.2": D("25.00")}


def test_demand_beyond_the_contract_counts_twice() -> None:
    """1,100 kW against 1,000: beyond 1,050 kW 50 kW are charged once more at 40 yuan."""
    zero = {"sharp": 0, "peak": 0, "valley": 0, "deep": 0}
    computed = bill("GM-IND-DEM", used(1000, demand=1100, **zero), contract_demand=D(1000))
    found = amounts(computed)
    assert found["demand"] == D("44000.00")
    assert found["demand_over"] == D("2000.00")
    within = bill("GM-IND-DEM", used(1000, demand=1050, **zero), contract_demand=D(1000))
    assert "demand_over" not in amounts(within)


def test_demand_by_contract_charges_the_contract_whatever_was_used() -> None:
    fixed = {"kind": "demand", "price": "40", "basis": "contract", "tolerance": "1.05", "over": "2"}
    rules = {"prices": {"total": "0.6"}, "fixed": fixed}
    low = bill(rules, used(10, demand=300), contract_demand=D(1000))
    assert amounts(low)["demand"] == D("40000.00")
    high = bill(rules, used(10, demand=1150), contract_demand=D(1000))
    assert amounts(high)["demand_over"] == D("8000.00")  # 100 kW x 2 x 40


def test_a_two_part_tariff_needs_its_capacity_or_demand() -> None:
    with pytest.raises(CannotBill, match="capacity_missing"):
        bill("GM-IND-CAP", used(10, sharp=1, peak=1, valley=1, deep=1))
    with pytest.raises(CannotBill, match="demand_missing"):
        bill("GM-IND-DEM", used(10, sharp=1, peak=1, valley=1, deep=1))


def test_a_month_costs_at_least_its_minimum() -> None:
    computed = bill("GM-AGR", used(4))
    assert computed.amount == D("5.00")
    assert amounts(computed)["minimum"] == D("3.05")  # 1.94 energy and 0.01 levy were charged


def test_levies_in_the_price_are_told_and_not_counted_twice() -> None:
    computed = bill("GM-RES-Y", used(100))
    levies = [line for line in computed.lines if line.code.startswith("levy.")]
    assert [line.counted for line in levies] == [False, False, False]
    assert computed.amount == D("50.00")


def terms_of(code: str, from_on: date, to_on: date) -> list[Terms]:
    return [
        Terms(max(each.valid_from, from_on), min(each.valid_to or to_on, to_on), each)
        for each in book().within(code, from_on, to_on)
    ]


def test_a_tariff_that_changes_within_the_period_is_shared_by_days() -> None:
    """10 of 30 days before 1 July 2025 at 0.495, 20 after at 0.50."""
    from_on, to_on = date(2025, 6, 21), date(2025, 7, 21)
    use = meter(shown(from_on, total=0), shown(to_on, total=300))
    computed = compute(Case(from_on, to_on, [use], terms_of("GM-RES-Y", from_on, to_on)), house())
    lines = [line for line in computed.lines if line.code == "energy.total"]
    assert [(line.quantity, line.price, line.amount) for line in lines] == [
        (D(100), D("0.4950"), D("49.50")),
        (D(200), D("0.5000"), D("100.00")),
    ]


def test_a_reading_at_the_change_goes_before_the_share_by_days() -> None:
    from_on, to_on, change = date(2025, 6, 21), date(2025, 7, 21), date(2025, 7, 1)
    use = meter(shown(from_on, total=0), shown(change, "check", total=250), shown(to_on, total=300))
    computed = compute(Case(from_on, to_on, [use], terms_of("GM-RES-Y", from_on, to_on)), house())
    assert [line.quantity for line in computed.lines if line.code == "energy.total"] == [D(250), D(50)]


def test_a_change_of_category_bills_each_part_by_its_own_tariff() -> None:
    from_on, change, to_on = date(2026, 2, 1), date(2026, 2, 15), date(2026, 3, 1)
    use = meter(shown(from_on, total=0), shown(to_on, total=280))
    terms = [Terms(from_on, change, version("GM-RES-Y")), Terms(change, to_on, version("GM-COM"))]
    computed = compute(Case(from_on, to_on, [use], terms), house())
    assert computed.amount == D("70.00") + D("92.96")
    assert computed.version.code == "GM-COM"


def test_days_without_a_tariff_are_refused() -> None:
    from_on, to_on = date(2026, 2, 1), date(2026, 3, 1)
    use = meter(shown(from_on, total=0), shown(to_on, total=280))
    with pytest.raises(CannotBill, match="no_tariff"):
        compute(Case(from_on, to_on, [use], [Terms(date(2026, 2, 5), to_on, version("GM-COM"))]), house())
    with pytest.raises(CannotBill, match="no_tariff"):
        compute(Case(from_on, to_on, [use], []), house())


def test_no_reactive_reading_means_no_adjustment() -> None:
    assert "power_factor" not in amounts(bill("GM-AGR", used(4000)))


def test_a_good_power_factor_earns_a_reward() -> None:
    computed = bill("GM-AGR", used(4000, reactive=0))
    assert amounts(computed)["power_factor"] == Decimal("-25.22")  # 1940.00 x -1.3 %
