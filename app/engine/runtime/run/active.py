"""The command at work in memory, and which instances are at work in this transaction.

A service may call the engine again. What concerns an instance that is just being run
cannot touch it in the middle of a step: it is put off (`later`) until that run is saved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.engine.definitions.specs import Loaded
from app.engine.runtime.models import Incident, Instance, Task
from app.engine.runtime.state import Envelope
from app.engine.runtime.workflow import Workflow
from app.engine.statistics.counting import Event
from app.kernel.actor import Actor

Action = Callable[[], object]
Created = tuple[Task, tuple[tuple[str, str], ...]]

MAX_COMMANDS = 5000
MAX_ON_ONE = 100
"""Commands that one may cause in its transaction, in all and on one instance: beyond it they chase each other."""


class RunawayCommands(RuntimeError):
    """Instances send each other messages without end."""


@dataclass(slots=True, eq=False)
class Run:
    """One command on one instance.

    `after_step` is done when the step at work has returned, `after_save` when the run is
    saved. The rest is what `save` writes and tells: activities passed and what is counted of
    them (by unit), the rows of tasks being completed (by token) and created, incidents opened
    and resolved.
    """

    instance: Instance
    loaded: Loaded
    workflow: Workflow
    envelope: Envelope
    actor: Actor
    now: datetime
    steps: int = 0
    after_step: list[Action] = field(default_factory=list)
    after_save: list[Action] = field(default_factory=list)
    activities: list[dict[str, Any]] = field(default_factory=list)
    tallied: list[tuple[str, Event]] = field(default_factory=list)
    completing: dict[str, Task] = field(default_factory=dict)
    created: list[Created] = field(default_factory=list)
    cancelled: list[Task] = field(default_factory=list)
    opened: list[Incident] = field(default_factory=list)
    resolved: list[Incident] = field(default_factory=list)
    end_element: str | None = None
    is_new: bool = False


@dataclass(slots=True)
class Scene:
    """All runs of one outermost command: they share its transaction.

    What is `put_off` is done one by one when the outermost run is saved and told, so that
    messages going to and fro need no deeper stack.
    """

    runs: dict[str, Run] = field(default_factory=dict)
    put_off: list[Action] = field(default_factory=list)
    commands: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def working(self, run: Run) -> Iterator[None]:
        """The instance is at work inside. Raises `RunawayCommands`."""
        instance_id = run.instance.id  # after a failed flush the row can no longer be asked
        self.commands[instance_id] += 1
        if self.commands[instance_id] > MAX_ON_ONE or self.commands.total() > MAX_COMMANDS:
            raise RunawayCommands(f"one command causes more and more others, the last on instance {instance_id}")
        self.runs[instance_id] = run
        try:
            yield
        finally:
            del self.runs[instance_id]

    def finish(self) -> None:
        """Do what was put off, and what that puts off in turn."""
        while self.put_off:
            self.put_off.pop(0)()


_scene: ContextVar[Scene | None] = ContextVar("lightline_engine_scene", default=None)


@contextmanager
def scene() -> Iterator[Scene]:
    """The present scene, or a new one that is finished on leaving."""
    present = _scene.get()
    if present is not None:
        yield present
        return
    present = Scene()
    token = _scene.set(present)
    try:
        yield present
        present.finish()
    finally:
        _scene.reset(token)


def at_work(instance_id: str) -> bool:
    """Whether this instance is in the middle of a step of the present command."""
    present = _scene.get()
    return present is not None and instance_id in present.runs


def run_of(instance_id: str) -> Run | None:
    """The run of an instance that is at work."""
    present = _scene.get()
    return present.runs.get(instance_id) if present is not None else None


def innermost() -> Run | None:
    """The run whose step is being executed just now, if any."""
    present = _scene.get()
    return list(present.runs.values())[-1] if present is not None and present.runs else None


def later(action: Action) -> None:
    """Do this when the outermost run is saved; in the same transaction."""
    present = _scene.get()
    if present is None:
        raise RuntimeError("no instance is at work")
    present.put_off.append(action)


@contextmanager
def undone_on_error() -> Iterator[None]:
    """Drop what is put off inside where it fails: the service that asked for it is undone."""
    present = _scene.get()
    position = len(present.put_off) if present is not None else 0
    try:
        yield
    except BaseException:
        if present is not None:
            del present.put_off[position:]
        raise
