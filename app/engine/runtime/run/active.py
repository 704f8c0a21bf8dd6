"""The command at work in memory, and which instances are at work in this transaction.

A service may call the engine again. What concerns an instance that is just being run
cannot touch it in the middle of a step: it is put off (`later`) until that run is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from app.engine.definitions.specs import Loaded
from app.engine.runtime.models import ActivityHistory, Incident, Instance, Task
from app.engine.runtime.state import Envelope
from app.engine.runtime.workflow import Workflow
from app.kernel.actor import Actor

Action = Callable[[], object]
Created = tuple[Task, tuple[tuple[str, str], ...]]

MAX_CHAIN = 200
"""Commands that one command may cause in its transaction: beyond it instances chase each other."""


class RunawayCommands(RuntimeError):
    """Instances send each other messages without end."""


@dataclass(slots=True, eq=False)
class Run:
    """One command on one instance.

    `after_step` is done when the step at work has returned, `after_save` when the run is
    saved. The rest is what `save` writes and tells: activities passed, the rows of tasks
    being completed (by token) and created, incidents opened and resolved.
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
    activities: list[ActivityHistory] = field(default_factory=list)
    completing: dict[str, Task] = field(default_factory=dict)
    created: list[Created] = field(default_factory=list)
    cancelled: list[Task] = field(default_factory=list)
    opened: list[Incident] = field(default_factory=list)
    resolved: list[Incident] = field(default_factory=list)
    end_element: str | None = None
    is_new: bool = False


@dataclass(slots=True)
class Scene:
    """All runs of one outermost command: they share its transaction."""

    runs: dict[str, Run] = field(default_factory=dict)
    put_off: list[tuple[str, Action]] = field(default_factory=list)
    commands: int = 0

    @contextmanager
    def working(self, run: Run) -> Iterator[None]:
        """The instance is at work inside."""
        instance_id = run.instance.id  # after a failed flush the row can no longer be asked
        self.runs[instance_id] = run
        try:
            yield
        finally:
            del self.runs[instance_id]

    def take(self, instance_id: str) -> list[Action]:
        """What was put off for this instance, in order; it is nobody's any more."""
        mine = [action for owner, action in self.put_off if owner == instance_id]
        self.put_off = [entry for entry in self.put_off if entry[0] != instance_id]
        return mine


_scene: ContextVar[Scene | None] = ContextVar("lightline_engine_scene", default=None)


@contextmanager
def scene() -> Iterator[Scene]:
    """The present scene, or a new one. Raises `RunawayCommands`."""
    present = _scene.get()
    if present is not None:
        present.commands += 1
        if present.commands > MAX_CHAIN:
            raise RunawayCommands(f"more than {MAX_CHAIN} commands caused by one: {sorted(present.runs)}")
        yield present
        return
    token = _scene.set(Scene())
    try:
        yield _scene.get() or Scene()
    finally:
        _scene.reset(token)


def at_work(instance_id: str) -> bool:
    """Whether this instance is in the middle of a step of the present command."""
    present = _scene.get()
    return present is not None and instance_id in present.runs


def innermost() -> Run | None:
    """The run whose step is being executed just now, if any."""
    present = _scene.get()
    return list(present.runs.values())[-1] if present is not None and present.runs else None


def later(instance_id: str, action: Action) -> None:
    """Do this when the run of that instance, which is at work, is saved; in the same transaction."""
    present = _scene.get()
    if present is None or instance_id not in present.runs:
        raise RuntimeError(f"instance {instance_id} is not at work")
    present.put_off.append((instance_id, action))


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
