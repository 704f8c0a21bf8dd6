"""Boxed functions (also the logic of business knowledge models) and boxed invocations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import feel
from app.engine.decisions.boxed.node import Boxed, evaluate_text
from app.engine.decisions.run import Run


def function(
    name: str,
    parameters: tuple[tuple[str, str], ...],
    run: Run,
    body: Callable[[dict[str, feel.Value]], feel.Value],
) -> feel.Function:
    """What FEEL calls with arguments by place or by name.

    A call whose arguments do not fit the parameters in number, name or type is null, and
    the body is not evaluated (DMN 1.3, 10.3.2.13.2).
    """
    names = tuple(parameter for parameter, _ in parameters)

    def invoke_named(named: Mapping[str, Any]) -> feel.Value:
        if set(named) != set(names):
            return None
        bound = {parameter: run.typed(named[parameter], type_ref) for parameter, type_ref in parameters}
        if any(bound[parameter] is None and named[parameter] is not None for parameter in names):
            return None
        with feel.calling():
            return body(bound)

    def invoke(positional: Sequence[Any]) -> feel.Value:
        if len(positional) != len(names):
            return None
        return invoke_named(dict(zip(names, positional, strict=True)))

    return feel.Function(name, names, invoke, invoke_named)


@dataclass(frozen=True, slots=True)
class FunctionBox(Boxed):
    """Parameters are `(name, type)`; the body sees them and the place where the function is written."""

    parameters: tuple[tuple[str, str], ...]
    body: Boxed

    def evaluate(self, run: Run, scope: feel.Scope) -> feel.Value:
        return self.value(run, scope)  # the declared type is the function's, not its result's

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        name = self.place.decision or "function"
        return function(name, self.parameters, run, lambda bound: self.body.evaluate(run, scope.inner(bound)))


@dataclass(frozen=True, slots=True)
class InvocationBox(Boxed):
    """A function called with arguments by name; calling what is no function is null."""

    callee: feel.Expression
    bindings: tuple[tuple[str, Boxed], ...]

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        function = evaluate_text(self.callee, scope, self.place)
        if not isinstance(function, feel.Function):
            return None
        return function.invoke_named({name: box.evaluate(run, scope) for name, box in self.bindings})
