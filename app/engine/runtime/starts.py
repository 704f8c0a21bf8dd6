"""Which definition a new instance gets, and which processes a message starts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.engine.definitions import queries, specs
from app.engine.elements.catches import CaughtEvent
from app.kernel.errors import Conflict


class ProcessSuspended(Conflict):
    """No new instances of this process may be started."""

    code = "process_suspended"


def newest(key: str) -> str:
    """The id of the newest version of a process. Raises `DefinitionNotFound`, `ProcessSuspended`."""
    definition_id, suspended = queries.newest_process(key)
    if suspended:
        raise ProcessSuspended(_l("The process %(key)s is suspended.", key=key), key=key)
    return definition_id


def started_by(message: str) -> list[str]:
    """The keys of the processes whose newest version begins with this message."""
    found = queries.list_definitions(kind="bpmn")
    return [one.key for one in found if not one.suspended and message in start_messages(one.id)]


def start_messages(definition_id: str) -> frozenset[str]:
    """The messages a definition begins with."""
    spec = specs.load(definition_id).spec
    events = [start.event_definition for start in spec.bpmn_start_events]
    return frozenset(event.name for event in events if isinstance(event, CaughtEvent) and event.kind == "message")
