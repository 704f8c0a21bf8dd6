"""Rows for what starts a process besides people: subscriptions of its message and signal starts, and its timers.

They belong to the newest version of a key and are written when that is deployed; those of
the version before go. A timer whose time is drawn as before goes on where it stands: a
cycle keeps its rhythm, and a date that has passed does not come again. A duration counts
from the deployment of the diagram, so it begins anew where the diagram has changed, and
goes on where only something that it names got a new version.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.engine import scripting
from app.engine.definitions import deploy
from app.engine.definitions.models import Definition
from app.engine.definitions.start_events import StartEvent, read_starts
from app.engine.iso8601 import due, parse_cycle
from app.engine.runtime.models import Subscription, Timer
from app.kernel import db
from app.kernel.db import session

_complete: set[str] = set()
"""The databases in which every definition is known to be indexed."""


def index(row: Definition, before: Definition | None, *, now: datetime) -> None:
    """Let events start this version and no longer the one before. Raises `ScriptError`, `InvalidTime`."""
    if row.kind != "bpmn":
        return
    starts = read_starts(row.content, row.key)
    drawn = read_starts(before.content, before.key) if before is not None else []
    kept = {one for one in starts if one in drawn and _goes_on(one, row, before)}
    if before is not None:
        _hand_on(before.id, row.id, {one.element_id for one in kept if one.kind == "timer"})
        for model in (Timer, Subscription):
            session.execute(sa.delete(model).where(model.definition_id == before.id))
    session.add_all(_timer(row, one, now) for one in starts if one.kind == "timer" and one not in kept)
    session.add_all(_subscription(row, one) for one in starts if one.kind != "timer")
    row.starts_indexed = True
    session.flush()


def index_missing(*, now: datetime) -> None:
    """Write the rows of definitions from before there were any: their message starts.

    Looked for until none is left, then no more in this process: a deployment writes its own,
    and the look reads past the contents of all definitions.
    """
    if str(db.db.engine.url) in _complete:
        return
    other = sa.orm.aliased(Definition)
    newest = sa.select(sa.func.max(other.version)).where(other.kind == "bpmn", other.key == Definition.key)
    query = sa.select(Definition).where(Definition.kind == "bpmn", Definition.starts_indexed.is_(False))
    missing = session.scalars(query.where(Definition.version == newest.scalar_subquery())).all()
    for row in missing:
        index(row, None, now=now)
    if not missing:
        _complete.add(str(db.db.engine.url))


def _goes_on(start: StartEvent, row: Definition, before: Definition | None) -> bool:
    same_diagram = before is not None and row.content_sha == before.content_sha
    return start.form != "duration" or same_diagram


def _hand_on(before: str, after: str, elements: set[str]) -> None:
    statement = sa.update(Timer).where(Timer.definition_id == before, Timer.element_id.in_(elements))
    session.execute(statement.values(definition_id=after), execution_options={"synchronize_session": False})


def _timer(row: Definition, start: StartEvent, now: datetime) -> Timer:
    text = str(scripting.render(start.text, {}, now=lambda: now))
    if start.form == "cycle":
        cycle = parse_cycle(text)
        left, at = cycle.times, cycle.first or cycle.every.after(now)
    else:
        left, at = 1, due(text, now)
    return Timer(definition_id=row.id, element_id=start.element_id, due_at=at, run_at=at, left=left)


def _subscription(row: Definition, start: StartEvent) -> Subscription:
    return Subscription(
        definition_id=row.id, key=start.element_id, kind=start.kind, name=start.text,
        element_id=start.element_id, correlation="",
    )  # fmt: skip


deploy.follow(index)
