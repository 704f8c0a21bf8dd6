"""Outages as a program lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.customers.queries.beginnings import under
from app.kernel.db import session
from app.outages.models import OVER, Outage
from app.outages.queries.view import OutageView, view_of

MOST = 200


@dataclass(frozen=True, slots=True)
class OutagePage:
    """Outages, the newest first, and the id to go on after."""

    rows: Sequence[OutageView]
    after: int | None


def list_outages(
    paths: Sequence[str],
    *,
    active: bool = True,
    unit_path: str = "",
    feeder: str = "",
    nature: str = "",
    after: int | None = None,
    limit: int = 50,
) -> OutagePage:
    """Outages of these units, the newest first; `active` ones are not over."""
    query = sa.select(Outage).where(under(Outage.unit_path, tuple(paths)))
    if active:
        query = query.where(Outage.status.not_in(OVER))
    if unit_path:
        query = query.where(under(Outage.unit_path, (unit_path,)))
    if feeder:
        query = query.where(Outage.feeder_code == feeder)
    if nature:
        query = query.where(Outage.nature == nature)
    if after is not None:
        query = query.where(Outage.id < after)
    limit = min(limit, MOST)
    rows = list(session.scalars(query.order_by(Outage.id.desc()).limit(limit + 1)))
    more = rows[limit - 1].id if len(rows) > limit else None
    return OutagePage([view_of(row) for row in rows[:limit]], more)
