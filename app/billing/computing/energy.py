"""Energy charges (电度电费): energy x price, flat or by the part of the day (尖峰平谷深谷)."""

from __future__ import annotations

from collections.abc import Iterator

from app.billing.computing.lines import Line, rounded
from app.billing.computing.spreading import Piece


def energy_lines(piece: Piece) -> Iterator[Line]:
    """A line for each price; parts of the day without use are left out, as long as another was used."""
    rules = piece.terms.version.rules
    for register, price in rules.prices.items():
        quantity = piece.energy[register]
        if rules.by_time and not quantity and piece.total:
            continue
        amount = rounded(quantity * price, rules.rounding.amount)
        reference = f"{piece.terms.version.reference}#prices.{register}"
        yield Line(f"energy.{register}", quantity, "kWh", price, amount, reference, {})
