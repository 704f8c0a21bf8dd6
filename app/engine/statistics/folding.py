"""Folding noted events into the figures: each row is counted and removed in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.engine.statistics import storing
from app.engine.statistics.counting import Counts
from app.engine.statistics.models import ElementTally
from app.kernel import db
from app.kernel.db import session
from app.kernel.registry import registry

EVERY = timedelta(seconds=15)
BATCH = 500
"""Rows of one transaction; each is one command on one instance."""


@registry.sweep("engine.statistics", every=EVERY)
def sweep(_now: datetime) -> int:
    """Fold all there is; returns how many rows that were. Owns its transactions."""
    total = 0
    while _any() and (folded := db.run(fold)):
        total += folded
    return total


def fold() -> int:
    """Fold a batch, the oldest rows first; returns how many."""
    storing.lock()
    rows = session.execute(
        sa.select(ElementTally.id, ElementTally.unit_path, ElementTally.events).order_by(ElementTally.id).limit(BATCH)
    ).all()
    counts = Counts()
    for _id, unit_path, events in rows:
        counts.count_all(events, unit_path)
    storing.add(counts, settled=False)
    chosen = sa.delete(ElementTally).where(ElementTally.id.in_([row.id for row in rows]))
    session.execute(chosen, execution_options={"synchronize_session": False})
    return len(rows)


def _any() -> bool:
    """Whether there is a row: asked without the writer's lock."""
    session.rollback()
    found = session.scalar(sa.select(ElementTally.id).limit(1)) is not None
    session.rollback()
    return found
