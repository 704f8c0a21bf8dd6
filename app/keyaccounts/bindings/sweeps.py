"""Work of the clock: plan the year's visits, begin those whose day has come."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel import db
from app.kernel.registry import registry
from app.keyaccounts.operations import begin_due, plan_due


@registry.sweep("keyaccounts.plan", every=timedelta(hours=6))
def plan(now: datetime) -> int:
    """Visits of the present year for accounts that have none planned."""
    return db.run(lambda: plan_due(now))


@registry.sweep("keyaccounts.begin_visits", every=timedelta(minutes=30))
def begin_visits(now: datetime) -> int:
    """Tasks for the managers whose visits are due."""
    return db.run(lambda: begin_due(now))
