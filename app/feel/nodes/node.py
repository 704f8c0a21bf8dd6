"""The base of all parts of an expression, and the two simplest: a constant and a name."""

from __future__ import annotations

from dataclasses import dataclass

from app.feel.builtins import BUILTINS
from app.feel.scope import MISSING, Scope
from app.feel.values.kinds import Value


@dataclass(frozen=True, slots=True)
class Node:
    """Evaluation answers null where FEEL gives no meaning; it raises FeelError only at a bound."""

    def evaluate(self, scope: Scope) -> Value:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Constant(Node):
    value: Value

    def evaluate(self, scope: Scope) -> Value:
        return self.value


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, or a built-in function that no variable hides. An unknown name is null."""

    name: str

    def evaluate(self, scope: Scope) -> Value:
        value = scope.lookup(self.name)
        return BUILTINS.get(self.name) if value is MISSING else value
