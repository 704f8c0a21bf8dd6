"""Reading boxed expressions of every kind."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

from app.engine.decisions.boxed.control import ConditionalBox, FilterBox, IteratorBox
from app.engine.decisions.boxed.functions import FunctionBox, InvocationBox
from app.engine.decisions.boxed.node import Boxed, Literal
from app.engine.decisions.boxed.structures import ContextBox, Entry, ListBox, RelationBox
from app.engine.decisions.errors import Place
from app.engine.decisions.reading.notes import Notes, at
from app.engine.decisions.reading.table import read_table
from app.engine.decisions.reading.xml import Element, attribute, child, children, name_of, text_of, type_ref

Reader = Callable[[Element, Notes, Place], Boxed]


def read_boxed(parent: Element | None, notes: Notes, place: Place) -> Boxed | None:
    """The expression that is a child of `parent`; None where there is none."""
    for element in parent if parent is not None else ():
        name = name_of(element)

        if name in _READERS:
            return _READERS[name](element, notes, at(place, attribute(element, "id")))
    return None


def _required(parent: Element | None, notes: Notes, place: Place) -> Boxed:
    """The expression of `parent`; a missing one is noted, and null stands in for it."""
    found = read_boxed(parent, notes, place)
    if found is None:
        notes.fault(place, "empty", _l("An expression is missing."))
        return Literal(place, "", notes.expression("null", place))
    return found


def _literal(element: Element, notes: Notes, place: Place) -> Boxed:
    notes.language(attribute(element, "expressionLanguage"), place)
    text = text_of(element)
    if not text:
        notes.fault(place, "empty", _l("An expression is missing."))
    return Literal(place, type_ref(element), notes.expression(text or "null", place))


def _context(element: Element, notes: Notes, place: Place) -> Boxed:
    entries = []
    for line in children(element, "contextEntry"):
        variable = child(line, "variable")
        name = attribute(variable, "name")
        entries.append(Entry(name, type_ref(variable), _required(line, notes, at(place, attribute(line, "id")))))
    return ContextBox(place, type_ref(element), tuple(entries))


def _list(element: Element, notes: Notes, place: Place) -> Boxed:
    items = tuple(_READERS[name_of(item)](item, notes, place) for item in element if name_of(item) in _READERS)
    return ListBox(place, type_ref(element), items)


def _relation(element: Element, notes: Notes, place: Place) -> Boxed:
    columns = tuple(attribute(column, "name") for column in children(element, "column"))
    rows = []
    for row in children(element, "row"):
        cells = tuple(_READERS[name_of(cell)](cell, notes, place) for cell in row if name_of(cell) in _READERS)
        if len(cells) != len(columns):
            notes.fault(at(place, attribute(row, "id")), "cells", _l("The row has not one cell for each column."))
        else:
            rows.append(cells)
    return RelationBox(place, type_ref(element), columns, tuple(rows))


def _invocation(element: Element, notes: Notes, place: Place) -> Boxed:
    callee = text_of(child(element, "literalExpression"))
    if not callee:
        notes.fault(place, "empty", _l("The invocation names no function."))
    bindings = tuple(
        (attribute(child(binding, "parameter"), "name"), _required(binding, notes, place))
        for binding in children(element, "binding")
    )
    return InvocationBox(place, type_ref(element), notes.expression(callee or "null", place), bindings)


def read_function(element: Element, notes: Notes, place: Place) -> FunctionBox:
    kind = attribute(element, "kind").upper() or "FEEL"
    if kind != "FEEL":
        notes.fault(place, "function-kind", _l("Functions in %(kind)s are not supported: write FEEL.", kind=kind))
    parameters = tuple(
        (attribute(parameter, "name"), type_ref(parameter)) for parameter in children(element, "formalParameter")
    )
    return FunctionBox(place, "", parameters, _required(element, notes, place))


def _conditional(element: Element, notes: Notes, place: Place) -> Boxed:
    parts = [_required(child(element, name), notes, place) for name in ("if", "then", "else")]
    return ConditionalBox(place, type_ref(element), *parts)


def _filter(element: Element, notes: Notes, place: Place) -> Boxed:
    parts = [_required(child(element, name), notes, place) for name in ("in", "match")]
    return FilterBox(place, type_ref(element), *parts)


def _iterator(element: Element, notes: Notes, place: Place) -> Boxed:
    kind = name_of(element)
    source = _required(child(element, "in"), notes, place)
    body = _required(child(element, "return" if kind == "for" else "satisfies"), notes, place)
    return IteratorBox(place, type_ref(element), kind, attribute(element, "iteratorVariable"), source, body)


_READERS: dict[str, Reader] = {
    "literalExpression": _literal,
    "decisionTable": read_table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
