"""Looking at instances: history, variables, what is waited for. The diagram with its token is `picture`'s."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from app.engine.definitions import specs
from app.engine.elements.scope import current_data
from app.engine.runtime.elements import definition_of
from app.engine.runtime.errors import TaskNotFound
from app.engine.runtime.models import ActivityHistory, Instance, OperationLog, Subscription, Task, Timer
from app.engine.runtime.run import command
from app.engine.runtime.state import peek
from app.engine.runtime.views import Activity, Operation, Waiting
from app.engine.runtime.workflow import find
from app.kernel.actor import SYSTEM
from app.kernel.db import session

SERVICES = frozenset({"serviceTask", "sendTask", "businessRuleTask"})


def history(instance_id: str) -> list[Activity]:
    """What happened in an instance, in order; elements still active come last. Raises `InstanceNotFound`."""
    instance = command.find_instance(instance_id)
    query = sa.select(ActivityHistory).where(ActivityHistory.instance_id == instance_id).order_by(ActivityHistory.id)
    return [_activity(row) for row in session.scalars(query)] + _active(instance)


def operations(instance_id: str) -> list[Operation]:
    """What people did to an instance and its tasks, in order."""
    query = sa.select(OperationLog).where(OperationLog.instance_id == instance_id).order_by(OperationLog.id)
    return [
        Operation(at=row.at, actor=row.actor, operation=row.operation, task_id=row.task_id, details=row.details)
        for row in session.scalars(query)
    ]


def variables(instance_id: str) -> dict[str, Any]:
    """A private copy of the variables of an instance as they stand now; none where its state was removed."""
    instance = command.find_instance(instance_id)
    if not instance.state:
        return {}
    run = command.restore(instance, actor=SYSTEM, now=instance.started_at)
    return current_data(run.workflow)


def task_data(task_id: str) -> dict[str, Any]:
    """A private copy of the variables as this task sees them: what its form starts from. Raises `TaskNotFound`."""
    row = session.get(Task, task_id)
    if row is None:
        raise TaskNotFound(task_id)
    instance = command.find_instance(row.instance_id)
    if not instance.state:
        return {}
    run = command.restore(instance, actor=SYSTEM, now=instance.started_at)
    task = find(run.workflow, row.token)
    return deepcopy(task.data) if task is not None else {}


def waiting(instance_id: str) -> list[Waiting]:
    """What the instance waits for besides people, the soonest timer first."""
    instance = command.find_instance(instance_id)
    timers = session.scalars(sa.select(Timer).where(Timer.instance_id == instance_id).order_by(Timer.due_at))
    found = [Waiting("timer", row.element_id, "", row.due_at) for row in timers]
    rows = session.scalars(sa.select(Subscription).where(Subscription.instance_id == instance_id))
    for row in sorted(rows, key=lambda row: (row.element_id, row.name)):
        asked = orjson.loads(row.correlation) if row.correlation.startswith("{") else {}
        found.append(Waiting(row.kind, row.element_id, row.name, correlation=asked))
    services = [activity for activity in _active(instance) if activity.kind in SERVICES]
    return found + [Waiting("service", activity.element_id, activity.name) for activity in services]


def _activity(row: ActivityHistory) -> Activity:
    return Activity(
        element_id=row.element_id,
        kind=row.kind,
        name=row.name,
        name_en=row.name_en,
        process_key=row.process_key,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        actor=row.actor,
        task_id=row.task_id,
        sources=tuple(row.sources),
        changes=row.changes,
    )


def _active(instance: Instance) -> list[Activity]:
    """The elements where the token is now, from what is remembered with the state."""
    loaded = specs.load(instance.definition_id)
    envelope = peek(instance.state)
    query = sa.select(Task.token, Task.id).where(Task.instance_id == instance.id, Task.state == "open")
    rows = {token: task_id for token, task_id in session.execute(query)}
    found = []
    for token, (at, scope, element_id) in envelope.entered.items():
        element = loaded.element(scope, element_id)
        if element is not None:
            found.append(
                Activity(
                    element_id=element_id,
                    kind=element.kind,
                    name=element.name,
                    name_en=element.name_en,
                    process_key=definition_of(loaded, scope).key,
                    started_at=datetime.fromisoformat(at),
                    ended_at=None,
                    outcome="",
                    actor="",
                    task_id=rows.get(token),
                )
            )
    return found
