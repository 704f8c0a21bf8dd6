"""Giving changes their places in the feed, after they are committed."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.customers.feed.limits import LIMITS
from app.customers.feed.models import FeedPosition
from app.customers.models import CustomerChange
from app.kernel import db
from app.kernel.db import is_sqlite, session, table, write

_CHANGE = table(CustomerChange)
_PLACE = sa.update(_CHANGE).where(_CHANGE.c.id == sa.bindparam("row")).values(position=sa.bindparam("place"))
_ONLY = 1


def place_all() -> int:
    """Place everything that is committed by now; owns its transactions; returns how many were placed."""
    placed = 0
    while count := db.run(_place_batch):
        placed += count
    return placed


def _place_batch() -> int:
    """Under the lock of the one counter: two at once never give one place twice, and never leave one out."""
    waiting = sa.select(_CHANGE.c.id).where(_CHANGE.c.position.is_(None)).order_by(_CHANGE.c.id)
    if session.execute(waiting.limit(1)).first() is None:
        return 0
    counter = locked_counter()
    ids = list(session.scalars(waiting.limit(LIMITS.place_batch)))
    if ids:
        write(_PLACE, [{"row": row, "place": counter.last + place} for place, row in enumerate(ids, start=1)])
        counter.last += len(ids)
    return len(ids)


def forget_old(now: datetime) -> int:
    """Close the feed for what is older than the retention; the history of customers itself stays."""
    before = now - timedelta(days=LIMITS.retention_days)
    query = sa.select(sa.func.max(CustomerChange.position)).where(CustomerChange.at < before)
    counter = locked_counter()
    oldest = session.scalar(query.where(CustomerChange.position >= counter.first))
    if oldest is None:
        return 0
    forgotten = oldest + 1 - counter.first
    counter.first = oldest + 1
    return int(forgotten)


def locked_counter() -> FeedPosition:
    """The counter's row, made where there is none, locked until the transaction ends."""
    insert = (sqlite if is_sqlite() else postgresql).insert(FeedPosition)
    session.execute(insert.values(id=_ONLY, last=0, first=1).on_conflict_do_nothing(index_elements=["id"]))
    query = sa.select(FeedPosition).where(FeedPosition.id == _ONLY).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
