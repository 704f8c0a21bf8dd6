"""Mark each order that a transaction changes, in that transaction: nothing that is saved goes uncounted.

Rows are followed at the flush; the marks are written at the commit, one a changed order.
Changes by statements past the unit of work mark nothing: whoever makes them calls `mark`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.kernel.db import session, table
from app.supervision.models import OrderMark
from app.workorders.models import Callback, OrderLimit, OrderReturn, OrderStamp, WorkOrder

PENDING = "supervision_marks"
CHILDREN = (OrderLimit, OrderStamp, OrderReturn, Callback)


def mark(order_ids: Iterable[int]) -> None:
    """These orders are to be counted anew."""
    rows = [{"order_id": each} for each in order_ids]
    if rows:
        session.execute(sa.insert(table(OrderMark)), rows)


def follow() -> None:
    """Listen to every session; once however often it is asked."""
    for name, handler in (
        ("after_flush", _collect),
        ("before_commit", _write),
        ("after_soft_rollback", _forget),
    ):
        if not event.contains(Session, name, handler):
            event.listen(Session, name, handler)


def _collect(current: Session, _context: Any) -> None:
    found = {id_ for row in (*current.new, *current.dirty, *current.deleted) if (id_ := _order_of(row)) is not None}
    if found:
        current.info.setdefault(PENDING, set()).update(found)


def _order_of(row: Any) -> int | None:
    if isinstance(row, WorkOrder):
        return row.id
    return row.order_id if isinstance(row, CHILDREN) else None


def _write(current: Session) -> None:
    if current.in_nested_transaction():
        return
    current.flush()
    found = sorted(current.info.pop(PENDING, ()))
    if found:
        current.connection().execute(sa.insert(table(OrderMark)), [{"order_id": each} for each in found])


def _forget(current: Session, previous: Any) -> None:
    if previous.nested is False:
        current.info.pop(PENDING, None)
