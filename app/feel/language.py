"""Texts to things that can be evaluated: expressions and unary tests, parsed once and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l

from app.feel.builtins.dates import at
from app.feel.convert import to_feel
from app.feel.errors import FeelError
from app.feel.limits import bounded
from app.feel.nodes.node import Node
from app.feel.parsing.tests import TestParser
from app.feel.scope import INPUT, Scope
from app.feel.values.kinds import Value


def _run(node: Node, context: Mapping[str, Any], now: datetime | None) -> Value:
    with bounded(), at(now):
        return node.evaluate(Scope({name: to_feel(value) for name, value in context.items()}))


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. `names` are the variables it takes from its surroundings."""

    text: str
    node: Node
    names: frozenset[str]

    def evaluate(self, context: Mapping[str, Any] | None = None, *, now: datetime | None = None) -> Value:
        """The value, with these variables and this present; FeelError only where a bound is passed."""
        return _run(self.node, context or {}, now)

    def in_scope(self, scope: Scope) -> Value:
        """The value among FEEL values that the caller holds, inside the caller's `bounded()`."""
        return self.node.evaluate(scope)


@dataclass(frozen=True, slots=True)
class UnaryTest:
    """A parsed cell of a decision table. `names` are variables it uses beside its input."""

    text: str
    node: Node
    names: frozenset[str]

    def matches(self, value: Any, context: Mapping[str, Any] | None = None, *, now: datetime | None = None) -> bool:
        """Whether the test holds for the value; what cannot be told (null) does not hold."""
        return _run(self.node, {**(context or {}), INPUT: value}, now) is True

    def in_scope(self, scope: Scope, value: Value) -> bool:
        """The same for FEEL values that the caller holds, inside the caller's `bounded()`."""
        return self.node.evaluate(scope.inner({INPUT: value})) is True


def expression(text: str, names: Iterable[str] = ()) -> Expression:
    """Parse an expression. `names` are known variables: those of several words or with signs need it."""
    return _expression(text, _of_several_words(names))


def unary(text: str, names: Iterable[str] = ()) -> UnaryTest:
    """Parse a unary test: `-`, `< 5`, `"a", "b"`, `not([1..3])`, `? > 2 * x`."""
    return _unary(text, _of_several_words(names))


def _of_several_words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if not name.isidentifier())


@lru_cache(maxsize=8192)
def _expression(text: str, names: frozenset[str]) -> Expression:
    parser = TestParser(text, names)
    node = _parsed(parser.whole_expression, text)
    return Expression(text, node, frozenset(parser.references))


@lru_cache(maxsize=8192)
def _unary(text: str, names: frozenset[str]) -> UnaryTest:
    parser = TestParser(text, names)
    node = _parsed(parser.whole_test, text)
    return UnaryTest(text, node, frozenset(parser.references - {INPUT}))


def _parsed(parse: Callable[[], Node], text: str) -> Node:
    try:
        return parse()
    except RecursionError:
        raise FeelError(_l("the expression nests too deeply"), text=text) from None
