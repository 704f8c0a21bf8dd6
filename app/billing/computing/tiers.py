"""Tiers (阶梯电价): energy above a threshold costs more.

Fee(Q) = Q x P1 + sum of max(0, min(Q, next threshold) - threshold) x addition; a bill is
Fee(now) - Fee(before), Q counted from 1 January (yearly) or within the bill (monthly). Q x P1 is the
energy charge; what is added for each step is a line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.billing.computing.case import ZERO
from app.billing.computing.lines import Line, rounded
from app.billing.computing.spreading import Piece
from app.billing.rules.tariff import Tiers


def tier_lines(piece: Piece, before: Decimal) -> Iterator[Line]:
    """A line for each step that the piece's energy reaches, `before` kWh being used already in the year."""
    rules = piece.terms.version.rules
    tiers = rules.tiers
    if tiers is None:
        return
    start = before if tiers.basis == "year" else ZERO
    now = start + piece.total
    marks = thresholds(tiers, piece)
    for place, step in enumerate(tiers.steps):
        upper = marks[place + 1] if place + 1 < len(marks) else None
        quantity = _between(now, marks[place], upper) - _between(start, marks[place], upper)
        if not quantity:
            continue
        amount = rounded(quantity * step.add, rules.rounding.amount)
        params = {
            "basis": tiers.basis,
            "tier": place + 2,
            "before": str(start),
            "now": str(now),
            "above": str(marks[place]),
            "up_to": "" if upper is None else str(upper),
            "household": piece.terms.household if tiers.household and _large(tiers, piece) else 0,
        }
        reference = f"{piece.terms.version.reference}#tiers.{place + 2}"
        yield Line(f"tier.{place + 2}", quantity, "kWh", step.add, amount, reference, params)


def thresholds(tiers: Tiers, piece: Piece) -> list[Decimal]:
    """Where each step begins, kWh: for the year, or for the months of the piece; more for a large household."""
    months = Decimal(12) if tiers.basis == "year" else piece.months
    extra = tiers.household.extra * months if tiers.household and _large(tiers, piece) else ZERO
    scale = Decimal(1) if tiers.basis == "year" else months
    places = piece.terms.version.rules.rounding.energy
    return [rounded(step.above * scale + extra, places) for step in tiers.steps]


def _large(tiers: Tiers, piece: Piece) -> bool:
    return tiers.household is not None and piece.terms.household >= tiers.household.people


def _between(energy: Decimal, lower: Decimal, upper: Decimal | None) -> Decimal:
    top = energy if upper is None else min(energy, upper)
    return max(ZERO, top - lower)
