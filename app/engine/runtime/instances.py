"""Starting, describing and finding process instances. Suspending and ending them is `lifecycle`'s."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine.definitions import specs
from app.engine.runtime import operations, starts
from app.engine.runtime.messages.post import Post
from app.engine.runtime.models import Instance, Task
from app.engine.runtime.rows import ENDED, instance_view
from app.engine.runtime.run import active, command
from app.engine.runtime.run.beginning import BY_HAND, Cause, begin
from app.engine.runtime.state import peek
from app.engine.runtime.variables import checked
from app.engine.runtime.views import InstanceView
from app.engine.statistics import noting
from app.identity import queries as identity
from app.kernel import live
from app.kernel.actor import Actor
from app.kernel.db import new_id, session
from app.kernel.errors import Invalid


class UnknownUnit(Invalid):
    code = "unknown_unit"


def start(
    key: str,
    *,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    business_key: str | None = None,
    title: str = "",
    title_en: str = "",
    unit: str | None = None,
    priority: int = 50,
    search: str = "",
) -> InstanceView:
    """Start the newest version of a process and run it to its first waiting points.

    `unit` is the code of the organisation unit it belongs to; title, unit, priority and
    search text are shown on its tasks. Raises `DefinitionNotFound`, `ProcessSuspended`,
    `UnknownUnit`, `InvalidData`.
    """
    values = checked(data)
    instance = _new(key, business_key=business_key, actor=actor, now=now)
    instance.title, instance.title_en, instance.priority, instance.search = title, title_en, priority, search
    instance.unit_code, instance.unit_path = _unit(unit, now)
    _run_from_start(instance, values, BY_HAND, actor=actor, now=now)
    return instance_view(instance)


def start_by_event(key: str, post: Post) -> str:
    """Start a process by its message or signal start event; the payload becomes variables. Gives the instance's id."""
    given = post.correlation.get("business_key")
    business_key = None if given is None else str(given)
    instance = _new(key, business_key=business_key, actor=post.actor, now=post.now)
    _run_from_start(instance, post.payload, Cause(post.kind, post.name), actor=post.actor, now=post.now)
    return instance.id


def start_by_timer(key: str, element_id: str, *, actor: Actor, now: datetime) -> str:
    """Start the newest version of a process by its timer start event, without variables; the instance's id.

    Raises `ProcessSuspended`.
    """
    instance = _new(key, business_key=None, actor=actor, now=now)
    _run_from_start(instance, {}, Cause("timer", element_id), actor=actor, now=now)
    return instance.id


def describe(
    instance_id: str,
    *,
    title: str | None = None,
    title_en: str | None = None,
    unit: str | None = None,
    priority: int | None = None,
    search: str | None = None,
    actor: Actor,
    now: datetime,
) -> InstanceView:
    """Change what is shown of an instance, on its open tasks too; None leaves a value as it is."""
    instance = command.find_instance(instance_id)
    values: dict[str, Any] = {"title": title, "title_en": title_en, "priority": priority, "search": search}
    if unit is not None:
        values["unit_code"], values["unit_path"] = _unit(unit, now)
    values = {name: value for name, value in values.items() if value is not None}
    if "unit_path" in values and values["unit_path"] != instance.unit_path:
        _count_elsewhere(instance, values["unit_path"])
    for name, value in values.items():
        setattr(instance, name, value)
    if values:
        open_rows = sa.select(Task).where(Task.instance_id == instance_id, Task.state == "open")
        for task in session.scalars(open_rows):
            for name, value in values.items():
                setattr(task, name, value)
            live.touch(f"task:{task.id}")
        operations.record("describe", instance_id=instance_id, actor=actor, now=now, details=values)
        live.touch("inbox", f"instance:{instance_id}")
        session.flush()
    return instance_view(instance)


def _count_elsewhere(instance: Instance, unit_path: str) -> None:
    """What is open in the instance counts for its new unit from its beginning on."""
    run = active.run_of(instance.id)
    loaded = specs.load(instance.definition_id)
    if run is not None:
        run.tallied += noting.transferred(loaded, run.envelope.entered, instance.unit_path, unit_path)
    elif instance.status not in ENDED:
        noting.write(noting.transferred(loaded, peek(instance.state).entered, instance.unit_path, unit_path))


def get_instance(instance_id: str) -> InstanceView:
    """Raises `InstanceNotFound`."""
    return instance_view(command.find_instance(instance_id, with_state=False))


def list_instances(
    *, business_key: str | None = None, process_key: str | None = None, status: str | None = None, limit: int = 100
) -> list[InstanceView]:
    """Instances, the latest first."""
    given = {"business_key": business_key, "process_key": process_key, "status": status}
    wanted = [getattr(Instance, name) == value for name, value in given.items() if value is not None]
    query = sa.select(Instance).where(*wanted).order_by(Instance.started_at.desc(), Instance.id.desc()).limit(limit)
    return [instance_view(row) for row in session.scalars(query)]


def _new(key: str, *, business_key: str | None, actor: Actor, now: datetime) -> Instance:
    definition_id = starts.newest(key)
    parent = active.innermost()
    instance = Instance(
        id=new_id(),
        definition_id=definition_id,
        process_key=key,
        business_key=business_key,
        status="active",
        parent_id=parent.instance.id if parent is not None else None,
        started_at=now,
        started_by=actor.ref,
        state=b"",
    )
    return instance


def _run_from_start(instance: Instance, values: dict[str, Any], cause: Cause, *, actor: Actor, now: datetime) -> None:
    session.add(instance)
    session.flush()  # what its first steps write refers to it
    run = command.create(instance, actor=actor, now=now)
    run.is_new = True
    command.perform(run, lambda run: begin(run, values, cause))


def _unit(code: str | None, now: datetime) -> tuple[str | None, str | None]:
    if code is None:
        return None, None
    unit = identity.unit_by_code(code, at=now)
    if unit is None:
        raise UnknownUnit(_l("There is no organisation unit %(code)s.", code=code), unit=code)
    return unit.code, unit.path
