"""The clock puts crews on duty and off duty as the roster says."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel import db
from app.kernel.registry import registry
from app.workorders.operations import shifts


@registry.sweep("workorders.roster", every=timedelta(seconds=30))
def follow(now: datetime) -> int:
    """Shifts that began or ended."""
    return db.run(lambda: shifts.follow_roster(now=now))
