"""Unary tests: what a cell of a decision table says about its input, which is `?`."""

from __future__ import annotations

from dataclasses import dataclass

from app.feel.nodes.node import Node
from app.feel.nodes.operators import compare
from app.feel.scope import INPUT, Scope
from app.feel.values.compare import contains
from app.feel.values.kinds import Value
from app.feel.values.logic import any_of


@dataclass(frozen=True, slots=True)
class CompareTest(Node):
    """`< 5`, `!= "x"`: the input compared with the value."""

    operator: str
    end: Node

    def evaluate(self, scope: Scope) -> Value:
        return compare(self.operator, scope.lookup(INPUT), self.end.evaluate(scope))


@dataclass(frozen=True, slots=True)
class ValueTest(Node):
    """An expression: it holds where its value is the input, or a list or interval that holds the input.

    One that speaks of `?` is a condition: it holds where it is true.
    """

    expression: Node
    uses_input: bool

    def evaluate(self, scope: Scope) -> Value:
        value = self.expression.evaluate(scope)
        given = scope.lookup(INPUT)
        if isinstance(value, bool) and (self.uses_input or not isinstance(given, (bool, list))):
            return value
        if self.uses_input and value is None:
            return None
        return contains(value, given)


@dataclass(frozen=True, slots=True)
class AnyTest(Node):
    """Tests separated by commas: one of them is enough."""

    tests: tuple[Node, ...]

    def evaluate(self, scope: Scope) -> Value:
        return any_of([test.evaluate(scope) for test in self.tests])


@dataclass(frozen=True, slots=True)
class NotTest(Node):
    """`not(...)`: none of the tests holds."""

    tests: AnyTest

    def evaluate(self, scope: Scope) -> Value:
        held = self.tests.evaluate(scope)
        return None if held is None else not held


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in (test, test)`: the value is the input of the tests."""

    value: Node
    tests: AnyTest

    def evaluate(self, scope: Scope) -> Value:
        return self.tests.evaluate(scope.inner({INPUT: self.value.evaluate(scope)}))


@dataclass(frozen=True, slots=True)
class InValue(Node):
    """`value in test` where the test is one expression: `?` keeps the meaning it has outside."""

    value: Node
    test: Node

    def evaluate(self, scope: Scope) -> Value:
        return contains(self.test.evaluate(scope), self.value.evaluate(scope))
