"""One instance to the other version and back: its state, and the rows that show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import structlog

from app.engine.definitions import specs
from app.engine.migration.judgement import REFUSED, Finding, judge, weight_of
from app.engine.migration.move import moved
from app.engine.migration.names import Names
from app.engine.runtime.elements import definition_of, element_of, scope_of, value
from app.engine.runtime.models import Incident, Instance, Task
from app.engine.runtime.rows import ENDED
from app.engine.runtime.run import active, command
from app.engine.runtime.run.active import Run
from app.engine.runtime.run.host import RunHost
from app.engine.runtime.run.save import save
from app.engine.runtime.state import Envelope, dump, load, peek
from app.engine.runtime.workflow import find
from app.engine.scripting.engine import ScriptEngine
from app.engine.statistics import noting
from app.kernel import db, live
from app.kernel.actor import SYSTEM, Actor
from app.kernel.db import session

log = structlog.get_logger(__name__)


def preview(instance: Instance, names: Names, *, now: datetime) -> list[Finding]:
    """What `move` would say, tried on a copy; nothing is changed."""
    return _examined(instance, names, actor=SYSTEM, now=now)[0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`at_rest`: the instance moved and nothing went on in it by that, so that it can return."""

    findings: list[Finding]
    moved: bool = False
    at_rest: bool = False


def move(instance: Instance, names: Names, *, confirmed: bool, actor: Actor, now: datetime) -> Outcome:
    """Move the instance where nothing stands against it, and what must be confirmed is."""
    findings, run = _examined(instance, names, actor=actor, now=now)
    if run is None or not may_move(findings, confirmed=confirmed):
        return Outcome(findings)
    instance.definition_id = names.target.definition_id
    noting.restated(run, peek(instance.state).entered, names.source)
    _keep(run)
    return Outcome(findings, moved=True, at_rest=run.steps == 0)


def may_move(findings: list[Finding], *, confirmed: bool) -> bool:
    weight = weight_of(findings)
    return weight == "safe" or (weight == "confirm" and confirmed)


def put_back(instance: Instance, before: bytes, source_id: str, *, actor: Actor, now: datetime) -> None:
    """Return to the state before, on the version before; what its rows have been given since (claims) stays."""
    moved = command.restore(instance, actor=actor, now=now)
    present = moved.envelope
    loaded = specs.load(source_id)
    host = RunHost(now)
    engine = ScriptEngine(host)
    workflow, envelope = load(before, spec=loaded.spec, subprocess_specs=loaded.subprocess_specs, engine=engine)
    envelope.tasks, envelope.timers, envelope.subscriptions = present.tasks, present.timers, present.subscriptions
    host.run = Run(instance, loaded, workflow, envelope, actor, now)
    instance.definition_id = source_id
    noting.restated(host.run, present.entered, moved.loaded)
    _keep(host.run)


def _examined(instance: Instance, names: Names, *, actor: Actor, now: datetime) -> tuple[list[Finding], Run | None]:
    if instance.status in ENDED:
        return [Finding(REFUSED, "ended", "")], None
    if instance.definition_id != names.source.definition_id:
        return [Finding(REFUSED, "other_version", "")], None
    run = command.restore(instance, actor=actor, now=now)
    findings = judge(run, names)
    if weight_of(findings) == REFUSED:
        return findings, None
    try:
        target = _on_target(run, names)
        load(
            dump(target.workflow, target.envelope),
            spec=names.target.spec,
            subprocess_specs=names.target.subprocess_specs,
            engine=target.workflow.script_engine,
        )
    except Exception as exc:
        if db.is_conflict(exc):
            raise
        log.warning("an instance cannot move", instance=instance.id, error=repr(exc), exc_info=True)
        return [*findings, Finding(REFUSED, "failed", "", str(exc)[:300], str(exc)[:300])], None
    return findings, target


def _on_target(run: Run, names: Names) -> Run:
    host = RunHost(run.now)
    workflow = moved(run.workflow, names, engine=ScriptEngine(host))
    envelope = Envelope(
        tasks=run.envelope.tasks,
        timers=run.envelope.timers,
        subscriptions=run.envelope.subscriptions,
        entered=_entered(run, names),
        incidents=run.envelope.incidents,
        parked=run.envelope.parked,
        error=run.envelope.error,
    )
    host.run = Run(run.instance, names.target, workflow, envelope, run.actor, run.now)
    return host.run


def _entered(run: Run, names: Names) -> dict[str, list[str]]:
    places = {token: (at, names.place(scope, element)) for token, (at, scope, element) in run.envelope.entered.items()}
    return {token: [at, *place] for token, (at, place) in places.items() if place is not None}


def _keep(run: Run) -> None:
    """Save the run; one that is suspended stays so, and nothing in it goes on."""
    if run.instance.status == "active":
        command.perform(run, _show)
        return
    with active.scene() as scene, scene.working(run):
        _show(run)
        run.instance.status = "active"
        save(run)
        run.instance.status = "suspended"
        session.flush()


def _show(run: Run) -> None:
    """Let the rows of open tasks and incidents say what they are in this version; the rest of them stays."""
    mine = sa.select(Task).where(Task.instance_id == run.instance.id, Task.state == "open")
    for row in session.scalars(mine):
        task = find(run.workflow, row.token)
        element = element_of(run.loaded, task) if task is not None else None
        if task is None or element is None:
            continue
        definition = definition_of(run.loaded, scope_of(task))
        row.definition_id, row.process_key = definition.definition_id, definition.key
        row.element_id, row.name, row.name_en = element.id, element.name, element.name_en
        form = value(element.properties.get("formRef"), task, run.now)
        row.form_key = form or value(element.properties.get("formKey"), task, run.now)
        live.touch("inbox", f"task:{row.id}")
    for incident in session.scalars(
        sa.select(Incident).where(Incident.instance_id == run.instance.id, Incident.state == "open")
    ):
        task = find(run.workflow, incident.token)
        element = element_of(run.loaded, task) if task is not None else None
        if element is not None:
            incident.element_id = element.id
