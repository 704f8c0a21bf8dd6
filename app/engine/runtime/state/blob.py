"""A whole instance to bytes and back, through orjson, with the specs given by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import orjson
from flask_babel import lazy_gettext as _l

from app.engine.runtime.state.migrations import FORMAT, migrate
from app.engine.runtime.state.tasks import pack, unpack
from app.engine.runtime.workflow import SubWorkflow, Workflow
from app.kernel.errors import Conflict

MAX_BYTES = 8 * 1024 * 1024
"""More than any honest case needs: a flow that grows beyond it loops or carries files as data."""


class StateTooLarge(Conflict):
    """The instance has grown beyond what is kept: `details` give its size in bytes."""

    code = "state_too_large"


@dataclass(slots=True)
class Envelope:
    """What the engine itself remembers of an instance between commands.

    `tasks`, `timers` and `subscriptions` are the keys of the rows that exist. `entered`
    says of each open element when it was reached (ISO 8601), its definition and its id.
    `incidents` gives the open incident of a token, `parked` the steps whose job came while
    the instance was suspended, `error` the code of an error that ended a branch uncaught.
    """

    tasks: list[str] = field(default_factory=list)
    timers: list[str] = field(default_factory=list)
    subscriptions: list[str] = field(default_factory=list)
    entered: dict[str, list[str]] = field(default_factory=dict)
    incidents: dict[str, str] = field(default_factory=dict)
    parked: list[str] = field(default_factory=list)
    error: str | None = None


_ENVELOPE = tuple(one.name for one in fields(Envelope))


def dump(workflow: Workflow, envelope: Envelope) -> bytes:
    """The instance as bytes. Raises `StateTooLarge`; a TypeError is a value that `plain` should have refused."""
    content = _process(workflow)
    content["subs"] = {token: _subprocess(sub) for token, sub in workflow.subprocesses.items()}
    remembered = {name: getattr(envelope, name) for name in _ENVELOPE}
    blob = orjson.dumps({"v": FORMAT, "count": workflow.count, "env": remembered, "wf": content})
    if len(blob) > MAX_BYTES:
        raise StateTooLarge(_l("This case has grown too large to be kept."), size=len(blob), limit=MAX_BYTES)
    return blob


def load(blob: bytes, *, spec: Any, subprocess_specs: Mapping[str, Any], engine: Any) -> tuple[Workflow, Envelope]:
    """The instance of `dump` on its (shared) specs, with the script engine of this command."""
    packed = migrate(orjson.loads(blob))
    content = packed["wf"]
    workflow = Workflow(spec, subprocess_specs, script_engine=engine, count=packed["count"])
    _fill(workflow, content)
    for token, sub in content["subs"].items():
        _restore_subprocess(workflow, token, sub)
    return workflow, Envelope(**packed["env"])


def peek(blob: bytes) -> Envelope:
    """What the engine remembers of an instance, without restoring it; nothing where its state was removed."""
    if not blob:
        return Envelope()
    return Envelope(**migrate(orjson.loads(blob))["env"])


def _process(workflow: Any) -> dict[str, Any]:
    return {
        "root": workflow.task_tree.id,
        "last": workflow.last_task.id if workflow.last_task is not None else None,
        "ok": workflow.success,
        "done": workflow.completed,
        "data": workflow.data,
        "cor": workflow.correlations,
        "tasks": [pack(task) for task in workflow.tasks.values()],
    }


def _subprocess(workflow: SubWorkflow) -> dict[str, Any]:
    return {"spec": workflow.spec.name, **_process(workflow)}


def _fill(workflow: Any, content: dict[str, Any]) -> None:
    for packed in content["tasks"]:
        unpack(packed, workflow)
    workflow.task_tree = workflow.tasks[content["root"]]
    workflow.last_task = workflow.tasks.get(content["last"])
    workflow.success, workflow.completed = content["ok"], content["done"]
    workflow.data, workflow.correlations = content["data"], content["cor"]


def _restore_subprocess(top: Workflow, token: str, content: dict[str, Any]) -> None:
    """Written callers first, so that the calling task is there; it is told again when the subprocess ends."""
    caller = top.get_task_from_id(token)
    sub = SubWorkflow(top.subprocess_specs[content["spec"]], token, top)
    _fill(sub, content)
    top.subprocesses[token] = sub
    sub.completed_event.connect(caller.task_spec._on_subworkflow_completed, caller)
