"""Build facts and counts anew (重建汇总): after an import past the operations, or a change of bounds."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.kernel import db
from app.kernel.db import alone, session
from app.supervision.models import OpenCount, OrderFact, OrderMark, PeriodCount
from app.supervision.operations.folding import BATCH, FOLD, recount
from app.workorders.models import WorkOrder


def rebuild(*, now: datetime, batch: int = BATCH) -> int:
    """Recount every order in transactions of `batch`; returns how many. Marks written meanwhile stay for the fold.

    Runs outside a transaction. Facts are corrected in place, so pages stay right while it runs; a crash
    leaves what was done and can be begun again.
    """
    db.run(lambda: _drop_orphans(now))
    after, total = 0, 0
    while True:
        ids = db.run(lambda after=after: _some(after, batch, now))  # type: ignore[misc]
        if not ids:
            return total
        after, total = ids[-1], total + len(ids)


def forget(*, now: datetime) -> None:  # noqa: ARG001  (an operation like the others)
    """Empty facts, counts and marks: what `rebuild` then makes owes nothing to what was there."""
    alone(FOLD)
    for model in (OrderFact, OpenCount, PeriodCount, OrderMark):
        session.execute(sa.delete(model))


def _some(after: int, batch: int, now: datetime) -> list[int]:
    alone(FOLD)
    ids = list(session.scalars(sa.select(WorkOrder.id).where(WorkOrder.id > after).order_by(WorkOrder.id).limit(batch)))
    if ids:
        recount(ids, now=now)
    return ids


def _drop_orphans(now: datetime) -> None:
    """Facts of orders that are gone count no more."""
    alone(FOLD)
    gone = list(
        session.scalars(
            sa.select(OrderFact.order_id).where(~sa.exists().where(WorkOrder.id == OrderFact.order_id)).limit(10_000)
        )
    )
    if gone:
        recount(gone, now=now)
