"""FEEL (DMN 1.3, chapter 10; functions of 1.4 and 1.5 too): parser and evaluator. Knows no other package.

Invariants: parsing has no effect and is cached; evaluation is bounded (`limits`), reads no
clock, no file, no network, and answers null where FEEL gives no meaning.
"""

from __future__ import annotations

from app.feel.builtins.dates import at
from app.feel.convert import to_feel, to_json
from app.feel.errors import FeelError
from app.feel.language import Expression, UnaryTest, expression, unary
from app.feel.limits import bounded, calling, charge
from app.feel.scope import Scope
from app.feel.values.kinds import Function, Months, Range, Value
from app.feel.values.types import Type, conform, fits

__all__ = [
    "Expression",
    "FeelError",
    "Function",
    "Months",
    "Range",
    "Scope",
    "Type",
    "UnaryTest",
    "Value",
    "at",
    "bounded",
    "calling",
    "charge",
    "conform",
    "expression",
    "fits",
    "to_feel",
    "to_json",
    "unary",
]
