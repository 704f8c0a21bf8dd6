"""Evaluating a decision: its requirements first, each once, then its own logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app import feel
from app.engine.decisions.boxed.functions import function
from app.engine.decisions.boxed.table import Table
from app.engine.decisions.errors import DecisionError, Place
from app.engine.decisions.model import Decision, Knowledge, Model, Requirements, Service
from app.engine.decisions.run import MatchedRule, Run
from app.engine.decisions.typing import WrongType
from app.feel.values.types import ANY


@dataclass(frozen=True, slots=True)
class Decided:
    """The JSON-safe result of a decision, the rules that matched on the way, and the inputs it used."""

    result: Any
    rules: tuple[MatchedRule, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)


def evaluate(model: Model, decision_id: str, inputs: Mapping[str, Any], *, now: datetime | None = None) -> Decided:
    """Evaluate the decision (or decision service) of this id or name with these variables.

    Inputs are JSON values named as the model's input data; a missing one is null, others are
    visible under their names too (a table without input data names variables directly).
    Raises UnknownDecision; DecisionError names decision, rule and column.
    """
    asked = model.service(decision_id) or model.decision(decision_id)
    evaluation = _Evaluation(model, inputs)
    try:
        with feel.bounded(), feel.at(now):
            result = feel.to_json(evaluation.answer(asked))
    except feel.FeelError as error:
        raise DecisionError(Place(asked.id, asked.name), error) from error
    return Decided(result, tuple(evaluation.run.matched), evaluation.used)


class _Evaluation:
    """Values found so far, by the ids of their elements."""

    def __init__(self, model: Model, inputs: Mapping[str, Any], run: Run | None = None) -> None:
        self.model = model
        self.given = inputs
        self.run = run or Run(model.types)
        self.used: dict[str, Any] = {}
        self.values: dict[str, feel.Value] = {}
        self.base = feel.Scope(_Given(inputs, self.used))

    def answer(self, asked: Decision | Service) -> feel.Value:
        """What a decision answers, or a service whose inputs and given answers are variables."""
        if isinstance(asked, Decision):
            return self.decision(asked)
        for decision_id in asked.given:
            given = self.model.decisions[decision_id]
            self._input(given.variable, given.type_ref, given.id)
        return self._outputs(asked)

    def decision(self, decision: Decision) -> feel.Value:
        if decision.id in self.values:
            return self.values[decision.id]
        if decision.expression is None:
            value = self._input(decision.variable, decision.type_ref, decision.id)
        else:
            scope = self._scope(decision.requires)
            self.run.decision_id = decision.id
            value = self._typed(decision, decision.expression.evaluate(self.run, scope))
        self.values[decision.id] = value
        return value

    def _typed(self, decision: Decision, value: feel.Value) -> feel.Value:
        """The result as its declared type has it; tools give a table that collects the type of one element."""
        table = decision.expression
        collects = isinstance(table, Table) and table.policy.gives_list and isinstance(value, list)
        if collects and self.model.types.type_of(decision.type_ref).name not in {"list", ANY}:
            return [self.run.typed(item, decision.type_ref) for item in value]
        return self.run.typed(value, decision.type_ref)

    def _scope(self, requires: Requirements) -> feel.Scope:
        names: dict[str, feel.Value] = {}
        for input_id in requires.inputs:
            data = self.model.inputs[input_id]
            names[data.name] = self._input(data.name, data.type_ref, data.id)
        for decision_id in requires.decisions:
            required = self.model.decisions[decision_id]
            names[required.variable] = self.decision(required)
        for knowledge_id in requires.knowledge:
            invocable = self.model.invocable(knowledge_id)
            if isinstance(invocable, Service):
                names[invocable.name] = self._service(invocable)
            else:
                names[invocable.name] = self._function(invocable)
        return self.base.inner(names)

    def _service(self, service: Service) -> feel.Value:
        """A service as a function: each call is an evaluation of its own, its rules are noted with ours."""
        data = [self.model.inputs[one] for one in service.inputs]
        given = [self.model.decisions[one] for one in service.given]
        ids = {one.name: one.id for one in data} | {one.variable: one.id for one in given}
        parameters = [(one.name, one.type_ref) for one in data] + [(one.variable, one.type_ref) for one in given]

        def body(bound: dict[str, feel.Value]) -> feel.Value:
            caller = self.run.decision_id
            evaluation = _Evaluation(self.model, {}, self.run)
            evaluation.values.update({ids[name]: value for name, value in bound.items()})
            try:
                return evaluation._outputs(service)
            finally:
                self.run.decision_id = caller

        return function(service.name, tuple(parameters), self.run, body)

    def _outputs(self, service: Service) -> feel.Value:
        outputs = [self.model.decisions[one] for one in service.outputs]
        values = {one.variable: self.decision(one) for one in outputs}
        result = values[outputs[0].variable] if len(outputs) == 1 else values
        return self.run.typed(result, self.model.types.result_of(service.type_ref))

    def _function(self, knowledge: Knowledge) -> feel.Value:
        if knowledge.function is None:
            return None
        return knowledge.function.value(self.run, self._scope(knowledge.requires))

    def _input(self, name: str, type_ref: str, element: str) -> feel.Value:
        if element not in self.values:
            given = self.given.get(name)
            self.used[name] = given
            try:
                self.values[element] = self.model.types.read(given, type_ref)
            except (WrongType, TypeError) as error:
                raise DecisionError(Place(element, name), error) from error
        return self.values[element]


class _Given(Mapping[str, feel.Value]):
    """The given variables as FEEL values, converted when they are first asked for."""

    def __init__(self, inputs: Mapping[str, Any], used: dict[str, Any]) -> None:
        self.inputs = inputs
        self.used = used
        self.converted: dict[str, feel.Value] = {}

    def __getitem__(self, name: str) -> feel.Value:
        if name not in self.converted:
            self.converted[name] = feel.to_feel(self.inputs[name])
            self.used[name] = self.inputs[name]
        return self.converted[name]

    def __contains__(self, name: object) -> bool:
        return name in self.inputs

    def __iter__(self) -> Any:
        return iter(self.inputs)

    def __len__(self) -> int:
        return len(self.inputs)
