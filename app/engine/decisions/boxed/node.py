"""The base of boxed expressions, and the literal expression: one FEEL text."""

from __future__ import annotations

from dataclasses import dataclass

from app import feel
from app.engine.decisions.errors import DecisionError, Place
from app.engine.decisions.run import Run


@dataclass(frozen=True, slots=True)
class Boxed:
    """`place` is for messages, `type_ref` the declared type of the result, "" for any."""

    place: Place
    type_ref: str

    def evaluate(self, run: Run, scope: feel.Scope) -> feel.Value:
        """The value in a scope of FEEL values; DecisionError where there is none."""
        return run.typed(self.value(run, scope), self.type_ref)

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Literal(Boxed):
    expression: feel.Expression

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        return evaluate_text(self.expression, scope, self.place)


def evaluate_text(expression: feel.Expression, scope: feel.Scope, place: Place) -> feel.Value:
    """A FEEL text of the model, its errors with the place it stands at."""
    try:
        return expression.in_scope(scope)
    except feel.FeelError as error:
        raise DecisionError(place, error) from error


def holds(test: feel.UnaryTest, scope: feel.Scope, value: feel.Value, place: Place) -> bool:
    """A unary test of the model, its errors with the place it stands at."""
    try:
        return test.in_scope(scope, value)
    except feel.FeelError as error:
        raise DecisionError(place, error) from error
