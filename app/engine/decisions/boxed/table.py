"""The decision table: which rules match, and what their hit policy makes of them (DMN 1.3, chapter 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _l

from app import feel
from app.engine.decisions.boxed.hit_policies import Hit, HitPolicy, combine
from app.engine.decisions.boxed.node import Boxed, evaluate_text, holds
from app.engine.decisions.errors import DecisionError, Place
from app.engine.decisions.run import MatchedRule, Run


@dataclass(frozen=True, slots=True)
class InputColumn:
    """`allowed` is a unary test that each value must pass (a missing value passes)."""

    place: Place
    type_ref: str
    expression: feel.Expression
    allowed: feel.UnaryTest | None


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """`values` are the allowed results, in order of priority; `default` serves where no rule matches."""

    place: Place
    name: str
    type_ref: str
    allowed: feel.UnaryTest | None
    values: tuple[feel.Expression, ...]
    default: feel.Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    index: int
    tests: tuple[feel.UnaryTest, ...]
    outputs: tuple[feel.Expression, ...]


@dataclass(frozen=True, slots=True)
class Table(Boxed):
    policy: HitPolicy
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]

    def value(self, run: Run, scope: feel.Scope) -> feel.Value:
        hits = [self._hit(run, scope, rule) for rule in self._matching(run, scope)]
        if not hits:
            return self._default(run, scope)
        kept = combine(self.policy, hits, self._priorities(scope), self.place)
        run.matched += [self._matched(run, hit.rule) for hit in kept.hits]
        return kept.value

    def _matching(self, run: Run, scope: feel.Scope) -> list[Rule]:
        given = [self._input(run, scope, column) for column in self.inputs]
        found: list[Rule] = []
        for rule in self.rules:
            if self._matches(rule, scope, given):
                found.append(rule)
                if self.policy.stops_at_first:
                    break
        return found

    def _input(self, run: Run, scope: feel.Scope, column: InputColumn) -> feel.Value:
        value = run.typed(evaluate_text(column.expression, scope, column.place), column.type_ref)
        return _allowed(value, column.allowed, scope, column.place)

    def _matches(self, rule: Rule, scope: feel.Scope, given: list[feel.Value]) -> bool:
        return all(
            holds(test, scope, value, self._cell(rule, column.place))
            for test, value, column in zip(rule.tests, given, self.inputs, strict=True)
        )

    def _cell(self, rule: Rule, column: Place) -> Place:
        return replace(column, element=rule.id, rule=rule.index)

    def _hit(self, run: Run, scope: feel.Scope, rule: Rule) -> Hit:
        values = [
            self._output(run, scope, column, expression, self._cell(rule, column.place))
            for column, expression in zip(self.outputs, rule.outputs, strict=True)
        ]
        return Hit(rule.index, tuple(values), self._result(values))

    def _output(
        self, run: Run, scope: feel.Scope, column: OutputColumn, expression: feel.Expression, place: Place
    ) -> feel.Value:
        value = run.typed(evaluate_text(expression, scope, place), column.type_ref)
        return _allowed(value, column.allowed, scope, place)

    def _result(self, values: list[feel.Value]) -> feel.Value:
        """One output is its value, several are a context."""
        if len(self.outputs) == 1:
            return values[0]
        return {column.name: value for column, value in zip(self.outputs, values, strict=True)}

    def _default(self, run: Run, scope: feel.Scope) -> feel.Value:
        if all(column.default is None for column in self.outputs):
            return self.policy.of_nothing()
        values = [
            None if column.default is None else self._output(run, scope, column, column.default, column.place)
            for column in self.outputs
        ]
        result = self._result(values)
        return [result] if self.policy.gives_list else result

    def _priorities(self, scope: feel.Scope) -> list[list[feel.Value]]:
        if not self.policy.by_priority:
            return []
        return [[evaluate_text(value, scope, column.place) for value in column.values] for column in self.outputs]

    def _matched(self, run: Run, index: int) -> MatchedRule:
        return MatchedRule(run.decision_id, self.place.element, self.rules[index - 1].id, index)


def _allowed(value: feel.Value, allowed: feel.UnaryTest | None, scope: feel.Scope, place: Place) -> feel.Value:
    """The value, if its column allows it; a missing value is always allowed."""
    if value is None or allowed is None or holds(allowed, scope, value, place):
        return value
    message = _l("%(value)s is not one of %(allowed)s", value=feel.to_json(value), allowed=allowed.text)
    raise DecisionError(place, message)
