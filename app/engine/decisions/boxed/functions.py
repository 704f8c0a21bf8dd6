"""Boxed functions (also the logic of business knowledge models) and boxed invocations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import feel
from app.engine.decisions.boxed.node import Boxed, evaluate_text
from app.engine.decisions.run import Run


@dataclass(frozen=True, slots=True)
class FunctionBox(Boxed):
    """Parameters are `(name, type)`; the body sees them and the place where the function is written."""

    parameters: tuple[tuple[str, str], ...]
    body: Boxed

    def evaluate(self, run: Run, scope: feel.Scope) -> feel.Value:
        return self.value(run, scope)  # the declared type is the function's, not its result's

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        names = tuple(name for name, _ in self.parameters)

        def invoke_named(named: Mapping[str, Any]) -> feel.Value:
            if set(named) != set(names):
                return None
            bound = {name: run.typed(named[name], type_ref) for name, type_ref in self.parameters}
            if any(bound[name] is None and named[name] is not None for name in names):
                return None
            with feel.calling():
                return self.body.evaluate(run, scope.inner(bound))

        def invoke(positional: Sequence[Any]) -> feel.Value:
            if len(positional) != len(names):
                return None
            return invoke_named(dict(zip(names, positional, strict=True)))

        return feel.Function(self.place.decision or "function", names, invoke, invoke_named)


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
