"""The clock's part in jobs: start what is due, forget what was done long ago."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from app.kernel import db, settings
from app.kernel.db import session
from app.kernel.jobs.dispatcher import Dispatcher
from app.kernel.jobs.models import Job
from app.kernel.jobs.pool import JobPool
from app.kernel.jobs.runner import run_due
from app.kernel.registry import registry

POOL = "lightline.jobs.pool"
CLEAN_BATCH = 1000


@registry.sweep("jobs", every=timedelta(seconds=1))
def run_jobs(now: datetime) -> int:
    """Start due jobs: by the broker's workers or the clock's threads where there are some, else in this thread."""
    pool: JobPool | Dispatcher | None = current_app.extensions.get(POOL)
    return pool.fill(now) if pool is not None else run_due(now)


@registry.sweep("jobs.clean", every=timedelta(hours=1))
def clean_jobs(now: datetime) -> int:
    """Delete jobs done longer ago than the retention setting; their keys are free again then. Dead jobs stay."""
    before = now - timedelta(days=settings.current().job_retention_days)
    total = 0
    while deleted := db.run(lambda: _delete_batch(before)):
        total += deleted
    return total


def _delete_batch(before: datetime) -> int:
    old = sa.select(Job.id).where(Job.state == "done", Job.finished_at < before).limit(CLEAN_BATCH)
    ids = list(session.scalars(old))
    session.execute(sa.delete(Job).where(Job.id.in_(ids)), execution_options={"synchronize_session": False})
    return len(ids)
