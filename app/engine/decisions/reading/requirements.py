"""Reading what elements require, and checking that it is there and goes in no circle."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.engine.decisions.errors import Place
from app.engine.decisions.model import Decision, Knowledge, Model, Requirements, Service
from app.engine.decisions.reading.notes import Notes
from app.engine.decisions.reading.xml import Element, attribute, children


def read_requirements(element: Element) -> Requirements:
    return Requirements(
        inputs=_references(element, "requiredInput"),
        decisions=_references(element, "requiredDecision"),
        knowledge=_references(element, "requiredKnowledge"),
    )


def _references(element: Element, name: str) -> tuple[str, ...]:
    return tuple(
        reference
        for requirement in children(element, "informationRequirement", "knowledgeRequirement")
        for reference in read_references(requirement, name)
    )


def read_references(element: Element, name: str) -> tuple[str, ...]:
    """The ids that children of this name refer to, in order."""
    return tuple(attribute(reference, "href").rpartition("#")[2] for reference in children(element, name))


def check_requirements(model: Model, notes: Notes) -> None:
    known: dict[str, Mapping[str, object]] = {
        "inputs": model.inputs,
        "decisions": model.decisions,
        "knowledge": {**model.knowledge, **model.services},
    }
    complete = all([_is_complete(model, service, notes) for service in model.services.values()])
    elements: list[Decision | Knowledge] = [*model.decisions.values(), *model.knowledge.values()]
    for element in elements:
        place = Place(element.id, element.name)
        for kind, there in known.items():
            for reference in getattr(element.requires, kind):
                if reference not in there:
                    complete = False
                    notes.fault(place, "requirement", _l("It requires %(id)s, which is not there.", id=reference))
    if complete:
        _check_circles(model, notes)


def _is_complete(model: Model, service: Service, notes: Notes) -> bool:
    """Whether all that a service names is there; what is not is noted."""
    place = Place(service.id, service.name)
    missing = [one for one in (*service.outputs, *service.given) if one not in model.decisions]
    missing += [one for one in service.inputs if one not in model.inputs]
    for reference in missing:
        notes.fault(place, "requirement", _l("It requires %(id)s, which is not there.", id=reference))
    if not service.outputs:
        notes.fault(place, "outputs", _l("The service has no output decision."))
    return not missing


def _check_circles(model: Model, notes: Notes) -> None:
    """Walk every element's requirements once, keeping the way, without recursion."""
    requires = {one.id: (*one.requires.decisions, *one.requires.knowledge) for one in model.decisions.values()}
    requires |= {one.id: one.requires.knowledge for one in model.knowledge.values()}
    # a service may be called by what it is otherwise given; one that never ends is stopped while it runs
    requires |= dict.fromkeys(model.services, ())
    done: set[str] = set()
    for start in requires:
        way: list[str] = []
        stack = [(start, False)]
        while stack:
            current, leaving = stack.pop()
            if leaving:
                way.pop()
                done.add(current)
            elif current in way:
                circle = " → ".join([*way[way.index(current) :], current])
                notes.fault(Place(current), "circle", _l("It requires itself: %(circle)s.", circle=circle))
                return
            elif current not in done:
                way.append(current)
                stack.append((current, True))
                stack += [(required, False) for required in requires[current]]
