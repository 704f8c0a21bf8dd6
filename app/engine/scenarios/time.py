"""Time passing: timers and jobs in the order in which they are due, until nothing is due any more."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app.engine.runtime.models import Timer
from app.engine.scenarios.outcome import ScenarioFailure
from app.engine.scenarios.stage import Stage
from app.kernel import jobs
from app.kernel.db import UtcDateTime, session
from app.kernel.jobs.models import Job
from app.kernel.registry import registry

MAX_ROUNDS = 2000


def settle(stage: Stage) -> None:
    """Do all that is due now: the engine's sweeps (timers, kept messages) and the jobs."""
    for _round in range(MAX_ROUNDS):
        done = sum(sweep.run(stage.now) for name, sweep in registry.sweeps.items() if name.startswith("engine."))
        done += jobs.run_due(stage.now)
        session.remove()
        if not done:
            return
    raise ScenarioFailure(_("the process does not come to rest"))


def advance(stage: Stage, by: timedelta) -> None:
    """Move the clock from one due moment to the next, and to the end."""
    end = stage.now + by
    for _round in range(MAX_ROUNDS):
        settle(stage)
        due = stage.read(lambda: _next_due(stage.now))
        if due is None or due > end:
            stage.clock.set(end)
            settle(stage)
            return
        stage.clock.set(due)
    raise ScenarioFailure(_("the process does not come to rest"))


def _next_due(now: datetime) -> datetime | None:
    """When the next timer or job is due after this moment."""
    moments = [
        session.scalar(sa.select(sa.func.min(column, type_=UtcDateTime())).where(column > now, *conditions))
        for column, conditions in ((Timer.run_at, ()), (Job.run_at, (Job.state == "pending",)))
    ]
    return min((moment for moment in moments if moment is not None), default=None)
