"""The diagram of an instance with the token on it, called processes included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.engine.definitions import specs
from app.engine.definitions.diagrams import localized_xml
from app.engine.definitions.specs import Loaded
from app.engine.elements.call_activity import CallActivity
from app.engine.runtime.elements import definition_of
from app.engine.runtime.models import ActivityHistory, Incident, Instance
from app.engine.runtime.run import command
from app.engine.runtime.state import Envelope, peek
from app.engine.runtime.views import Diagram
from app.kernel.db import session

Marks = Mapping[str, set[str]]
"""Element ids by the definition they belong to."""


@dataclass(frozen=True, slots=True)
class _Marked:
    active: Marks
    completed: Marks
    incidents: Marks

    def others(self, loaded: Loaded, key: str | None) -> Iterator[Loaded]:
        """The definitions of this key that are marked and not pinned, the oldest first."""
        ids = {name for marks in (self.active, self.completed, self.incidents) for name in marks}
        found = [specs.load(name) for name in ids - loaded.called.keys()] if key is not None else []
        yield from sorted((one for one in found if one.key == key), key=lambda one: one.version)

    def touched(self, definition_id: str) -> bool:
        return any(definition_id in marks for marks in (self.active, self.completed, self.incidents))


def diagram(instance_id: str, *, locale: str = "zh") -> Diagram:
    """The diagram in this language with the elements to mark. Raises `InstanceNotFound`."""
    instance = command.find_instance(instance_id)
    loaded = specs.load(instance.definition_id)
    envelope = peek(instance.state)
    marked = _Marked(
        _by_definition(loaded, ((scope, element_id) for _, scope, element_id in envelope.entered.values())),
        _completed(instance),
        _by_definition(loaded, _broken(instance, envelope)),
    )
    return _draw(loaded, marked, locale, frozenset())


def _draw(loaded: Loaded, marked: _Marked, locale: str, above: frozenset[str]) -> Diagram:
    mine = loaded.definition_id
    return Diagram(
        definition_id=mine,
        process_key=loaded.key,
        xml=localized_xml(mine, locale),
        active=tuple(sorted(marked.active.get(mine, ()))),
        completed=tuple(sorted(marked.completed.get(mine, ()))),
        incidents=tuple(sorted(marked.incidents.get(mine, ()))),
        called={
            element_id: _draw(called, marked, locale, above | {mine})
            for element_id, called in _calls(loaded, marked)
            if called.definition_id not in above | {mine} and marked.touched(called.definition_id)
        },
    )


def _calls(loaded: Loaded, marked: _Marked) -> Iterator[tuple[str, Loaded]]:
    """The call activities of this diagram and what they call; where that is chosen by each call, what was touched."""
    for name, spec in loaded.subprocess_specs.items():
        if name.partition(":")[0] == loaded.definition_id:
            for task_spec in spec.task_specs.values():
                if not isinstance(task_spec, CallActivity):
                    continue
                if task_spec.spec in loaded.called:
                    yield task_spec.bpmn_id, loaded.called[task_spec.spec]
                for chosen in marked.others(loaded, task_spec.latest):
                    yield task_spec.bpmn_id, chosen


def _by_definition(loaded: Loaded, places: Iterator[tuple[str, str]]) -> Marks:
    marks: dict[str, set[str]] = defaultdict(set)
    for scope, element_id in places:
        marks[definition_of(loaded, scope).definition_id].add(element_id)
    return marks


def _completed(instance: Instance) -> Marks:
    columns = (ActivityHistory.definition_id, ActivityHistory.element_id)
    passed = (ActivityHistory.instance_id == instance.id, ActivityHistory.outcome == "completed")
    marks: dict[str, set[str]] = defaultdict(set)
    for definition_id, element_id in session.execute(sa.select(*columns).where(*passed).distinct()):
        marks[definition_id].add(element_id)
    return marks


def _broken(instance: Instance, envelope: Envelope) -> Iterator[tuple[str, str]]:
    """Where the open incidents are; a step that never began is only in the incident."""
    mine = (Incident.instance_id == instance.id, Incident.state == "open")
    for token, element_id in session.execute(sa.select(Incident.token, Incident.element_id).where(*mine)):
        scope = envelope.entered[token][1] if token in envelope.entered else instance.definition_id
        yield scope, element_id
