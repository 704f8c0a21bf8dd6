"""The verbs of a scenario, each through the engine's face as people, clock and other systems use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.engine import api
from app.engine.definitions import queries as definitions
from app.engine.iso8601 import InvalidTime, parse_duration
from app.engine.scenarios.expectations import check, differences
from app.engine.scenarios.model import Step
from app.engine.scenarios.outcome import ScenarioFailure
from app.engine.scenarios.play import ACTOR, Play
from app.engine.scenarios.time import advance, settle
from app.forms.api import InvalidForm, validate


def expect(play: Play, step: Step) -> None:
    check(play, step.value)


def complete(play: Play, step: Step) -> None:
    """Complete the open task of an element with data that its form accepts."""
    task = _task(play, step.value, step.options)
    data = _validated(play, task, step.options.get("data", {}))
    play.stage.do(lambda: api.complete(task.id, data, actor=ACTOR, now=play.stage.now))


def _task(play: Play, element: str, options: Mapping[str, Any]) -> api.TaskView:
    """The open task that is meant: the only one, the n-th, or the one whose data fits `where`."""
    every = play.tasks()
    tasks = [task for task in every if task.element_id == element]
    if not tasks:
        given = ", ".join(task.element_id for task in every)
        raise ScenarioFailure(_("no task %(element)s is open, only [%(given)s]", element=element, given=given))
    if "where" in options:
        tasks = [task for task in tasks if not differences(options["where"], play.task_data(task))]
    if "index" in options:
        tasks = tasks[options["index"] - 1 : options["index"]]
    if len(tasks) != 1:
        message = _("%(count)s open tasks %(element)s fit: choose by index or where", count=len(tasks), element=element)
        raise ScenarioFailure(message)
    return tasks[0]


@dataclass(frozen=True, slots=True)
class _Upload:
    """A file that a scenario names by its id: nothing is stored, but every form field accepts it."""

    id: int
    name: str = "photo.jpg"


def _validated(play: Play, task: api.TaskView, data: dict[str, Any]) -> dict[str, Any]:
    if not task.form_key:
        return data
    key = task.form_key
    form = play.stage.read(lambda: definitions.form(task.definition_id, key))
    try:
        return validate(form, data, variables=play.task_data(task), files=_Upload, now=play.stage.now)
    except InvalidForm as error:
        errors = "; ".join(f"{field}: {', '.join(map(str, texts))}" for field, texts in error.errors.items())
        raise ScenarioFailure(_("the form %(form)s refuses: %(errors)s", form=key, errors=errors)) from None


def let_pass(play: Play, step: Step) -> None:
    """Let time pass."""
    try:
        length = parse_duration(step.value)
    except InvalidTime as error:
        raise ScenarioFailure(str(error)) from None
    advance(play.stage, length.after(play.stage.now) - play.stage.now)


def message(play: Play, step: Step) -> None:
    """Publish a message; it must reach the instance (by default by its business key)."""
    sent, instance = step.value, play.instance()
    correlation = sent.get("correlation") or {"business_key": instance.business_key}
    reached = play.stage.do(
        lambda: api.publish(
            sent["name"],
            correlation=correlation,
            payload=sent.get("payload", {}),
            actor=ACTOR,
            now=play.stage.now,
        )
    )
    if play.instance_id not in reached:
        raise ScenarioFailure(_("nothing waits for the message %(name)s", name=sent["name"]))


def signal(play: Play, step: Step) -> None:
    sent = step.value
    play.stage.do(lambda: api.broadcast(sent["name"], payload=sent.get("payload", {}), actor=ACTOR, now=play.stage.now))


def retry(play: Play, step: Step) -> None:
    """Try the step of an open incident again, with some data put right."""
    incident = next((one for one in play.incidents() if one.element_id == step.value), None)
    if incident is None:
        raise ScenarioFailure(_("there is no incident at %(element)s", element=step.value))
    identity = incident.id
    play.known_incidents.discard(identity)
    data, now = step.options.get("data"), play.stage.now
    play.stage.do(lambda: api.retry(identity, data=data, reason=_("scenario"), actor=ACTOR, now=now))


def run_jobs(play: Play, step: Step) -> None:  # noqa: ARG001 - every verb has the same face
    settle(play.stage)


def suspend(play: Play, step: Step) -> None:
    play.stage.do(lambda: api.suspend(play.instance_id, reason=step.value, actor=ACTOR, now=play.stage.now))


def resume(play: Play, step: Step) -> None:
    play.stage.do(lambda: api.resume(play.instance_id, reason=step.value, actor=ACTOR, now=play.stage.now))


def terminate(play: Play, step: Step) -> None:
    play.stage.do(lambda: api.terminate(play.instance_id, reason=step.value, actor=ACTOR, now=play.stage.now))


VERBS: dict[str, Callable[[Play, Step], None]] = {
    "expect": expect,
    "complete": complete,
    "advance": let_pass,
    "message": message,
    "signal": signal,
    "retry": retry,
    "run_jobs": run_jobs,
    "suspend": suspend,
    "resume": resume,
    "terminate": terminate,
}
