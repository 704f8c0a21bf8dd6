"""Removing the engine's records, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.engine.decisions.models import DecisionHistory
from app.engine.migration.models import MigrationItem
from app.engine.retries.models import RetryItem
from app.engine.runtime.models import (
    ActivityHistory,
    Incident,
    Instance,
    Message,
    MessageAddress,
    OperationLog,
    Subscription,
    Task,
    TaskCandidate,
    Timer,
)
from app.engine.statistics import storing
from app.engine.statistics.rebuilding import settle
from app.kernel.db import Base, session

OF_A_CASE: tuple[type[Base], ...] = (
    MigrationItem, Timer, Subscription, OperationLog, DecisionHistory,
)  # fmt: skip
"""Tables with an `instance_id` of which nothing else depends."""


def activities(keys: Sequence[int]) -> int:
    """Rows of the history; what they say stays in the figures. Under the lock, so that each is settled once."""
    storing.lock()
    left = session.scalars(sa.select(ActivityHistory.id).where(ActivityHistory.id.in_(keys))).all()
    settle(list(left))
    return delete(ActivityHistory, ActivityHistory.id.in_(left))


def states(keys: Sequence[str]) -> int:
    """Empty the states of ended instances, and forget those kept for the way back from a migration."""
    session.execute(
        sa.update(MigrationItem).where(MigrationItem.instance_id.in_(keys)).values(before=None),
        execution_options={"synchronize_session": False},
    )
    emptied: Any = session.execute(
        sa.update(Instance).where(Instance.id.in_(keys)).values(state=b""),
        execution_options={"synchronize_session": False},
    )
    return int(emptied.rowcount)


def messages(keys: Sequence[str]) -> int:
    """Delivered messages with their addresses; their keys are free again."""
    delete(MessageAddress, MessageAddress.message_id.in_(keys))
    return delete(Message, Message.id.in_(keys))


def cases(keys: Sequence[str]) -> int:
    """Ended instances with every row that belongs to them."""
    activities(session.scalars(sa.select(ActivityHistory.id).where(ActivityHistory.instance_id.in_(keys))).all())
    incidents = sa.select(Incident.id).where(Incident.instance_id.in_(keys))
    delete(RetryItem, RetryItem.incident_id.in_(incidents))
    delete(Incident, Incident.instance_id.in_(keys))
    tasks = sa.select(Task.id).where(Task.instance_id.in_(keys))
    delete(TaskCandidate, TaskCandidate.task_id.in_(tasks))
    delete(Task, Task.instance_id.in_(keys))
    for model in OF_A_CASE:
        delete(model, sa.inspect(model).columns["instance_id"].in_(keys))
    return delete(Instance, Instance.id.in_(keys))


def delete(model: Any, condition: Any) -> int:
    """Delete rows past the unit of work; returns how many."""
    done: Any = session.execute(sa.delete(model).where(condition), execution_options={"synchronize_session": False})
    return int(done.rowcount)
