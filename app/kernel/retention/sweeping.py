"""The sweep: removes what is over, in batches, and says what it removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.kernel import audit, db
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session
from app.kernel.registry import registry
from app.kernel.retention import kinds, rules
from app.kernel.retention.models import RetentionRun

EVERY = timedelta(hours=1)
MAX_BATCHES = 200
"""Batches of one kind in one run of the clock: the rest waits an hour, so that other periodic work is not held up."""


@dataclass(frozen=True, slots=True)
class RunView:
    """One run that removed something; counts are rows by kind."""

    started_at: datetime
    finished_at: datetime | None
    removed: dict[str, int]


@registry.sweep("retention", every=EVERY)
def sweep(now: datetime) -> int:
    """Remove what is over; returns how many rows. Owns its transactions."""
    return sum(run(now, actor=SYSTEM).values())


def run(now: datetime, *, actor: Actor, max_batches: int = MAX_BATCHES) -> dict[str, int]:
    """Remove what is over and note it: in `retention_run` with each batch, in the audit trail at the end."""
    run_id: int | None = None
    total: dict[str, int] = {}
    for kind in kinds.every():
        for _ in range(max_batches):
            run_id, removed = db.run(lambda kind=kind, run_id=run_id: _batch(kind, run_id, now))  # type: ignore[misc]
            if not removed:
                break
            total[kind.name] = total.get(kind.name, 0) + removed
    db.run(lambda: _finish(actor, now))
    return total


def would_remove(now: datetime) -> dict[str, int]:
    """A dry run: how many rows of each kind are over."""
    found = {}
    for kind in kinds.every():
        query = kind.expired(rules.plan_of(kind, now)).order_by(None).subquery()
        found[kind.name] = session.scalar(sa.select(sa.func.count()).select_from(query)) or 0
    return found


def runs(*, limit: int = 20) -> list[RunView]:
    """The latest runs that removed something."""
    query = sa.select(RetentionRun).order_by(RetentionRun.id.desc()).limit(limit)
    return [RunView(row.started_at, row.finished_at, dict(row.removed)) for row in session.scalars(query)]


def _batch(kind: kinds.Kind, run_id: int | None, now: datetime) -> tuple[int | None, int]:
    keys = list(session.scalars(kind.expired(rules.plan_of(kind, now)).limit(kind.batch)))
    if not keys:
        return run_id, 0
    for remove in kind.along:
        remove(keys)
    removed = kind.remove(keys)
    row = session.get(RetentionRun, run_id) if run_id is not None else None
    if row is None:
        row = RetentionRun(started_at=now, removed={})
        session.add(row)
    row.removed = {**row.removed, kind.name: row.removed.get(kind.name, 0) + removed}
    session.flush()
    return row.id, removed


def _finish(actor: Actor, now: datetime) -> None:
    """Close every open run, those of processes that died included: each gets its entry in the audit trail once."""
    for row in _open_runs():
        row.finished_at = now
        audit.record(
            "retention.sweep", actor=actor, now=now, subject_type="retention", subject_id=row.id, details=row.removed
        )


def _open_runs() -> Iterator[RetentionRun]:
    query = sa.select(RetentionRun).where(RetentionRun.finished_at.is_(None)).with_for_update(skip_locked=True)
    yield from session.scalars(query).all()
