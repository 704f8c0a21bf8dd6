"""Functions of truth values, and `is`."""

from __future__ import annotations

from typing import Any

from app.feel.builtins.signature import builtin
from app.feel.values.compare import same
from app.feel.values.kinds import Value, kind_of
from app.feel.values.logic import all_of, any_of


@builtin("not", "negand: Any")
def negate(negand: Value) -> bool | None:
    return not negand if isinstance(negand, bool) else None


@builtin("all", "list...")
@builtin("and", "list...")
def every(values: list[Any]) -> bool | None:
    return all_of(values)


@builtin("any", "list...")
@builtin("or", "list...")
def some(values: list[Any]) -> bool | None:
    return any_of(values)


@builtin("is", "value1: Any, value2: Any")
def is_same(value1: Value, value2: Value) -> bool:
    """The same value of the same kind: times count as the same only in the same zone."""
    if kind_of(value1) != kind_of(value2) or not same(value1, value2):
        return False
    return bool(getattr(value1, "tzinfo", None) == getattr(value2, "tzinfo", None))
