"""Checking a DMN file for lint: everything that reading finds, and what only looks suspicious. Never raises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from flask_babel import gettext as _

from app import feel
from app.engine.decisions.boxed.node import Literal
from app.engine.decisions.boxed.table import OutputColumn, Rule, Table
from app.engine.decisions.errors import Fault, Place
from app.engine.decisions.model import Decision, Model
from app.engine.decisions.reading import inspect
from app.engine.definitions.problems import Problem, Severity


def check_dmn(name: str, content: bytes) -> list[Problem]:
    """Every problem of a DMN file, errors and warnings, whatever the bytes hold."""
    try:
        model, faults = inspect(content)
        if model is not None and not any(fault.severity == "error" for fault in faults):
            faults = [*faults, *_suspicions(model)]
    except Exception as error:
        message = _("The file cannot be checked: %(detail)s", detail=f"{type(error).__name__}: {error}"[:300])
        return [Problem(name, "", "unreadable", "error", message)]
    return [_problem(name, fault) for fault in faults]


def _problem(name: str, fault: Fault) -> Problem:
    return Problem(name, fault.place.element, fault.rule, cast(Severity, fault.severity), str(fault))


def _suspicions(model: Model) -> Iterator[Fault]:
    for decision in model.decisions.values():
        place = Place(decision.id, decision.name)
        if decision.expression is None:
            yield Fault(place, "no-logic", _("The decision has no logic."), "warning")
        yield from _unknown_names(model, decision, place)
        if isinstance(decision.expression, Table):
            yield from _outputs(model, decision.expression)


def _unknown_names(model: Model, decision: Decision, place: Place) -> Iterator[Fault]:
    """A decision that states what it requires should use nothing else."""
    requires = decision.requires
    known = {model.inputs[one].name for one in requires.inputs}
    known |= {model.decisions[one].variable for one in requires.decisions}
    known |= {model.invocable(one).name for one in requires.knowledge}
    if not known:
        return
    for name in sorted(_names_used(decision) - known):
        yield Fault(place, "unknown-name", _("It uses %(name)s, which it does not require.", name=name), "warning")


def _names_used(decision: Decision) -> set[str]:
    logic = decision.expression
    if isinstance(logic, Literal):
        return set(logic.expression.names)
    if not isinstance(logic, Table):
        return set()  # boxed contexts and functions define names of their own
    names = {name for column in logic.inputs for name in column.expression.names}
    for rule in logic.rules:
        names |= {name for test in rule.tests for name in test.names}
        names |= {name for output in rule.outputs for name in output.names}
    return names


def _outputs(model: Model, table: Table) -> Iterator[Fault]:
    """Constant cells are held against their column's type and allowed values."""
    for rule in table.rules:
        for column, cell in zip(table.outputs, rule.outputs, strict=True):
            if not cell.names:
                yield from _constant(model, column, rule, cell)


def _constant(model: Model, column: OutputColumn, rule: Rule, cell: feel.Expression) -> Iterator[Fault]:
    place = Place(rule.id, column.place.decision, rule.index, column.place.column)
    value = cell.evaluate()
    if value is None:
        return
    if model.types.conform(value, column.type_ref) is None:
        yield Fault(place, "type", _("%(text)s is no %(type)s.", text=cell.text, type=column.type_ref))
    elif column.allowed is not None and not column.allowed.matches(value):
        message = _("%(text)s is not one of %(allowed)s.", text=cell.text, allowed=column.allowed.text)
        yield Fault(place, "not-allowed", message)
