"""Arithmetic, comparison and the logic of three values."""

from __future__ import annotations

from dataclasses import dataclass

from app.feel.nodes.node import Node
from app.feel.scope import Scope
from app.feel.values.arithmetic import calculate, negate
from app.feel.values.compare import equal, order
from app.feel.values.kinds import Value
from app.feel.values.logic import all_of, any_of
from app.feel.values.types import Type, fits


def compare(operator: str, a: Value, b: Value) -> bool | None:
    """`a operator b` for `= != < <= > >=`."""
    if operator in {"=", "!="}:
        result = equal(a, b)
        return result if operator == "=" or result is None else not result
    sign = order(a, b)
    if sign is None:
        return None
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[operator]


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node

    def evaluate(self, scope: Scope) -> Value:
        return calculate(self.operator, self.left.evaluate(scope), self.right.evaluate(scope))


@dataclass(frozen=True, slots=True)
class Negation(Node):
    operand: Node

    def evaluate(self, scope: Scope) -> Value:
        return negate(self.operand.evaluate(scope))


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: str
    left: Node
    right: Node

    def evaluate(self, scope: Scope) -> Value:
        return compare(self.operator, self.left.evaluate(scope), self.right.evaluate(scope))


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node

    def evaluate(self, scope: Scope) -> Value:
        value = self.value.evaluate(scope)
        return all_of([compare(">=", value, self.low.evaluate(scope)), compare("<=", value, self.high.evaluate(scope))])


@dataclass(frozen=True, slots=True)
class And(Node):
    left: Node
    right: Node

    def evaluate(self, scope: Scope) -> Value:
        left = self.left.evaluate(scope)
        return False if left is False else all_of([left, self.right.evaluate(scope)])


@dataclass(frozen=True, slots=True)
class Or(Node):
    left: Node
    right: Node

    def evaluate(self, scope: Scope) -> Value:
        left = self.left.evaluate(scope)
        return True if left is True else any_of([left, self.right.evaluate(scope)])


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    wanted: Type

    def evaluate(self, scope: Scope) -> Value:
        return fits(self.value.evaluate(scope), self.wanted)
