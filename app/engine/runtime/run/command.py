"""One command on one instance, from loading to telling whoever follows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import undefer

from app.engine.definitions import specs
from app.engine.runtime import hooks
from app.engine.runtime.errors import InstanceEnded, InstanceNotFound, InstanceSuspended
from app.engine.runtime.models import Instance
from app.engine.runtime.rows import ENDED, incident_view, instance_view
from app.engine.runtime.run import active
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.host import RunHost
from app.engine.runtime.run.reception import take_kept_messages
from app.engine.runtime.run.save import save
from app.engine.runtime.run.steps import advance
from app.engine.runtime.state import Envelope, load
from app.engine.runtime.tasks.reading import candidates_of, task_view
from app.engine.runtime.workflow import Workflow
from app.engine.scripting.engine import ScriptEngine
from app.kernel.actor import Actor
from app.kernel.db import session

T = TypeVar("T")
Work = Callable[[Run], T]


def find_instance(instance_id: str, *, with_state: bool = True) -> Instance:
    """The row, with its state where it is wanted. Raises `InstanceNotFound`."""
    instance = session.get(Instance, instance_id, options=[undefer(Instance.state)] if with_state else ())
    if instance is None:
        raise InstanceNotFound(instance_id)
    return instance


def refuse_inactive(instance: Instance) -> None:
    """Raise `InstanceSuspended` or `InstanceEnded` where nothing can be done in the instance."""
    if instance.status == "suspended":
        raise InstanceSuspended(instance.id)
    if instance.status != "active":
        raise InstanceEnded(instance.id, instance.status)


def command(instance: Instance, work: Work[T], *, actor: Actor, now: datetime) -> T:
    """Do `work` to the instance, run on to its next waiting points and save it; returns what `work` returns.

    The instance must not be at work (`active.at_work`).
    """
    return perform(restore(instance, actor=actor, now=now), work)


def restore(instance: Instance, *, actor: Actor, now: datetime) -> Run:
    """The instance in memory, on its shared specs."""
    loaded = specs.load(instance.definition_id)
    host = RunHost(now)
    workflow, envelope = load(
        instance.state, spec=loaded.spec, subprocess_specs=loaded.subprocess_specs, engine=ScriptEngine(host)
    )
    host.run = Run(instance, loaded, workflow, envelope, actor, now)
    return host.run


def create(instance: Instance, *, actor: Actor, now: datetime) -> Run:
    """A new instance in memory, nothing of it run yet."""
    loaded = specs.load(instance.definition_id)
    host = RunHost(now)
    workflow = Workflow(loaded.spec, loaded.subprocess_specs, script_engine=ScriptEngine(host))
    host.run = Run(instance, loaded, workflow, Envelope(), actor, now)
    return host.run


def perform(run: Run, work: Work[T]) -> T:
    """`command` for a run already in memory."""
    with active.scene() as scene:
        with scene.working(run):
            result = work(run)
            advance(run)
            while take_kept_messages(run, save(run)):
                advance(run)
        _tell(run)
        scene.put_off.extend(run.after_save)
    return result


def _tell(run: Run) -> None:
    """Emit the documented events of this run."""
    for event, view in _events(run):
        hooks.emit(event, view, actor=run.actor, now=run.now)


def _events(run: Run) -> Iterator[tuple[str, Any]]:
    if run.is_new:
        yield "instance.started", instance_view(run.instance)
    if hooks.followed("task.completed"):
        for row in run.completing.values():
            yield "task.completed", task_view(row)
    if run.cancelled and hooks.followed("task.cancelled"):
        found = candidates_of([row.id for row in run.cancelled])
        for row in run.cancelled:
            yield "task.cancelled", task_view(row, found.get(row.id, ()))
    for incident in run.resolved:
        yield "incident.resolved", incident_view(incident)
    for incident in run.opened:
        yield "incident.opened", incident_view(incident)
    if hooks.followed("task.created"):
        for row, candidates in run.created:
            yield "task.created", task_view(row, candidates)
    if run.instance.status in ENDED:
        yield "instance.ended", instance_view(run.instance)
