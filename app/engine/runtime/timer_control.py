"""What an operator may do to a waiting timer: fire it now, or let it be due at another time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.engine.definitions import specs
from app.engine.definitions.models import Definition
from app.engine.elements.timers import DUE
from app.engine.elements.waits import Wait, fire_timer
from app.engine.runtime import operations, start_timers, starts
from app.engine.runtime.models import Instance, Timer
from app.engine.runtime.projection.waiting import key_of
from app.engine.runtime.run import command
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.steps import guarded
from app.engine.runtime.views import TimerView
from app.engine.runtime.workflow import find
from app.kernel import audit
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound


class TimerNotFound(NotFound):
    """It has fired, or the flow has left what it watched over."""

    code = "timer_not_found"


def get_timer(timer_id: str) -> TimerView:
    """Raises `TimerNotFound`."""
    row = session.get(Timer, timer_id)
    if row is None:
        raise TimerNotFound(_l("This timer is no longer waited for."), timer_id=timer_id)
    return _view(row)


def list_timers(instance_id: str) -> list[TimerView]:
    """The waiting timers of an instance, the soonest first."""
    rows = session.scalars(sa.select(Timer).where(Timer.instance_id == instance_id).order_by(Timer.due_at, Timer.id))
    return [_view(row) for row in rows.all()]


def list_start_timers(process_key: str) -> list[TimerView]:
    """When the clock will start instances of this process, the soonest first."""
    query = sa.select(Timer).join(Definition, Definition.id == Timer.definition_id)
    rows = session.scalars(query.where(Definition.key == process_key).order_by(Timer.due_at, Timer.id))
    return [_view(row) for row in rows.all()]


def fire_now(timer_id: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let the timer fire at once; a start timer starts its process now instead of at its next time.

    Raises `TimerNotFound`, `InstanceSuspended`, `ProcessSuspended`.
    """
    timer = get_timer(timer_id)
    if timer.definition_id is not None:
        _fire_start(timer, reason=reason, actor=actor, now=now)
        return
    _control(timer, "fire_timer", {"due_at": timer.due_at.isoformat()}, _fire, reason=reason, actor=actor, now=now)


def move_timer(timer_id: str, due_at: datetime, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let the timer be due at another instant; one that has passed fires at the clock's next look.

    Raises `TimerNotFound`, `InstanceSuspended`.
    """
    timer = get_timer(timer_id)
    details = {"from": timer.due_at.isoformat(), "to": due_at.isoformat()}
    if timer.definition_id is not None:
        _note_start(timer, "move_timer", details, reason=reason, actor=actor, now=now)
        _put(timer.id, due_at)
        return
    _control(
        timer, "move_timer", details, lambda run, timer: _move(run, timer, due_at), reason=reason, actor=actor, now=now
    )


def _view(row: Timer) -> TimerView:
    name, name_en = _name(row)
    return TimerView(
        row.id, row.instance_id or "", row.token, row.element_id, name, name_en, row.due_at, row.definition_id, row.left
    )


def _name(row: Timer) -> tuple[str, str]:
    """The event's name; that of the same id in a called process where the caller has none."""
    query = sa.select(Instance.definition_id).where(Instance.id == row.instance_id)
    definition_id = row.definition_id or session.scalar(query)
    loaded = specs.load(definition_id or "")
    for part in (loaded, *loaded.called.values()):
        element = part.elements.get(row.element_id)
        if element is not None:
            return element.name, element.name_en
    return "", ""


def _control(
    timer: TimerView, operation: str, details: dict[str, Any], work: Callable[[Run, TimerView], None], **by: Any
) -> None:
    instance = command.find_instance(timer.instance_id)
    command.refuse_inactive(instance)
    facts = {"element": timer.element_id, "reason": by["reason"], **details}
    operations.record(operation, instance_id=instance.id, actor=by["actor"], now=by["now"], details=facts)
    audit.record(
        f"instance.{operation}", actor=by["actor"], now=by["now"], subject_type="instance", subject_id=instance.id,
        unit_path=instance.unit_path, details=facts,
    )  # fmt: skip
    command.command(instance, lambda run: work(run, timer), actor=by["actor"], now=by["now"])


def _fire(run: Run, timer: TimerView) -> None:
    task = _set_due(run, timer, run.now)
    guarded(run, task, lambda: fire_timer(task, timer.element_id))


def _move(run: Run, timer: TimerView, due_at: datetime) -> None:
    """The row stays, under the key of its new instant, so that saving finds nothing to add."""
    _set_due(run, timer, due_at)
    before, after = _key(timer, timer.due_at), _key(timer, due_at)
    run.envelope.timers = [after if key == before else key for key in run.envelope.timers]
    _put(timer.id, due_at)


def _put(timer_id: str, due_at: datetime) -> None:
    row = session.get_one(Timer, timer_id)
    row.due_at, row.run_at, row.attempts = due_at, due_at, 0


def _fire_start(timer: TimerView, *, reason: str, actor: Actor, now: datetime) -> None:
    row = session.get(Timer, timer.id, with_for_update=True, populate_existing=True)
    if row is None:
        raise TimerNotFound(_l("This timer is no longer waited for."), timer_id=timer.id)
    starts.newest(session.get_one(Definition, timer.definition_id).key)  # refuses a suspended process
    started = start_timers.fire(row, actor=actor, now=now)
    details = {"due_at": timer.due_at.isoformat(), "started": started}
    _note_start(timer, "fire_timer", details, reason=reason, actor=actor, now=now)


def _note_start(timer: TimerView, operation: str, details: dict[str, Any], **by: Any) -> None:
    facts = {"element": timer.element_id, "reason": by["reason"], **details}
    audit.record(
        f"instance.{operation}", actor=by["actor"], now=by["now"], subject_type="definition",
        subject_id=timer.definition_id, details=facts,
    )  # fmt: skip


def _set_due(run: Run, timer: TimerView, at: datetime) -> Any:
    task = find(run.workflow, timer.token)
    if task is None or timer.element_id not in task.internal_data.get(DUE, {}):
        raise TimerNotFound(_l("This timer is no longer waited for."), timer_id=timer.id)
    dues = task.internal_data[DUE]
    task.internal_data[DUE] = {**dues, timer.element_id: at.astimezone(UTC).isoformat()}
    return task


def _key(timer: TimerView, due_at: datetime) -> str:
    return key_of(Wait("timer", timer.token, timer.element_id, "", due_at=due_at.astimezone(UTC)))
