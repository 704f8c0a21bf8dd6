"""Callbacks that an outage still owes (待回访): reports by an order, which its own process calls back."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from app.kernel.db import session
from app.outages.models import TroubleCall
from app.workorders.models import CLOSED, WorkOrder

DONE = CLOSED | {"CALLED_BACK"}
"""States of an order whose customer is not called back any more."""


def order_callbacks(outage_ids: Collection[int]) -> dict[int, int]:
    """By outage, how many of the orders that reported it have not been called back; outages without are missing."""
    if not outage_ids:
        return {}
    query = (
        sa.select(TroubleCall.outage_id, sa.func.count(WorkOrder.id.distinct()))
        .join(WorkOrder, WorkOrder.id == TroubleCall.order_id)
        .where(TroubleCall.outage_id.in_(outage_ids), WorkOrder.status.not_in(sorted(DONE)))
        .group_by(TroubleCall.outage_id)
    )
    return {outage_id: count for outage_id, count in session.execute(query) if outage_id is not None}
