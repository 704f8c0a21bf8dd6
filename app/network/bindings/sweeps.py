"""Work of the clock: old marks are forgotten, customers follow boxes that hang elsewhere from today on."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel import db
from app.kernel.clock import LOCAL
from app.kernel.registry import registry
from app.network import boxes
from app.network.marking import clean


@registry.sweep("network.forget_marks", every=timedelta(hours=6))
def forget_marks(_now: datetime) -> int:
    """Marks of customers that moved long ago."""
    return db.run(clean)


@registry.sweep("network.follow_boxes", every=timedelta(hours=1))
def follow_boxes(now: datetime) -> int:
    """Customers of meter boxes of which another version came into force."""
    return db.run(lambda: boxes.follow_days(now.astimezone(LOCAL).date()))
