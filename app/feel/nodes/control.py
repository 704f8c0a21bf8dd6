"""Conditions and loops: if, for, some, every."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.feel.limits import charge
from app.feel.nodes.node import Node
from app.feel.scope import Scope
from app.feel.values.iteration import elements, steps
from app.feel.values.kinds import Value
from app.feel.values.logic import all_of, any_of


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    yes: Node
    no: Node

    def evaluate(self, scope: Scope) -> Value:
        return (self.yes if self.condition.evaluate(scope) is True else self.no).evaluate(scope)


@dataclass(frozen=True, slots=True)
class Iteration:
    """`name in source`, or `name in source..end`, counting up or down."""

    name: str
    source: Node
    end: Node | None = None

    def values(self, scope: Scope) -> Iterator[Value] | None:
        """What the name runs through; None where it is null or no list."""
        source = self.source.evaluate(scope)
        if self.end is None:
            return elements(source)
        end = self.end.evaluate(scope)
        return steps(source, end)


def _bindings(iterations: tuple[Iteration, ...], scope: Scope) -> Iterator[Scope | None]:
    """A scope for each combination, the last iteration running fastest; None once where a source is null."""
    first, rest = iterations[0], iterations[1:]
    values = first.values(scope)
    if values is None:
        yield None
        return
    for value in values:
        charge()
        inner = scope.inner({first.name: value})
        if rest:
            yield from _bindings(rest, inner)
        else:
            yield inner


@dataclass(frozen=True, slots=True)
class For(Node):
    """The results so far are `partial`."""

    iterations: tuple[Iteration, ...]
    body: Node

    def evaluate(self, scope: Scope) -> Value:
        results: list[Value] = []
        for inner in _bindings(self.iterations, scope.inner({"partial": results})):
            if inner is None:
                return None
            results.append(self.body.evaluate(inner))
        return results


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some ... satisfies` and `every ... satisfies`, with null where it cannot be told."""

    every: bool
    iterations: tuple[Iteration, ...]
    condition: Node

    def evaluate(self, scope: Scope) -> Value:
        results: list[Value] = []
        for inner in _bindings(self.iterations, scope):
            if inner is None:
                return None
            results.append(self.condition.evaluate(inner))
            if results[-1] is (not self.every):
                return not self.every
        return all_of(results) if self.every else any_of(results)
