"""Boxed conditions, filters and iterators (DMN 1.4)."""

from __future__ import annotations

from dataclasses import dataclass

from app import feel
from app.engine.decisions.boxed.node import Boxed
from app.engine.decisions.run import Run
from app.feel.values.iteration import elements
from app.feel.values.logic import all_of, any_of


@dataclass(frozen=True, slots=True)
class ConditionalBox(Boxed):
    condition: Boxed
    yes: Boxed
    no: Boxed

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        return (self.yes if self.condition.evaluate(run, scope) is True else self.no).evaluate(run, scope)


@dataclass(frozen=True, slots=True)
class FilterBox(Boxed):
    source: Boxed
    match: Boxed

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        source = self.source.evaluate(run, scope)
        items = source if isinstance(source, list) else [] if source is None else [source]
        return [item for item in items if self._matches(run, scope, item)]

    def _matches(self, run: Run, scope: feel.Scope, item: feel.Value) -> bool:
        names = {"item": item, **(item if isinstance(item, dict) else {})}
        return self.match.evaluate(run, scope.inner(names)) is True


@dataclass(frozen=True, slots=True)
class IteratorBox(Boxed):
    """`kind` is for, some or every."""

    kind: str
    variable: str
    source: Boxed
    body: Boxed

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        values = elements(self.source.evaluate(run, scope))
        if values is None:
            return None
        results: list[feel.Value] = []
        for value in values:
            feel.charge()
            results.append(self.body.evaluate(run, scope.inner({self.variable: value, "partial": results})))
        if self.kind == "for":
            return results
        return all_of(results) if self.kind == "every" else any_of(results)
