"""Boxed contexts, lists and relations."""

from __future__ import annotations

from dataclasses import dataclass

from app import feel
from app.engine.decisions.boxed.node import Boxed
from app.engine.decisions.run import Run


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a boxed context; one without a name is its result."""

    name: str
    type_ref: str
    expression: Boxed


@dataclass(frozen=True, slots=True)
class ContextBox(Boxed):
    """Entries in order, each seeing those before it; a result entry makes its value the context's."""

    entries: tuple[Entry, ...]

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        values: dict[str, feel.Value] = {}
        inner = scope.inner(values)
        for entry in self.entries:
            value = run.typed(entry.expression.evaluate(run, inner), entry.type_ref)
            if not entry.name:
                return value
            values[entry.name] = value
        return values


@dataclass(frozen=True, slots=True)
class ListBox(Boxed):
    items: tuple[Boxed, ...]

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        return [item.evaluate(run, scope) for item in self.items]


@dataclass(frozen=True, slots=True)
class RelationBox(Boxed):
    """A table of values: a list of contexts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed, ...], ...]

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        return [
            {name: cell.evaluate(run, scope) for name, cell in zip(self.columns, row, strict=True)} for row in self.rows
        ]
