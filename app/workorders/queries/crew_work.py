"""What crews are doing (当前任务): their orders under way, with state and expected end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.workorders.models import WorkOrder

AT_WORK = frozenset(
    {"DISPATCHED", "ACCEPTED", "EN_ROUTE", "ARRIVED", "SURVEYED", "REPAIRING", "HANDLING", "RESTORED", "ASSISTING"}
)
"""States in which an order takes up its crew: from the dispatch to the reply."""


@dataclass(frozen=True, slots=True)
class Work:
    """One order of a crew; `ends_at` is its estimate of restoration."""

    crew_id: int
    order_id: int
    number: str
    status: str
    address: str
    priority: int
    importance: str
    ends_at: datetime | None


def work_of(crew_ids: Sequence[int]) -> dict[int, list[Work]]:
    """The orders each crew is at work on, the most urgent first; crews without any are missing."""
    query = (
        sa.select(
            WorkOrder.crew_id,
            WorkOrder.id,
            WorkOrder.number,
            WorkOrder.status,
            WorkOrder.address,
            WorkOrder.priority,
            WorkOrder.importance,
            WorkOrder.etr_at,
        )
        .where(WorkOrder.crew_id.in_(crew_ids), WorkOrder.status.in_(AT_WORK))
        .order_by(WorkOrder.priority.desc(), WorkOrder.id)
    )
    found: dict[int, list[Work]] = {}
    for row in session.execute(query):
        work = Work(
            crew_id=int(row.crew_id),
            order_id=row.id,
            number=row.number,
            status=row.status,
            address=row.address,
            priority=row.priority,
            importance=row.importance,
            ends_at=row.etr_at,
        )
        found.setdefault(work.crew_id, []).append(work)
    return found
