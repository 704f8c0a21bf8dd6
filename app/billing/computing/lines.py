"""Lines of a bill: what, how much, at which price, what it comes to, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
PLACES = tuple(Decimal(1).scaleb(-places) for places in range(5))


def rounded(value: Decimal, places: int) -> Decimal:
    """The value to so many places, half away from zero."""
    return value.quantize(PLACES[places], rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Line:
    """`code` names the kind of line, `params` the numbers its explanation speaks of, `rule` the rule it follows.

    A line that is not `counted` tells a part of another line apart and adds nothing to the bill.
    """

    code: str
    quantity: Decimal
    unit: str
    price: Decimal
    amount: Decimal
    rule: str
    params: Mapping[str, Any]
    counted: bool = True

    def plain(self) -> dict[str, Any]:
        """The line as it is kept with the bill: numbers as texts, so that none loses a place."""
        return {
            "code": self.code,
            "quantity": str(self.quantity),
            "unit": self.unit,
            "price": str(self.price),
            "amount": str(self.amount),
            "rule": self.rule,
            "params": self.params,
            "counted": self.counted,
        }
