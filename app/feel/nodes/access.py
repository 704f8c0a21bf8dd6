"""What reaches into values: paths, filters, calls."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.feel.limits import charge
from app.feel.nodes.node import Node
from app.feel.scope import Scope
from app.feel.values.kinds import Function, Value
from app.feel.values.numbers import to_int
from app.feel.values.properties import property_of


def follow(value: Value, name: str) -> Value:
    """`value.name`: an entry of a context, a property of a date, or both of each element of a list."""
    if isinstance(value, list):
        charge(len(value))
        return [follow(item, name) for item in value]
    return property_of(value, name)


@dataclass(frozen=True, slots=True)
class Path(Node):
    source: Node
    name: str

    def evaluate(self, scope: Scope) -> Value:
        return follow(self.source.evaluate(scope), self.name)


def pick(values: list[Value], index: Decimal) -> Value:
    """The element at a position, counted from 1, or from the end by -1; null beyond the list."""
    position = to_int(index)
    if position is None or position != index or not 1 <= abs(position) <= len(values):
        return None
    return values[position - 1 if position > 0 else position]


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`list[condition]` or `list[position]`; the element is `item`, its entries are names."""

    source: Node
    condition: Node

    def evaluate(self, scope: Scope) -> Value:
        source = self.source.evaluate(scope)
        values = source if isinstance(source, list) else [] if source is None else [source]
        first = self.condition.evaluate(self._scope(scope, values[0]) if values else scope)
        if isinstance(first, Decimal):
            return pick(values, first)
        if not values:
            return None if source is None else []
        kept = [values[0]] if first is True else []
        for item in values[1:]:
            charge()
            if self.condition.evaluate(self._scope(scope, item)) is True:
                kept.append(item)
        return kept

    @staticmethod
    def _scope(scope: Scope, item: Value) -> Scope:
        names: dict[str, Value] = {"item": item}
        return scope.inner({**names, **item} if isinstance(item, dict) else names)


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A call with arguments by position or by name; calling what is no function is null."""

    target: Node
    positional: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...]

    def evaluate(self, scope: Scope) -> Value:
        function = self.target.evaluate(scope)
        if not isinstance(function, Function):
            return None
        charge()
        if self.named:
            result = function.invoke_named({name: node.evaluate(scope) for name, node in self.named})
        else:
            result = function.invoke([node.evaluate(scope) for node in self.positional])
        if isinstance(result, (list, str)):
            charge(len(result))
        return result
