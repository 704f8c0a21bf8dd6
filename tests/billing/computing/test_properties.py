"""What holds of every bill, whatever was read."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.billing.computing import Case, Terms, compute, late_fee
from tests.billing.cases import D, bill, house, meter, shown, used, version

STEPS = [{"above": "2880", "add": "0.05"}, {"above": "4800", "add": "0.30"}]
YEARLY = {"prices": {"total": "0.50"}, "tiers": {"basis": "year", "steps": STEPS}}
ODD = {"prices": {"total": "0.5283"}, "tiers": {"basis": "year", "steps": STEPS}}

energies = st.decimals(min_value=0, max_value=99999, places=2)
whole = st.integers(0, 99999)


@given(st.sampled_from(["GM-RES-Y", "GM-RES-M", "GM-COM", "GM-AGR"]), energies, st.integers(0, 9000))
def test_a_bill_is_the_sum_of_its_lines_and_never_negative(code: str, energy: Decimal, before: int) -> None:
    computed = bill(code, used(str(energy)), year_before=before)
    assert computed.amount == sum(line.amount for line in computed.lines if line.counted)
    assert computed.amount >= 0
    assert all(line.amount == line.amount.quantize(D("0.01")) for line in computed.lines)


@given(whole, whole, st.integers(0, 6000))
def test_more_energy_never_costs_less(one: int, other: int, before: int) -> None:
    small, large = sorted((one, other))
    for code in ("GM-RES-Y", "GM-RES-M"):
        assert bill(code, used(small), year_before=before).amount <= bill(code, used(large), year_before=before).amount


@given(st.lists(st.integers(0, 1500), min_size=12, max_size=12))
def test_a_year_in_months_costs_what_it_costs_at_once(months: list[int]) -> None:
    """To the cent where a kWh costs whole cents; else each line may round by half a cent."""
    for rules, slack in ((YEARLY, D(0)), (ODD, D("0.005") * 36)):
        before, total = 0, D(0)
        for energy in months:
            total += bill(rules, used(energy), year_before=before).amount
            before += energy
        assert abs(total - bill(rules, used(before)).amount) <= slack


parts = st.tuples(*[st.integers(0, 5000)] * 5)


@given(parts, st.integers(0, 20000), st.integers(1, 5000))
def test_every_kwh_of_every_part_is_charged_once(shares: tuple[int, ...], reactive: int, capacity: int) -> None:
    sharp, peak, flat, valley, deep = shares
    use = used(sum(shares), sharp=sharp, peak=peak, flat=flat, valley=valley, deep=deep, reactive=reactive)
    computed = bill("GM-IND-CAP", use, capacity=D(capacity))
    assert sum(line.quantity for line in computed.lines if line.code.startswith("energy.")) == sum(shares)
    assert computed.amount >= 0
    assert computed.amount == sum(line.amount for line in computed.lines if line.counted)


@given(st.dates(date(2025, 1, 2), date(2026, 6, 1)), st.integers(1, 90), st.integers(1, 89), energies)
def test_cutting_a_period_loses_no_energy(start: date, days: int, cut: int, energy: Decimal) -> None:
    end, middle = start + timedelta(days=days), start + timedelta(days=min(cut, days))
    use = meter(shown(start, total=0), shown(end, total=str(energy)))
    terms = [Terms(start, middle, version("GM-COM"))]
    if middle < end:
        terms.append(Terms(middle, end, version("GM-RES-M")))
    computed = compute(Case(start, end, [use], terms), house())
    charged = sum(line.quantity for line in computed.lines if line.code.startswith("energy."))
    assert computed.energy == charged == bill("GM-COM", use, from_on=start, to_on=end).energy
    assert computed.amount >= 0


@given(st.integers(0, 999_999), st.integers(0, 90_000), st.integers(1, 6))
def test_what_is_read_does_not_depend_on_where_the_register_stands(start: int, energy: int, multiplier: int) -> None:
    """A register that rolls over counts as one that does not, wherever the rule believes a rollover."""
    end = (start + energy) % 1_000_000
    if end < start and not (start >= 900_000 and end <= 100_000):
        return
    use = meter(shown(date(2026, 2, 1), total=start), shown(date(2026, 3, 1), total=end), multiplier=multiplier)
    assert bill("GM-COM", use).energy == energy * multiplier


@given(energies, st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 800), st.integers(0, 800))
def test_a_late_fee_never_shrinks_with_time(amount: Decimal, due: date, one: int, other: int) -> None:
    fees = [
        late_fee(amount, due, due + timedelta(days=days), late_class="other", rules=house().late_fee)
        for days in sorted((one, other))
    ]
    assert 0 <= fees[0] <= fees[1]
