"""Jobs as Prometheus sees them."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.kernel import clock, leader
from app.kernel.db import session
from app.kernel.jobs import handout
from app.kernel.jobs.models import Job
from app.kernel.jobs.queue import count_by_state
from app.kernel.observability.metrics import gauge


@gauge("lightline_jobs", "Jobs by state", label="state")
def jobs_by_state() -> Mapping[str, float]:
    """How many jobs are in each state."""
    return {state: float(number) for state, number in count_by_state().items()}


@gauge("lightline_jobs_lag_seconds", "How long the job that waits longest is overdue")
def jobs_lag() -> float:
    """0 where nothing waits past its time."""
    now = clock.now()
    oldest = session.scalar(sa.select(sa.func.min(Job.run_at)).where(Job.state == "pending", Job.run_at <= now))
    return (now - oldest).total_seconds() if oldest else 0.0


@gauge("lightline_clock_leader", "1 for the clock that leads", label="clock")
def clock_leader() -> Mapping[str, float]:
    """Nothing where no clock runs."""
    name = leader.who()
    return {} if name is None else {name: 1.0}


@gauge("lightline_jobs_in_queue", "Jobs handed to the broker that no worker has taken yet")
def jobs_in_queue() -> float:
    """Asked of the database: a broker that is away must not hold a scrape up."""
    held = Job.lease_owner.startswith(handout.PREFIX)
    return float(session.scalar(sa.select(sa.func.count()).where(Job.state == "leased", held)) or 0)
