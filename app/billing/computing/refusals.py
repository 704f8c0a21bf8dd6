"""What cannot be billed, by kind: the words of the work list."""

from __future__ import annotations

from typing import Any

KINDS = (
    "no_meter",
    "missing_reading",
    "backward",
    "estimate_too_high",
    "beyond_register",
    "parts_exceed_total",
    "parts_missing",
    "demand_missing",
    "capacity_missing",
    "negative_energy",
    "no_tariff",
    "too_many_estimates",
    "outlier",
)
"""Kinds of exceptions; all but `outlier` stop the bill."""


class CannotBill(ValueError):
    """The case cannot be billed. `details` are plain values that tell the reader where to look."""

    def __init__(self, kind: str, **details: Any) -> None:
        super().__init__(f"{kind}: {details}")
        self.kind = kind
        self.details = {name: str(value) for name, value in details.items()}
