"""A whole bill: measure, cut, charge each piece, add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.billing.computing.case import ZERO, Case
from app.billing.computing.energy import energy_lines
from app.billing.computing.fixed import fixed_lines
from app.billing.computing.levies import levy_lines, minimum_line
from app.billing.computing.lines import Line
from app.billing.computing.metering import Interval, measure
from app.billing.computing.power_factor import Measured, measured, power_factor_line
from app.billing.computing.spreading import Piece, months_of, pieces
from app.billing.computing.tiers import thresholds, tier_lines
from app.billing.rules import House, Version


@dataclass(frozen=True, slots=True)
class Computed:
    """`amount` is the sum of the counted `lines`; `year_energy` the kWh that count to the year of the last day.

    `facts` are plain values for the bill's page: readings, pieces, tiers, power factor. `version` is the
    tariff of the last day.
    """

    energy: Decimal
    year_energy: Decimal
    amount: Decimal
    lines: Sequence[Line]
    facts: dict[str, Any]
    version: Version


def compute(case: Case, house: House) -> Computed:
    """Compute a bill; raises `CannotBill` where the case cannot be billed.

    Σ q x p with tiers, fixed part, levies, power factor and minimum, for each piece of the period under
    one set of rules (sources: the tariff's and the rules' own).
    """
    intervals = measure(case.meters, house.readings)
    months = months_of(case.from_on, case.to_on, house.readings.month_days)
    cut = pieces(case, intervals, months)
    factor = measured(intervals, house.power_factor) if any(_adjusts(piece) for piece in cut) else None
    lines: list[Line] = []
    before = case.year_before
    for place, piece in enumerate(cut):
        if place and piece.from_on.year != cut[place - 1].from_on.year:
            before = ZERO
        lines += _piece_lines(piece, intervals, before, factor, house, dated=len(cut) > 1)
        before += piece.total
    energy = sum((piece.total for piece in cut), ZERO)
    last = cut[-1]
    year_energy = sum((piece.total for piece in cut if piece.from_on.year == last.from_on.year), ZERO)
    amount = sum((line.amount for line in lines if line.counted), ZERO)
    facts = _facts(case, intervals, cut, before, factor)
    return Computed(energy, year_energy, amount, lines, facts, last.terms.version)


def _adjusts(piece: Piece) -> bool:
    return piece.terms.version.rules.power_factor is not None


def _piece_lines(
    piece: Piece, intervals: Sequence[Interval], before: Decimal, factor: Measured | None, house: House, *, dated: bool
) -> list[Line]:
    lines = [*energy_lines(piece), *tier_lines(piece, before), *fixed_lines(piece, intervals), *levy_lines(piece)]
    lines += power_factor_line(piece, lines, factor, house.power_factor)
    lines += minimum_line(piece, lines)
    if not dated:
        return lines
    days = {"from": piece.from_on.isoformat(), "to": piece.to_on.isoformat()}
    return [
        Line(
            each.code,
            each.quantity,
            each.unit,
            each.price,
            each.amount,
            each.rule,
            {**each.params, **days},
            each.counted,
        )
        for each in lines
    ]


def _facts(
    case: Case, intervals: Sequence[Interval], cut: Sequence[Piece], now: Decimal, factor: Measured | None
) -> dict[str, Any]:
    last = cut[-1]
    facts: dict[str, Any] = {
        "readings": [_reading(interval) for interval in intervals],
        "months": str(last.months if len(cut) == 1 else sum((piece.months for piece in cut), ZERO)),
        **case.facts,
    }
    tiers = last.terms.version.rules.tiers
    if tiers is not None:
        used = now if tiers.basis == "year" else last.total
        marks = [str(mark) for mark in thresholds(tiers, last)]
        facts["tiers"] = {"basis": tiers.basis, "used": str(used), "this": str(last.total), "above": marks}
    if len(cut) > 1:
        facts["pieces"] = [
            {"from": each.from_on.isoformat(), "to": each.to_on.isoformat(), "energy": str(each.total)} for each in cut
        ]
    if factor is not None:
        facts["power_factor"] = str(factor.cos)
    losses = [piece.terms for piece in cut if piece.terms.loss_rate or piece.terms.loss_fixed]
    if losses:
        facts["losses"] = {"rate": str(losses[0].loss_rate), "fixed": str(losses[0].loss_fixed)}
    if case.adjustment:
        facts["adjustment"] = str(case.adjustment)
    return facts


def _reading(interval: Interval) -> dict[str, Any]:
    found: dict[str, Any] = {
        "meter": interval.meter,
        "from": interval.first.on.isoformat(),
        "to": interval.last.on.isoformat(),
        "multiplier": str(interval.multiplier.normalize()),
        "registers": {
            name: [str(interval.first.values[name]), str(interval.last.values[name]), str(amount.normalize())]
            for name, amount in interval.energy.items()
        },
    }
    if interval.demand is not None:
        found["demand"] = str(interval.demand)
    if interval.rolled_over:
        found["rolled_over"] = list(interval.rolled_over)
    if interval.last.kind != "regular":
        found["kind"] = interval.last.kind
    if interval.first.kind == "estimated":
        found["after_estimate"] = True
    return found
