"""What names mean while an expression is evaluated: layers of names, inner ones first.

The input of a unary test, `?`, is a name like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.feel.values.kinds import Value

INPUT = "?"


class _Missing:
    """The mark for a name that nobody defines: null is a value, absence is not."""


MISSING: Final = _Missing()


class Scope:
    """One layer of names over another."""

    __slots__ = ("parent", "values")

    def __init__(self, values: Mapping[str, Value], parent: Scope | None = None) -> None:
        self.values = values
        self.parent = parent

    def lookup(self, name: str) -> Value | _Missing:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            scope = scope.parent
        return MISSING

    def inner(self, values: Mapping[str, Value]) -> Scope:
        return Scope(values, self)
