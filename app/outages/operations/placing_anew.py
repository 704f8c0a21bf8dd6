"""Calls whose transformer has left the grid are placed anew: by their customer, else by zone, else by a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.kernel.db import session
from app.network.grid import Grid
from app.outages.models import Outage, TroubleCall


@dataclass(slots=True)
class Elsewhere:
    """Where calls went: the groups there are to be formed anew."""

    feeders: set[str] = field(default_factory=set)
    zones: set[str] = field(default_factory=set)


def place_anew(call_ids: Collection[int], grid: Grid) -> Elsewhere:
    """Take these calls off what they were thought to belong to and give each its present place."""
    found = Elsewhere()
    for call in session.scalars(sa.select(TroubleCall).where(TroubleCall.id.in_(call_ids))).all():
        outage = session.get(Outage, call.outage_id) if call.outage_id is not None else None
        if outage is not None:
            outage.calls = max(0, outage.calls - 1)
        call.outage_id, call.state = None, "open"
        transformer = grid.transformer_of(call.customer_id) if call.customer_id is not None else None
        call.transformer_code = transformer or ""
        call.feeder_code = grid.feeder_of(transformer) if transformer else ""
        if call.customer_id is not None and not call.zone:
            call.zone = grid.zone_of(call.customer_id)
        if call.feeder_code:
            found.feeders.add(call.feeder_code)
        elif call.zone:
            found.zones.add(call.zone)
        else:
            call.screening = "no_place"
    session.flush()
    return found
