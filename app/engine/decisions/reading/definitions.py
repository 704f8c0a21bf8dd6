"""Reading a whole file: types, inputs, knowledge, decisions, and whether what they require is there."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from app.engine.decisions.errors import Fault, InvalidModel, Place
from app.engine.decisions.model import Decision, InputData, Knowledge, Model, Service
from app.engine.decisions.reading.boxed import read_boxed, read_function
from app.engine.decisions.reading.items import read_types
from app.engine.decisions.reading.notes import Notes, at
from app.engine.decisions.reading.requirements import check_requirements, read_references, read_requirements
from app.engine.decisions.reading.xml import Element, attribute, child, children, name_of, parse, type_ref

_REFERRED = {"decision", "inputData", "businessKnowledgeModel", "decisionService"}


def read(content: bytes) -> Model:
    """The model of a DMN file. Raises InvalidModel with everything that is wrong."""
    model, faults = _read(content)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors or model is None:
        raise InvalidModel(errors)
    return model


def inspect(content: bytes) -> tuple[Model | None, list[Fault]]:
    """The model as far as it could be read, and all faults, warnings too. Never raises for any content."""
    try:
        return _read(content)
    except InvalidModel as error:
        return None, error.faults


def _read(content: bytes) -> tuple[Model | None, list[Fault]]:
    root = parse(content)
    notes = Notes(names=frozenset(_names(root)))
    types = read_types(root, notes)
    model = Model(
        id=attribute(root, "id"),
        name=attribute(root, "name"),
        decisions={one.id: one for one in (_decision(element, notes) for element in children(root, "decision"))},
        inputs={one.id: one for one in (_input(element) for element in children(root, "inputData"))},
        knowledge={
            one.id: one for one in (_knowledge(element, notes) for element in children(root, "businessKnowledgeModel"))
        },
        services={one.id: one for one in (_service(element) for element in children(root, "decisionService"))},
        types=types,
    )
    _check_ids(root, notes)
    _check_types(root, model, notes)
    check_requirements(model, notes)
    if next(children(root, "import"), None) is not None:
        notes.fault(Place(), "import", _l("Imports of other models are not supported."))
    return model, notes.faults


def _names(root: Element) -> Iterator[str]:
    """Every name that a FEEL text of the model may use."""
    for element in root.iter():
        name = element.get("name") if isinstance(element.tag, str) else None
        if name:
            yield " ".join(name.split())
        variable = element.get("iteratorVariable")
        if variable:
            yield variable


def _variable(element: Element) -> tuple[str, str]:
    """The name and type of an element's value."""
    variable = child(element, "variable")
    name = attribute(variable, "name") or attribute(element, "name") or attribute(element, "id")
    return " ".join(name.split()), type_ref(variable)


def _input(element: Element) -> InputData:
    name, type_name = _variable(element)
    return InputData(attribute(element, "id") or name, name, type_name)


def _decision(element: Element, notes: Notes) -> Decision:
    variable, type_name = _variable(element)
    name = attribute(element, "name") or variable
    place = Place(attribute(element, "id"), name)
    return Decision(
        id=attribute(element, "id") or name,
        name=name,
        name_en=_english(element),
        variable=variable,
        type_ref=type_name,
        requires=read_requirements(element),
        expression=read_boxed(element, notes, place),
    )


def _english(element: Element) -> str:
    """The English twin of the name: `<camunda:property name="name_en" value="..."/>`."""
    extensions = child(element, "extensionElements")
    for one in extensions.iter() if extensions is not None else ():
        if isinstance(one.tag, str) and one.get("name") == "name_en":
            return one.get("value") or ""
    return ""


def _knowledge(element: Element, notes: Notes) -> Knowledge:
    name, _ = _variable(element)
    place = Place(attribute(element, "id"), name)
    logic = child(element, "encapsulatedLogic")
    if logic is None:
        notes.fault(place, "empty", _l("The knowledge model has no logic."))
    function = None if logic is None else read_function(logic, notes, place)
    return Knowledge(attribute(element, "id") or name, name, read_requirements(element), function)


def _service(element: Element) -> Service:
    name, type_name = _variable(element)
    return Service(
        id=attribute(element, "id") or name,
        name=name,
        type_ref=type_name,
        outputs=read_references(element, "outputDecision"),
        inputs=read_references(element, "inputData"),
        given=read_references(element, "inputDecision"),
    )


def _check_ids(root: Element, notes: Notes) -> None:
    seen: set[str] = set()
    for element in root.iter():
        identity = element.get("id") if isinstance(element.tag, str) else None
        if identity and identity in seen:
            # only what is referred to by its id must have one of its own
            severity = "error" if name_of(element) in _REFERRED else "warning"
            notes.fault(Place(identity), "duplicate-id", _l("The id is there twice."), severity)
        seen.add(identity or "")
    if next(children(root, "decision"), None) is None:
        notes.fault(Place(), "no-decision", _l("The file has no decision."))


def _check_types(root: Element, model: Model, notes: Notes) -> None:
    """Every type that a variable, column or expression names must be there."""
    for element in root.iter():
        if not isinstance(element.tag, str) or not element.get("typeRef"):
            continue
        name = type_ref(element)
        if not model.types.knows(name):
            place = at(Place(), attribute(element, "id"))
            notes.fault(place, "type", _l("There is no type %(name)s.", name=name))
