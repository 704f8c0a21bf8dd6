"""What an operator watches of the engine: open incidents, instances under way, how late the timers are."""

from __future__ import annotations

import sqlalchemy as sa

from app.engine.runtime.incidents import count_open_incidents
from app.engine.runtime.models import Instance, Task
from app.engine.runtime.timers import next_due
from app.kernel import clock
from app.kernel.db import session
from app.kernel.observability.metrics import gauge


@gauge("lightline_engine_incidents_open", "Steps that wait for an operator.")
def incidents() -> float:
    return count_open_incidents()


@gauge("lightline_engine_instances", "Process instances under way, by status.", label="status")
def instances() -> dict[str, float]:
    query = sa.select(Instance.status, sa.func.count()).where(Instance.status.in_(("active", "suspended")))
    return {status: number for status, number in session.execute(query.group_by(Instance.status))}


@gauge("lightline_engine_tasks_open", "User tasks that are open.")
def tasks() -> float:
    return session.scalar(sa.select(sa.func.count()).select_from(Task).where(Task.state == "open")) or 0


@gauge("lightline_engine_timers_lag_seconds", "How long the most overdue timer has been due.")
def timers_lag() -> float:
    due = next_due()
    return max((clock.now() - due).total_seconds(), 0.0) if due is not None else 0.0
