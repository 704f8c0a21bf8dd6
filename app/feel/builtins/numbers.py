"""Functions of numbers: rounding, roots, logarithms, remainders."""

from __future__ import annotations

import decimal
from datetime import timedelta
from decimal import Decimal

from app.feel.builtins.signature import builtin
from app.feel.values.kinds import Months, Value
from app.feel.values.numbers import CONTEXT, attempt, rounded, to_int

_ROUNDINGS = {
    "decimal": decimal.ROUND_HALF_EVEN,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
    "round up": decimal.ROUND_UP,
    "round down": decimal.ROUND_DOWN,
    "round half up": decimal.ROUND_HALF_UP,
    "round half down": decimal.ROUND_HALF_DOWN,
}
_SCALE_OPTIONAL = {"floor", "ceiling"}


def _define(name: str, rounding: str) -> None:
    mark = "?" if name in _SCALE_OPTIONAL else ""

    @builtin(name, f"n: number, scale{mark}: number")
    def round_number(n: Decimal, scale: Decimal | None = None) -> Decimal | None:
        digits = to_int(scale) if scale is not None else 0
        return None if digits is None else rounded(n, digits, rounding)


for _name, _rounding in _ROUNDINGS.items():
    _define(_name, _rounding)


@builtin("abs", "n: number", "n: days and time duration", "n: years and months duration")
def absolute(n: Value) -> Value:
    if isinstance(n, Months):
        return Months(abs(n.months))
    return abs(n) if isinstance(n, timedelta) else CONTEXT.abs(n)


@builtin("modulo", "dividend: number, divisor: number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """dividend - divisor * floor(dividend / divisor): the sign is the divisor's."""
    rest = attempt(CONTEXT.remainder, dividend, divisor)
    if rest is None or rest == 0 or (rest < 0) == (divisor < 0):
        return rest
    return attempt(CONTEXT.add, rest, divisor)


@builtin("sqrt", "number: number")
def square_root(number: Decimal) -> Decimal | None:
    return attempt(CONTEXT.sqrt, number)


@builtin("log", "number: number")
def logarithm(number: Decimal) -> Decimal | None:
    return attempt(CONTEXT.ln, number) if number > 0 else None


@builtin("exp", "number: number")
def exponential(number: Decimal) -> Decimal | None:
    return attempt(CONTEXT.exp, number)


@builtin("odd", "number: number")
def is_odd(number: Decimal) -> bool | None:
    return None if number % 1 else number % 2 != 0


@builtin("even", "number: number")
def is_even(number: Decimal) -> bool | None:
    return None if number % 1 else number % 2 == 0
