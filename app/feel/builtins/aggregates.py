"""Functions that make one value of many: count, least, greatest, sums and statistics."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.feel.builtins.signature import builtin
from app.feel.limits import charge
from app.feel.values.arithmetic import calculate
from app.feel.values.compare import order
from app.feel.values.kinds import Value, kind_of
from app.feel.values.numbers import CONTEXT, attempt


@builtin("count", "list: list")
def count(values: list[Any]) -> Decimal:
    return Decimal(len(values))


def _extreme(values: list[Any], sign: int) -> Value:
    charge(len(values))
    if not values or order(values[0], values[0]) is None:
        return None
    best = values[0]
    for value in values[1:]:
        compared = order(value, best)
        if compared is None:
            return None
        best = value if compared == sign else best
    return best


@builtin("min", "list...")
def minimum(values: list[Any]) -> Value:
    return _extreme(values, -1)


@builtin("max", "list...")
def maximum(values: list[Any]) -> Value:
    return _extreme(values, 1)


def _numbers(values: list[Any]) -> list[Decimal] | None:
    charge(len(values))
    return values if values and all(type(value) is Decimal for value in values) else None


@builtin("sum", "list...")
def total(values: list[Any]) -> Value:
    """Of numbers, or of durations of one kind; null for none."""
    charge(len(values))
    if not values or kind_of(values[0]) not in {"number", "days and time duration", "years and months duration"}:
        return None
    result = values[0]
    for value in values[1:]:
        result = calculate("+", result, value) if kind_of(value) == kind_of(result) else None
    return result


@builtin("mean", "list...")
def mean(values: list[Any]) -> Value:
    result = total(values)
    return None if result is None else calculate("/", result, Decimal(len(values)))


@builtin("product", "list...")
def product(values: list[Any]) -> Decimal | None:
    numbers = _numbers(values)
    result: Decimal | None = Decimal(1) if numbers else None
    for number in numbers or []:
        result = None if result is None else attempt(CONTEXT.multiply, result, number)
    return result


@builtin("median", "list...")
def median(values: list[Any]) -> Decimal | None:
    numbers = sorted(_numbers(values) or [])
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return attempt(CONTEXT.divide, CONTEXT.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@builtin("stddev", "list...")
def standard_deviation(values: list[Any]) -> Decimal | None:
    """Of a sample (divided by n - 1); null for fewer than two numbers."""
    numbers = _numbers(values)
    average = mean(numbers) if numbers and len(numbers) > 1 else None
    if numbers is None or average is None:
        return None
    squares = [calculate("**", CONTEXT.subtract(number, average), Decimal(2)) for number in numbers]
    variance = calculate("/", total(squares), Decimal(len(numbers) - 1))
    return attempt(CONTEXT.sqrt, variance) if variance is not None else None


@builtin("mode", "list...")
def mode(values: list[Any]) -> list[Decimal] | None:
    """The most frequent numbers, ascending; empty for none."""
    if not values:
        return []
    numbers = _numbers(values)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, times in counts.items() if times == most)
