"""Reading item definitions: the types a model defines for itself."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.engine.decisions.errors import Place
from app.engine.decisions.reading.notes import Notes
from app.engine.decisions.reading.xml import Element, attribute, child, children, text_of, type_ref, unprefixed
from app.engine.decisions.typing import ItemDefinition, Types

MAX_NESTING = 20


def read_types(root: Element, notes: Notes) -> Types:
    items = [_item(element, notes, 0) for element in children(root, "itemDefinition")]
    types = Types({item.name: item for item in items})
    for element, item in zip(children(root, "itemDefinition"), items, strict=True):
        _check_references(item, types, notes, Place(attribute(element, "id"), item.name))
    return types


def _item(element: Element, notes: Notes, depth: int) -> ItemDefinition:
    name = attribute(element, "name")
    place = Place(attribute(element, "id"), name)
    allowed = text_of(child(element, "allowedValues")) or text_of(child(element, "typeConstraint"))
    if depth > MAX_NESTING:
        notes.fault(place, "nesting", _l("Types nest too deeply."))
    nested = children(element, "itemComponent") if depth <= MAX_NESTING else ()
    function = child(element, "functionItem")
    return ItemDefinition(
        name=name,
        type_ref=type_ref(element),
        collection=attribute(element, "isCollection") == "true",
        allowed=notes.test(allowed, place) if allowed else None,
        components=tuple(_item(part, notes, depth + 1) for part in nested),
        returns=unprefixed(attribute(function, "outputTypeRef")),
    )


def _check_references(item: ItemDefinition, types: Types, notes: Notes, place: Place) -> None:
    if not types.knows(item.type_ref):
        notes.fault(place, "type", _l("There is no type %(name)s.", name=item.type_ref))
    if not types.knows(item.returns):
        notes.fault(place, "type", _l("There is no type %(name)s.", name=item.returns))
    for part in item.components:
        _check_references(part, types, notes, place)
