"""Alerts as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.kernel.db import session
from app.supervision.models import SupervisionAlert
from app.supervision.queries.board import within
from app.supervision.queries.lines import Line
from app.supervision.queries.tree import View
from app.workorders.models import WorkOrder

MOST = 100


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert; `order_number` is empty for one about a unit."""

    id: int
    rule: str
    level: str
    order_number: str
    unit_code: str
    category: str
    facts: dict[str, object]
    raised_at: datetime
    acknowledged_by: str
    acknowledged_at: datetime | None
    note: str


def alerts(line: Line, view: View, *, acknowledged: bool = False, limit: int = MOST) -> list[AlertView]:
    """The alerts of a line in the units of a view, newest first; those about a unit are every line's."""
    alert = SupervisionAlert
    mine = sa.or_(line.where(alert), alert.order_id.is_(None))
    done = alert.acknowledged_at.is_not(None) if acknowledged else alert.acknowledged_at.is_(None)
    query = (
        sa.select(alert, WorkOrder.number)
        .outerjoin(WorkOrder, WorkOrder.id == alert.order_id)
        .where(mine, done, within(alert.unit_code, view))
        .order_by(alert.id.desc())
        .limit(limit)
    )
    return [
        AlertView(
            row.id,
            row.rule,
            row.level,
            number or "",
            row.unit_code,
            row.category,
            dict(row.facts),
            row.raised_at,
            row.acknowledged_by,
            row.acknowledged_at,
            row.note,
        )
        for row, number in session.execute(query)
    ]


def open_alerts(line: Line, view: View) -> int:
    """How many alerts nobody has acknowledged."""
    alert = SupervisionAlert
    mine = sa.or_(line.where(alert), alert.order_id.is_(None))
    query = sa.select(sa.func.count()).where(mine, alert.acknowledged_at.is_(None), within(alert.unit_code, view))
    return session.scalar(query) or 0
