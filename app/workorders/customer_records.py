"""Orders as records of customers, for packages beside this one (`customers.records`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import url_for

from app.customers.records import Record, records
from app.kernel.db import session
from app.kernel.i18n import localized
from app.workorders.labels import status_label
from app.workorders.models import CLOSED, OrderLimit, WorkOrder
from app.workorders.queries.codes import codes

MOST = 2000
"""Orders read at once: more than any list or report of key accounts shows."""


@records("orders")
def orders_of(
    numbers: Sequence[str], *, since: datetime | None, until: datetime | None, open_only: bool
) -> Mapping[str, Sequence[Record]]:
    """Orders of these accounts, newest first; secret ones are left out whoever asks."""
    query = sa.select(WorkOrder).where(WorkOrder.account_no.in_(numbers), WorkOrder.secrecy == "none")
    if since is not None:
        query = query.where(WorkOrder.reported_at >= since)
    if until is not None:
        query = query.where(WorkOrder.reported_at < until)
    if open_only:
        query = query.where(WorkOrder.status.not_in(CLOSED))
    rows = list(session.scalars(query.order_by(WorkOrder.reported_at.desc()).limit(MOST)))
    kept = _kept([row.id for row in rows])
    names = {each.code: localized(each.name, each.name_en) for each in codes("category", inactive=True)}
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row.account_no].append(
            Record(
                number=row.number,
                title=names.get(row.category, row.category),
                state=str(status_label(row.status)),
                open=row.status not in CLOSED,
                at=row.reported_at,
                ended_at=row.closed_at,
                in_time=kept.get(row.id),
                link=url_for("workorders.order", number=row.number),
            )
        )
    return found


def _kept(ids: Sequence[int]) -> dict[int, bool]:
    """Whether all limits of an order were kept, by order; orders without limits are left out."""
    breached = sa.func.max(sa.case((OrderLimit.breached, 1), else_=0))
    query = sa.select(OrderLimit.order_id, breached).where(OrderLimit.order_id.in_(ids)).group_by(OrderLimit.order_id)
    return {order_id: not late for order_id, late in session.execute(query)} if ids else {}
