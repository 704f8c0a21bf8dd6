"""Numbers: IEEE 754-2008 decimal128 arithmetic, where what has no result is null."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal

CONTEXT = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


def attempt(operation: Callable[..., Decimal], *numbers: Decimal) -> Decimal | None:
    """The result of an operation of `CONTEXT`, None where it has none (division by zero, overflow)."""
    try:
        return operation(*numbers)
    except decimal.DecimalException:
        return None


def is_number(value: object) -> bool:
    return type(value) is Decimal


def parse(text: str) -> Decimal | None:
    """A number literal, rounded to 34 digits; None for a text that is none, or beyond the range."""
    try:
        number = CONTEXT.create_decimal(text)
    except (decimal.DecimalException, ValueError):
        return None
    return number if number.is_finite() else None


def to_int(value: Decimal) -> int | None:
    """The integer a number stands for (its fraction cut off); None where it is too large to count with."""
    return int(value) if value.adjusted() < 18 else None


def rounded(value: Decimal, scale: int, rounding: str) -> Decimal | None:
    """`value` with `scale` digits after the point (negative: before it)."""
    if not -6111 <= scale <= 6176:
        return None
    try:
        result = value.quantize(Decimal(1).scaleb(-scale), rounding=rounding, context=CONTEXT)
    except decimal.InvalidOperation:  # more than 34 digits: it has no digits there to lose
        return value if scale > 0 else None
    return result


def plain(value: Decimal) -> str:
    """Digits without exponent and without zeros at the end: `1200`, `0.5`."""
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
