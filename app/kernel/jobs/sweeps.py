"""The clock's part in jobs: start what is due, forget what was done long ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.kernel import settings
from app.kernel.db import session
from app.kernel.jobs.dispatcher import Dispatcher
from app.kernel.jobs.models import Job
from app.kernel.jobs.pool import JobPool
from app.kernel.jobs.runner import run_due
from app.kernel.registry import registry
from app.kernel.retention.kinds import define, standard
from app.kernel.retention.plan import Plan

POOL = "lightline.jobs.pool"


@registry.sweep("jobs", every=timedelta(seconds=1))
def run_jobs(now: datetime) -> int:
    """Start due jobs: by the broker's workers or the clock's threads where there are some, else in this thread."""
    pool: JobPool | Dispatcher | None = current_app.extensions.get(POOL)
    return pool.fill(now) if pool is not None else run_due(now)


def register() -> None:
    """Define jobs that are done as records kept for the days of the setting, as long as their keys. Dead ones stay."""
    entry = standard(Path(__file__).with_name("retention.yaml"))["job"]
    define("job", entry, expired=_done, remove=_delete, days=lambda: settings.current().job_retention_days)


def _done(plan: Plan) -> sa.Select[Any]:
    return sa.select(Job.id).where(Job.state == "done", plan.over(Job.finished_at))


def _delete(keys: Sequence[str]) -> int:
    statement = sa.delete(Job).where(Job.id.in_(keys))
    removed: Any = session.execute(statement, execution_options={"synchronize_session": False})
    return int(removed.rowcount)
