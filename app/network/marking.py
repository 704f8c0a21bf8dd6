"""Customers that come, go or move in the grid leave a mark in their own transaction, so that every process hears of it.

What writes premises or customers past the unit of work (large loads) raises the structure's version instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.customers.models import Customer, Premises
from app.kernel.db import session, table
from app.network import listeners
from app.network.grid import changed_here
from app.network.models import CustomerMark

PLACE = ("transformer_code", "meter_box", "zone")
KEPT = 100_000
"""Marks kept; a process that slept longer reads all customers again."""


def follow() -> None:
    """Listen to every session; asking twice is once."""
    if not event.contains(Session, "after_flush", _mark):
        event.listen(Session, "after_flush", _mark)


def clean() -> int:
    """Forget old marks; returns how many."""
    last = session.scalar(sa.select(sa.func.max(CustomerMark.id))) or 0
    result = session.execute(sa.delete(CustomerMark).where(CustomerMark.id <= last - KEPT))
    return int(getattr(result, "rowcount", 0))


def tell_moved(current: Session, premises: Mapping[int, str | None]) -> None:
    """Leave marks of premises that moved in the grid, and tell whoever listens (`listeners.on_moved`)."""
    rows = [{"premises_id": each} for each in sorted(premises)]
    current.connection().execute(table(CustomerMark).insert(), rows)
    changed_here()
    listeners.tell_moved(premises)


def _mark(current: Session, _context: Any) -> None:
    moved: dict[int, str | None] = {}
    for row in (*current.new, *current.dirty):
        found = _premises(row, row in current.new)
        if found is not None:
            moved[found] = _before(row) if isinstance(row, Premises) else moved.get(found)
    if moved:
        tell_moved(current, moved)


def _before(row: Premises) -> str | None:
    """The transformer that premises named before, where it is another one now."""
    gone = sa.inspect(row).attrs["transformer_code"].history.deleted
    return str(gone[0]) if gone else None


def _premises(row: Any, new: bool) -> int | None:
    """The premises whose place, or whose customer, changed."""
    if isinstance(row, Customer):
        state = sa.inspect(row)
        moved = new or any(state.attrs[name].history.has_changes() for name in ("status", "premises_id"))
        return row.premises_id if moved else None
    if isinstance(row, Premises) and not new:
        state = sa.inspect(row)
        return row.id if any(state.attrs[name].history.has_changes() for name in PLACE) else None
    return None
