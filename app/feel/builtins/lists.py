"""Functions of lists: parts, joining, searching, sorting. Positions count from 1, or from the end by -1."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from app.feel.builtins.signature import builtin, call
from app.feel.limits import charge
from app.feel.values.compare import same
from app.feel.values.kinds import Function, Value
from app.feel.values.numbers import to_int


def offset(values: list[Any], position: Decimal) -> int | None:
    """The index of a position in a list, None beyond it."""
    index = to_int(position)
    if index is None or not 1 <= abs(index) <= len(values):
        return None
    return index - 1 if index > 0 else len(values) + index


@builtin("list contains", "list: list, element: Any")
def list_contains(values: list[Any], element: Value) -> bool:
    return any(same(value, element) for value in values)


@builtin("sublist", "list: list, start position: number, length?: number")
def sublist(values: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    index = offset(values, start)
    if index is None:
        return None
    if length is None:
        return values[index:]
    size = to_int(length)
    return values[index : index + size] if size is not None and size >= 0 else None


@builtin("concatenate", "*lists")
def concatenate(lists: list[Any]) -> list[Any]:
    result: list[Any] = []
    for part in lists:
        result.extend(part if isinstance(part, list) else [part])
        charge(len(part) if isinstance(part, list) else 1)
    return result


@builtin("append", "*arguments")
def append(arguments: list[Any]) -> list[Any]:
    """The first argument, a list, with the others behind it."""
    head = arguments[0]
    return [*(head if isinstance(head, list) else [head]), *arguments[1:]]


@builtin("insert before", "list: list, position: number, newItem: Any")
def insert_before(values: list[Any], position: Decimal, item: Value) -> list[Any] | None:
    index = offset(values, position)
    return None if index is None else [*values[:index], item, *values[index:]]


@builtin("remove", "list: list, position: number")
def remove(values: list[Any], position: Decimal) -> list[Any] | None:
    index = offset(values, position)
    return None if index is None else [*values[:index], *values[index + 1 :]]


@builtin("list replace", "list: list, position: number, newItem: Any")
def replace_at(values: list[Any], position: Decimal, item: Value) -> list[Any] | None:
    index = offset(values, position)
    return None if index is None else [*values[:index], item, *values[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: Any")
def replace_matching(values: list[Any], match: Function, item: Value) -> list[Any] | None:
    matched = [call(match, value, item) for value in values]
    if not all(isinstance(found, bool) for found in matched):
        return None
    return [item if found else value for value, found in zip(values, matched, strict=True)]


@builtin("reverse", "list: list")
def reverse(values: list[Any]) -> list[Any]:
    return values[::-1]


@builtin("index of", "list: list, match: Any")
def index_of(values: list[Any], match: Value) -> list[Decimal]:
    return [Decimal(index) for index, value in enumerate(values, 1) if same(value, match)]


def _distinct(values: list[Any]) -> list[Any]:
    result: list[Any] = []
    for value in values:
        if not any(same(value, kept) for kept in result):
            result.append(value)
    return result


@builtin("distinct values", "list: list")
def distinct_values(values: list[Any]) -> list[Any]:
    return _distinct(values)


@builtin("union", "*lists")
def union(lists: list[Any]) -> list[Any]:
    return _distinct(concatenate(lists))


@builtin("flatten", "list: list")
def flatten(values: list[Any]) -> list[Any]:
    result: list[Any] = []
    for value in values:
        charge()
        result.extend(flatten(value) if isinstance(value, list) else [value])
    return result


@builtin("sort", "list: list, precedes: function")
def sort(values: list[Any], precedes: Function) -> list[Any]:
    def compare(a: Value, b: Value) -> int:
        if call(precedes, a, b) is True:
            return -1
        return 1 if call(precedes, b, a) is True else 0

    return sorted(values, key=cmp_to_key(compare))
