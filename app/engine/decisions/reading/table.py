"""Reading a decision table."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from app import feel
from app.engine.decisions.boxed.hit_policies import AGGREGATIONS, POLICIES, HitPolicy
from app.engine.decisions.boxed.table import InputColumn, OutputColumn, Rule, Table
from app.engine.decisions.errors import Place
from app.engine.decisions.reading.notes import Notes, at
from app.engine.decisions.reading.xml import Element, attribute, child, children, text_of, type_ref

MAX_RULES = 5000


def read_table(element: Element, notes: Notes, place: Place) -> Table:
    """The table, with every fault of its columns, rules and cells noted."""
    place = at(place, attribute(element, "id"))
    inputs = tuple(_input(column, notes, place, number) for number, column in enumerate(children(element, "input"), 1))
    output_elements = list(children(element, "output"))
    outputs = tuple(_output(column, notes, place, number) for number, column in enumerate(output_elements, 1))
    rules = tuple(
        _rule(rule, notes, replace(at(place, attribute(rule, "id")), rule=number), inputs=inputs, outputs=outputs)
        for number, rule in enumerate(children(element, "rule"), 1)
    )
    policy = _policy(element, notes, place, outputs)
    _check_shape(notes, place, outputs, rules)
    return Table(place, "", policy, inputs, outputs, rules)


def _policy(element: Element, notes: Notes, place: Place, outputs: tuple[OutputColumn, ...]) -> HitPolicy:
    name = attribute(element, "hitPolicy").upper() or "UNIQUE"
    aggregation = attribute(element, "aggregation").upper()
    if name not in POLICIES:
        notes.fault(place, "hit-policy", _l("There is no hit policy %(name)s.", name=name))
    if aggregation and name != "COLLECT":
        notes.fault(place, "aggregation", _l("Only COLLECT can aggregate."))
    elif aggregation and aggregation not in AGGREGATIONS:
        notes.fault(place, "aggregation", _l("There is no aggregation %(name)s.", name=aggregation))
    elif aggregation and len(outputs) != 1:
        notes.fault(place, "aggregation", _l("Only a single output can be aggregated."))
    policy = HitPolicy(name, aggregation)
    if policy.by_priority and not any(column.values for column in outputs):
        message = _l("%(policy)s needs the allowed values of an output: their order is the priority.", policy=name)
        notes.fault(place, "priority", message)
    return policy


def _input(element: Element, notes: Notes, place: Place, number: int) -> InputColumn:
    source = child(element, "inputExpression")
    text = text_of(source)
    label = attribute(element, "label") or text or str(number)
    place = replace(at(place, attribute(element, "id")), column=label)
    notes.language(attribute(source, "expressionLanguage"), place)
    if not text:
        notes.fault(place, "empty", _l("The column has no expression."))
    values = text_of(child(element, "inputValues"))
    return InputColumn(
        place, type_ref(source), notes.expression(text or "null", place), notes.test(values, place) if values else None
    )


def _output(element: Element, notes: Notes, place: Place, number: int) -> OutputColumn:
    name = attribute(element, "name")
    label = attribute(element, "label") or name or str(number)
    place = replace(at(place, attribute(element, "id")), column=label)
    values = text_of(child(element, "outputValues"))
    default = text_of(child(element, "defaultOutputEntry"))
    return OutputColumn(
        place=place,
        name=name,
        type_ref=type_ref(element),
        allowed=notes.test(values, place) if values else None,
        values=_listed(values, notes),
        default=notes.expression(default, place) if default else None,
    )


def _listed(values: str, notes: Notes) -> tuple[feel.Expression, ...]:
    """The values of `"a", "b"` one by one; none for a test that lists no values (`< 5`)."""
    if not values:
        return ()
    try:
        listed = feel.to_json(feel.expression(f"[{values}]", notes.names).evaluate())
    except feel.FeelError:
        return ()
    if not isinstance(listed, list) or any(not isinstance(value, (str, int, float, bool)) for value in listed):
        return ()
    return tuple(feel.expression(f"[{values}][{number}]", notes.names) for number in range(1, len(listed) + 1))


def _rule(
    element: Element,
    notes: Notes,
    place: Place,
    *,
    inputs: tuple[InputColumn, ...],
    outputs: tuple[OutputColumn, ...],
) -> Rule:
    number = place.rule or 0
    tests = list(children(element, "inputEntry"))
    results = list(children(element, "outputEntry"))
    if len(tests) != len(inputs) or len(results) != len(outputs):
        notes.fault(place, "cells", _l("The rule has not one cell for each column."))
    for cell in (*tests, *results):
        notes.language(attribute(cell, "expressionLanguage"), at(place, attribute(cell, "id")))
    return Rule(
        id=attribute(element, "id") or str(number),
        index=number,
        tests=tuple(
            notes.test(text_of(cell), _cell(place, cell, column.place))
            for cell, column in zip(tests, inputs, strict=False)
        ),
        outputs=tuple(
            notes.expression(text_of(cell) or "null", _cell(place, cell, column.place))
            for cell, column in zip(results, outputs, strict=False)
        ),
    )


def _cell(rule: Place, cell: Element, column: Place) -> Place:
    return replace(at(rule, attribute(cell, "id")), column=column.column)


def _check_shape(notes: Notes, place: Place, outputs: tuple[OutputColumn, ...], rules: tuple[Rule, ...]) -> None:
    if not outputs:
        notes.fault(place, "outputs", _l("The table has no output."))
    names = {column.name for column in outputs}
    if len(outputs) > 1 and ("" in names or len(names) < len(outputs)):
        notes.fault(place, "output-names", _l("Each of several outputs needs a name of its own."))
    if len(rules) > MAX_RULES:
        notes.fault(place, "too-many-rules", _l("The table has more than %(limit)s rules.", limit=MAX_RULES))
