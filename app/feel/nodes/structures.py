"""What builds values: lists, contexts, intervals, functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.feel.limits import calling, charge
from app.feel.nodes.node import Node
from app.feel.scope import Scope
from app.feel.values.compare import order
from app.feel.values.kinds import Function, Range, Value
from app.feel.values.types import Type, conform


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]

    def evaluate(self, scope: Scope) -> Value:
        charge(len(self.items))
        return [item.evaluate(scope) for item in self.items]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """Entries in order; each sees those before it."""

    entries: tuple[tuple[str, Node], ...]

    def evaluate(self, scope: Scope) -> Value:
        charge(len(self.entries))
        result: dict[str, Value] = {}
        inner = scope.inner(result)
        for name, node in self.entries:
            result[name] = node.evaluate(inner)
        return result


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """`[start..end]` and its open forms; null where an end is null or the ends cannot be ordered."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool

    def evaluate(self, scope: Scope) -> Value:
        start, end = self.start.evaluate(scope), self.end.evaluate(scope)
        if order(start, end) is None:
            return None
        return Range(start, end, self.start_included, self.end_included)


@dataclass(frozen=True, slots=True)
class HalfLine(Node):
    """`(< 5)`, `(>= 10)`: an interval without one of its ends. `(= 5)` holds one value."""

    operator: str
    end: Node

    def evaluate(self, scope: Scope) -> Value:
        end = self.end.evaluate(scope)
        if order(end, end) is None:
            return None
        if self.operator == "=":
            return Range(end, end)
        included = self.operator.endswith("=")
        if self.operator.startswith("<"):
            return Range(None, end, False, included)
        return Range(end, None, included, False)


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """A user-defined function: it sees the names of the place where it was written."""

    parameters: tuple[tuple[str, Type], ...]
    body: Node

    def evaluate(self, scope: Scope) -> Value:
        names = tuple(name for name, _ in self.parameters)

        def invoke_named(named: Mapping[str, Any]) -> Value:
            if set(named) != set(names):
                return None
            bound = {name: conform(named[name], kind) for name, kind in self.parameters}
            if any(bound[name] is None and named[name] is not None for name in names):
                return None
            with calling():
                return self.body.evaluate(scope.inner(bound))

        def invoke(positional: Sequence[Any]) -> Value:
            if len(positional) != len(names):
                return None
            return invoke_named(dict(zip(names, positional, strict=True)))

        return Function("function", names, invoke, invoke_named)
