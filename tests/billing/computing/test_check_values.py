"""Every check value of the trade's rules, and the tables they stand in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.billing.computing import late_fee
from app.billing.computing.power_factor import percent_of
from tests.billing.cases import D, amounts, bill, house, used

YEARLY = {
    "prices": {"total": "0.50"},
    "tiers": {"basis": "year", "steps": [{"above": "2880", "add": "0.05"}, {"above": "4800", "add": "0.30"}]},
}


def test_five_thousand_kwh_of_a_year_cost_2656_yuan() -> None:
    computed = bill(YEARLY, used(5000))
    assert computed.amount == D("2656.00")
    assert amounts(computed) == {"energy.total": D("2500.00"), "tier.2": D("96.00"), "tier.3": D("60.00")}


@pytest.mark.parametrize(
    ("standard", "cos", "percent"),
    [
        ("0.90", "0.85", "2.5"),
        ("0.90", "0.68", "12"),
        ("0.90", "0.63", "19"),
        ("0.90", "0.90", "0"),
        ("0.90", "0.89", "0.5"),
        ("0.90", "0.91", "-0.15"),
        ("0.90", "0.95", "-0.75"),
        ("0.90", "1.00", "-0.75"),
        ("0.90", "0.70", "10"),
        ("0.90", "0.65", "15"),
        ("0.90", "0.64", "17"),
        ("0.85", "0.86", "-0.1"),
        ("0.85", "0.90", "-0.5"),
        ("0.85", "0.91", "-0.65"),
        ("0.85", "0.94", "-1.10"),
        ("0.85", "1.00", "-1.10"),
        ("0.85", "0.65", "10"),
        ("0.85", "0.60", "15"),
        ("0.85", "0.58", "19"),
        ("0.80", "0.90", "-1.0"),
        ("0.80", "0.92", "-1.3"),
        ("0.80", "0.99", "-1.3"),
        ("0.80", "0.60", "10"),
        ("0.80", "0.55", "15"),
        ("0.80", "0.54", "17"),
    ],
)
def test_the_power_factor_table(standard: str, cos: str, percent: str) -> None:
    assert percent_of(D(cos), house().power_factor.standards[standard]) == D(percent)


def late(amount: str, due: date, days: int, late_class: str = "resident") -> Decimal:
    return late_fee(D(amount), due, due + timedelta(days=days), late_class=late_class, rules=house().late_fee)


def test_300_yuan_20_days_late_cost_a_resident_6_yuan() -> None:
    assert late("300", date(2026, 3, 1), 20) == D("6.00")


def test_others_pay_two_per_mille_in_the_year_and_three_in_later_years() -> None:
    assert late("1000", date(2026, 3, 1), 10, "other") == D("20.00")
    assert late("1000", date(2025, 12, 26), 10, "other") == D("25.00")  # 5 days x 2 and 5 days x 3
    assert late("1000", date(2025, 12, 26), 5, "other") == D("10.00")
    assert late("1000", date(2025, 12, 31), 1, "other") == D("3.00")


def test_a_resident_pays_the_same_share_across_years() -> None:
    assert late("300", date(2025, 12, 26), 20) == D("6.00")


def test_no_late_fee_is_below_one_yuan_and_none_is_due_on_the_due_day() -> None:
    assert late("20", date(2026, 3, 1), 1) == D("1")
    assert late("300", date(2026, 3, 1), 0) == 0
    assert late("300", date(2026, 3, 1), -5) == 0
    assert late("0", date(2026, 3, 1), 30) == 0


def test_what_was_paid_on_the_way_lowers_the_fee() -> None:
    due = date(2026, 3, 1)
    paid = [(due + timedelta(days=10), D("200"))]
    fee = late_fee(D("300"), due, due + timedelta(days=20), late_class="resident", rules=house().late_fee, paid=paid)
    assert fee == D("4.00")  # 300 x 10 days and 100 x 10 days
    early = [(due - timedelta(days=1), D("200"))]
    fee = late_fee(D("300"), due, due + timedelta(days=20), late_class="resident", rules=house().late_fee, paid=early)
    assert fee == D("2.00")


def test_two_part_tariff_with_power_factor_and_levies() -> None:
    """k x (capacity + energy - levies): 0.85 at 0.90 adds 2.5 %."""
    rules = {
        "prices": {"total": "0.60"},
        "late_class": "other",
        "fixed": {"kind": "capacity", "price": "30"},
        "power_factor": "0.90",
        "levies": [
            {"code": "fund", "name": "基金", "name_en": "Fund", "price": "0.02", "included": True},
            {"code": "local", "name": "附加", "name_en": "Local", "price": "0.01", "included": False},
        ],
    }
    computed = bill(rules, used(85000, reactive="52678"), capacity=D(500))
    assert computed.facts["power_factor"] == "0.85"
    found = amounts(computed)
    assert found["capacity"] == D("15000.00")
    assert found["energy.total"] == D("51000.00")
    assert found["levy.local"] == D("850.00")
    base = D("15000") + D("51000") - D("1700")
    assert found["power_factor"] == base * D("0.025")
    assert computed.amount == D("15000") + D("51000") + D("850") + base * D("0.025")
