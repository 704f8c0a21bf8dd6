"""Counting anew from the histories: after an upgrade from a version that kept no figures, or in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.engine.definitions import specs
from app.engine.runtime.models import ActivityHistory, Instance
from app.engine.runtime.state import peek
from app.engine.statistics import noting, storing
from app.engine.statistics.counting import CANCELLED, COMPLETED, STARTED, Counts, Event, Place, ended, local_day
from app.engine.statistics.models import ElementDay, ElementSpan, ElementTally
from app.kernel.db import is_sqlite, session

CHUNK = 2000
"""Rows read at once."""

_UNIT = sa.func.coalesce(ActivityHistory.unit_path, Instance.unit_path, "")
"""Rows of before the unit was kept belong to their instance's unit."""


def rebuild() -> int:
    """Replace all figures by what the histories, open passages and settled figures say; returns how many rows.

    One transaction with one look at the database, so that what is noted meanwhile is
    counted by the sweep and only there. On SQLite nobody else can write as long.
    """
    if not is_sqlite():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    storing.lock()
    counts = Counts()
    for query in (_history(), _open()):
        for event, unit_path in query:
            counts.count(event, unit_path)
    for model in (ElementDay, ElementSpan):
        _forget(model)
    session.execute(sa.delete(ElementTally), execution_options={"synchronize_session": False})
    storing.add(counts, settled=False)
    _add_settled()
    return len(counts)


def settle(history_ids: list[int]) -> None:
    """Set down what these rows of the history say, which are about to be removed."""
    storing.lock()
    counts = Counts()
    for event, unit_path in _events(ActivityHistory.id.in_(history_ids)):
        counts.count(event, unit_path)
    storing.add(counts, settled=True)


def _history() -> Iterator[tuple[Event, str]]:
    return _events(sa.true())


def _events(wanted: Any) -> Iterator[tuple[Event, str]]:
    row = ActivityHistory
    columns = (row.process_key, row.definition_id, row.element_id, row.started_at, row.ended_at, row.outcome, _UNIT)
    query = sa.select(*columns).join(Instance, Instance.id == row.instance_id).where(wanted)
    for key, definition_id, element_id, started_at, ended_at, outcome, unit_path in _read(query):
        where = (key, definition_id, element_id)
        yield Event(STARTED, *where, local_day(started_at)), unit_path
        what = COMPLETED if outcome == "completed" else CANCELLED
        yield ended(what, where, started_at, ended_at), unit_path


def _open() -> Iterator[tuple[Event, str]]:
    """Passages that have begun and not ended, as the states of running instances remember them."""
    running = Instance.status.in_(("active", "suspended"))
    for definition_id, unit_path, state in _read(
        sa.select(Instance.definition_id, Instance.unit_path, Instance.state).where(running)
    ):
        loaded = specs.load(definition_id)
        for unit, event in noting.transferred(loaded, peek(state).entered, None, unit_path):
            if event.what == STARTED:
                yield event, unit


def _read(query: Any) -> Iterator[Any]:
    return iter(session.execute(query, execution_options={"yield_per": CHUNK}))


def _forget(model: type[ElementDay] | type[ElementSpan]) -> None:
    gone = sa.delete(model).where(model.settled.is_(False))
    session.execute(gone, execution_options={"synchronize_session": False})


def _add_settled() -> None:
    counts = Counts()
    for row in session.scalars(sa.select(ElementDay).where(ElementDay.settled)):
        figures = counts[_place(row)]
        for name in ("started", "completed", "cancelled", "total_ms", "shortest_ms", "longest_ms"):
            setattr(figures, name, getattr(row, name))
    for span in session.scalars(sa.select(ElementSpan).where(ElementSpan.settled)):
        counts[_place(span)].spans[span.span] = span.count
    storing.add(counts, settled=False)


def _place(row: ElementDay | ElementSpan) -> Place:
    from_row = (row.process_key, row.definition_id, row.element_id, row.day, row.unit_path)
    return Place(*from_row)
