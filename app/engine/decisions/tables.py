"""Decision tables as people read them: labels, texts of cells and notes, as they stand in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.decisions.reading.xml import Element, attribute, child, children, parse, text_of
from app.engine.definitions import queries


@dataclass(frozen=True, slots=True)
class Column:
    """`label` and its English twin are for people, `name` is what FEEL calls it; `allowed` the values it accepts."""

    label: str
    label_en: str
    name: str
    allowed: str


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """One decision of a file. Each row holds as many texts as there are inputs, outputs and notes together.

    The English of a column stands in `camunda:label_en`, that of the notes in the decision's
    property `annotation_en`, "" where there is none. A decision that is no table has no
    columns; its `expression` is shown.
    """

    key: str
    name: str
    description: str
    description_en: str
    hit_policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    notes: tuple[str, ...]
    notes_en: str
    rows: tuple[tuple[str, ...], ...]
    expression: str


def decision_tables(definition_id: str) -> list[DecisionTable]:
    """The decisions of a deployed file in its order. Raises `DefinitionNotFound`."""
    return read_tables(queries.content(definition_id))


def read_tables(content: bytes) -> list[DecisionTable]:
    """The decisions of a file. Raises `InvalidModel` where it is no XML."""
    return [_decision(element) for element in children(parse(content), "decision")]


def _decision(element: Element) -> DecisionTable:
    table = child(element, "decisionTable")
    description = child(element, "description")
    return DecisionTable(
        key=attribute(element, "id"),
        name=attribute(element, "name"),
        description="" if description is None else " ".join((description.text or "").split()),
        description_en=_property(element, "description_en"),
        hit_policy="" if table is None else _policy(table),
        inputs=tuple(_input(column) for column in _parts(table, "input")),
        outputs=tuple(_output(column) for column in _parts(table, "output")),
        notes=tuple(attribute(note, "name") for note in _parts(table, "annotation")),
        notes_en=_property(element, "annotation_en"),
        rows=tuple(tuple(_cells(rule)) for rule in _parts(table, "rule")),
        expression=text_of(child(element, "literalExpression")),
    )


def _property(decision: Element, name: str) -> str:
    """A `<camunda:property name="..." value="..."/>` of the decision."""
    return next((e.get("value", "") for e in decision.iter("{*}property") if e.get("name") == name), "")


def _parts(table: Element | None, name: str) -> Iterator[Element]:
    return iter(()) if table is None else children(table, name)


def _policy(table: Element) -> str:
    return " ".join(filter(None, (attribute(table, "hitPolicy") or "UNIQUE", attribute(table, "aggregation"))))


def _input(column: Element) -> Column:
    name = text_of(child(column, "inputExpression"))
    return Column(attribute(column, "label") or name, _english(column), name, text_of(child(column, "inputValues")))


def _output(column: Element) -> Column:
    name = attribute(column, "name")
    return Column(attribute(column, "label") or name, _english(column), name, text_of(child(column, "outputValues")))


def _english(column: Element) -> str:
    """The label's English twin: an attribute of another namespace, as DMN allows on any element."""
    return next((str(value) for name, value in column.attrib.items() if str(name).rpartition("}")[2] == "label_en"), "")


def _cells(rule: Element) -> Iterator[str]:
    for cell in children(rule, "inputEntry"):
        yield text_of(cell) or "-"
    for cell in children(rule, "outputEntry"):
        yield text_of(cell)
    for note in children(rule, "annotationEntry"):
        yield text_of(note)
