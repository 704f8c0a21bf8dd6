"""From what stands in a cell to what a field holds: numbers, days, words, as people write them.

A converter takes a cell that is not empty and returns the value, or raises `Bad` with a reason
(`importing.reasons`). Nothing is guessed: what can be read in two ways is refused with both.
"""

from __future__ import annotations

from app.customers.importing.values.bad import Bad
from app.customers.importing.values.dates import to_date, to_period
from app.customers.importing.values.folding import fold, is_blank, plain
from app.customers.importing.values.numbers import to_number
from app.customers.importing.values.texts import to_text
from app.customers.importing.values.truth import to_truth
from app.customers.importing.values.units import factor, unit_in

__all__ = [
    "Bad",
    "factor",
    "fold",
    "is_blank",
    "plain",
    "to_date",
    "to_number",
    "to_period",
    "to_text",
    "to_truth",
    "unit_in",
]
