"""Suspending, resuming and ending instances, and with each of them the instances that its services started.

What a case has started belongs to it: when the case is suspended or terminated, so are
they and what they have started in turn. A case that comes to its own end leaves them be.
Each act stands in the operation log and in the audit trail; what happened because of the
case above says so (`with`), and only that is resumed with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from app.engine.runtime import clean_up, operations
from app.engine.runtime.models import Instance, OperationLog, Subscription, Timer
from app.engine.runtime.projection.waiting import open_tasks
from app.engine.runtime.rows import instance_view
from app.engine.runtime.run import active, command
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.reception import take_kept_messages
from app.engine.runtime.run.services import hand_over
from app.engine.runtime.views import InstanceView
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import session


def terminate(instance_id: str, *, reason: str, actor: Actor, now: datetime) -> InstanceView:
    """End an instance at once: its open tasks, timers, subscriptions and children are cancelled.

    What its diagram names by the property `on_terminate` is handed to a job (`clean_up`). An
    instance that has already ended stays as it is. From inside one of its own services it
    ends as soon as that step has returned.
    """
    return _each("terminate", instance_id, _terminate, reason=reason, actor=actor, now=now)


def suspend(instance_id: str, *, reason: str, actor: Actor, now: datetime) -> InstanceView:
    """Let nothing happen in an instance until `resume`: tasks are refused, timers stand, messages are kept.

    Raises `InstanceSuspended`, `InstanceEnded`.
    """
    if not active.at_work(instance_id):
        command.refuse_inactive(command.find_instance(instance_id, with_state=False))
    return _each("suspend", instance_id, _suspend, reason=reason, actor=actor, now=now)


def resume(instance_id: str, *, reason: str, actor: Actor, now: datetime) -> InstanceView:
    """Let a suspended instance go on: overdue timers fire, kept messages are delivered, jobs are run.

    The children that were suspended with it go on too. Raises `InstanceEnded`.
    """
    instance = command.find_instance(instance_id, with_state=False)
    if instance.status != "suspended":
        command.refuse_inactive(instance)
        return instance_view(instance)
    return _each("resume", instance_id, _resume, reason=reason, actor=actor, now=now)


Act = Callable[[Instance, Actor, datetime], object]

_APPLIES = {"terminate": {"active", "suspended"}, "suspend": {"active"}, "resume": {"suspended"}}
"""The statuses in which an act changes anything."""


def _each(
    operation: str, instance_id: str, act: Act, *, reason: str, actor: Actor, now: datetime, above: str | None = None
) -> InstanceView:
    """Do it to the instance and then to its children."""
    if active.at_work(instance_id):
        again = partial(_each, operation, instance_id, act, reason=reason, actor=actor, now=now, above=above)
        active.later(again)
        return instance_view(command.find_instance(instance_id, with_state=False))
    instance = command.find_instance(instance_id)
    if instance.status in _APPLIES[operation]:
        details = {"reason": reason} | ({"with": above} if above is not None else {})
        operations.intervened(operation, instance, actor=actor, now=now, details=details)
        act(instance, actor, now)
        for child in _children(operation, instance_id):
            _each(operation, child, act, reason=reason, actor=actor, now=now, above=instance_id)
    return instance_view(instance)


def _children(operation: str, instance_id: str) -> list[str]:
    """The instances it started that the act concerns, the oldest first."""
    statuses = _APPLIES[operation]
    query = sa.select(Instance.id).where(Instance.parent_id == instance_id, Instance.status.in_(statuses))
    found = list(session.scalars(query.order_by(Instance.started_at, Instance.id)))
    return [one for one in found if _suspended_with(one, instance_id)] if operation == "resume" else found


def _suspended_with(instance_id: str, above: str) -> bool:
    mine = (OperationLog.instance_id == instance_id, OperationLog.operation == "suspend")
    query = sa.select(OperationLog.details).where(*mine).order_by(OperationLog.id.desc()).limit(1)
    return (session.scalar(query) or {}).get("with") == above


def _terminate(instance: Instance, actor: Actor, now: datetime) -> None:
    command.command(instance, _end, actor=actor, now=now)


def _end(run: Run) -> None:
    clean_up.hand_over(run)
    run.workflow.cancel()
    run.instance.status, run.instance.ended_at = "terminated", run.now


def _suspend(instance: Instance, *_by: object) -> None:
    instance.status = "suspended"
    live.touch("inbox", f"instance:{instance.id}")
    session.flush()


def _resume(instance: Instance, actor: Actor, now: datetime) -> None:
    instance.status = "active"
    command.command(instance, _go_on, actor=actor, now=now)
    live.touch("inbox")


def _go_on(run: Run) -> None:
    """Look at parked timers again, hand parked services to jobs, deliver what was kept meanwhile."""
    mine = Timer.instance_id == run.instance.id
    statement = sa.update(Timer).where(mine, Timer.run_at.is_(None)).values(run_at=Timer.due_at, attempts=0)
    session.execute(statement, execution_options={"synchronize_session": False})
    parked, run.envelope.parked = set(run.envelope.parked), []
    for task in open_tasks(run.workflow):
        if str(task.id) in parked:
            hand_over(run, task)
    waiting = session.scalars(sa.select(Subscription).where(Subscription.instance_id == run.instance.id)).all()
    take_kept_messages(run, waiting)
