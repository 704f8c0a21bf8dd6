"""Prank storms: too many calls from one number are kept, shown, and count for nothing."""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel.db import session
from app.outages.location import Thresholds
from app.outages.models import Outage, TroubleCall


def is_suspect(call: TroubleCall, thresholds: Thresholds) -> bool:
    """Whether this number called for more places within the window than one person plausibly can."""
    if not call.phone or not thresholds.prank_calls:
        return False
    place = sa.case(
        (TroubleCall.customer_id.is_not(None), sa.cast(TroubleCall.customer_id, sa.String)), else_=TroubleCall.address
    )
    counted = session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.distinct(place))).where(*_same(call, thresholds))
    ).one()
    return counted[1] > thresholds.prank_calls or counted[0] > thresholds.prank_total


def mark(call: TroubleCall, thresholds: Thresholds) -> tuple[set[str], set[str]]:
    """Mark all calls of this number within the window, but those a dispatcher placed or a repair holds.

    Returns the feeders and the zones whose groups lose calls by it.
    """
    call.suspect, call.screening = True, "suspect"
    call.screening_facts = {"most": thresholds.prank_calls, "window": thresholds.prank_window}
    session.flush()
    others = session.scalars(
        sa.select(TroubleCall).where(
            *_same(call, thresholds),
            TroubleCall.suspect.is_(False),
            TroubleCall.placed_by == "rule",
            TroubleCall.screening == "passed",
        )
    ).all()
    feeders = {other.feeder_code for other in others if other.feeder_code}
    zones = {other.zone for other in others if other.zone and not other.feeder_code}
    for other in others:
        outage = session.get(Outage, other.outage_id) if other.outage_id is not None else None
        if outage is not None:
            outage.calls -= 1
        other.suspect, other.screening = True, "suspect"
        other.screening_facts = dict(call.screening_facts)
        other.outage_id, other.state = None, "open"
    session.flush()
    return feeders, zones


def _same(call: TroubleCall, thresholds: Thresholds) -> tuple[sa.ColumnElement[bool], ...]:
    since = call.received_at - thresholds.minutes("prank_window")
    return (TroubleCall.phone == call.phone, TroubleCall.received_at >= since)
