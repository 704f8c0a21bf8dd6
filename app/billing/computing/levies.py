"""Levies and surcharges (基金及附加): by the kWh, part of the price or on top of it; and the least a month costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.billing.computing.case import ZERO
from app.billing.computing.lines import Line, rounded
from app.billing.computing.spreading import Piece


def levy_lines(piece: Piece) -> Iterator[Line]:
    """A line for each levy; one included in the energy price is told apart and not counted again."""
    rules = piece.terms.version.rules
    for levy in rules.levies if piece.total else ():
        amount = rounded(piece.total * levy.price, rules.rounding.amount)
        reference = f"{piece.terms.version.reference}#levies.{levy.code}"
        params = {"name": levy.name, "name_en": levy.name_en, "included": levy.included}
        yield Line(
            f"levy.{levy.code}", piece.total, "kWh", levy.price, amount, reference, params, counted=not levy.included
        )


def minimum_line(piece: Piece, lines: Sequence[Line]) -> Iterator[Line]:
    """What is missing to the least that the piece's months cost, where anything is."""
    rules = piece.terms.version.rules
    if rules.minimum is None:
        return
    capacity = piece.terms.capacity or ZERO
    monthly = rules.minimum.amount + rules.minimum.per_kva * capacity
    least = rounded(monthly * piece.months, rules.rounding.amount)
    charged = sum((line.amount for line in lines if line.counted), ZERO)
    if charged < least:
        params = {"least": str(least), "charged": str(charged), "months": str(rounded(piece.months, 4).normalize())}
        reference = f"{piece.terms.version.reference}#minimum"
        yield Line("minimum", least - charged, "yuan", Decimal(1), least - charged, reference, params)
