"""Noting what a command did to passages: in memory while it runs, one row when it is saved.

`Run.tallied` holds lists (unit path, event); what is counted for an instance that is not at
work is written at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.engine.statistics.counting import CANCELLED, COMPLETED, STARTED, UNDONE, Event, ended, local_day
from app.engine.statistics.models import ElementTally
from app.kernel import db

if TYPE_CHECKING:
    from app.engine.definitions.specs import Loaded
    from app.engine.runtime.run.active import Run

_ADD = sa.insert(db.table(ElementTally))

Entered = Mapping[str, list[str]]
"""`Envelope.entered`: of each open passage when it began, its (sub)process and its element."""


def began(run: Run, scope: str, element_id: str) -> None:
    """A passage has begun and stays open for now."""
    _note(run, _start(run.loaded, STARTED, scope, element_id, run.now))


def passed(run: Run, row: Mapping[str, Any], *, at_once: bool) -> None:
    """A passage has ended as its row of the history says; `at_once` where its beginning was not noted."""
    where = (row["process_key"], row["definition_id"], row["element_id"])
    if at_once:
        _note(run, Event(STARTED, *where, local_day(row["started_at"])))
    what = COMPLETED if row["outcome"] == "completed" else CANCELLED
    _note(run, ended(what, where, row["started_at"], row["ended_at"]))


def restated(run: Run, before: Entered, loaded: Loaded) -> None:
    """The open passages stand in another version now (`run.loaded`, `run.envelope`); before, they stood in `loaded`."""
    for _token, (at, scope, element_id) in before.items():
        _note(run, _start(loaded, UNDONE, scope, element_id, datetime.fromisoformat(at)))
    for _token, (at, scope, element_id) in run.envelope.entered.items():
        _note(run, _start(run.loaded, STARTED, scope, element_id, datetime.fromisoformat(at)))


def transferred(loaded: Loaded, entered: Entered, before: str | None, after: str | None) -> list[tuple[str, Event]]:
    """The open passages belong to another unit from now on: what is to be noted for either."""
    notes = []
    for at, scope, element_id in entered.values():
        began_at = datetime.fromisoformat(at)
        notes.append((before or "", _start(loaded, UNDONE, scope, element_id, began_at)))
        notes.append((after or "", _start(loaded, STARTED, scope, element_id, began_at)))
    return notes


def write(notes: Iterable[tuple[str, Event]]) -> None:
    """Add a row for each unit; nothing where nothing was noted."""
    by_unit: dict[str, list[Event]] = defaultdict(list)
    for unit_path, event in notes:
        by_unit[unit_path].append(event)
    if by_unit:
        db.write(
            _ADD,
            [
                {"unit_path": unit_path, "events": [list(event) for event in events]}
                for unit_path, events in by_unit.items()
            ],
        )


def _note(run: Run, event: Event) -> None:
    run.tallied.append((run.instance.unit_path or "", event))


def _start(loaded: Loaded, what: str, scope: str, element_id: str, at: datetime) -> Event:
    definition = loaded.definition_of(scope) or loaded
    return Event(what, definition.key, definition.definition_id, element_id, local_day(at))
