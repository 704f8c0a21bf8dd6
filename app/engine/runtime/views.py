"""What the engine tells other packages: plain, frozen values. No query and no ORM object lives here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class InstanceView:
    """A running or ended process instance.

    `status` is `active`, `suspended`, `completed` (reached its end), `failed` (ended by an
    error nobody caught) or `terminated` (ended by a person or a command).
    """

    id: str
    definition_id: str
    process_key: str
    business_key: str | None
    title: str
    title_en: str
    unit_code: str | None
    unit_path: str | None
    priority: int
    status: str
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    end_element: str | None
    parent_id: str | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A user task as the inbox shows it.

    `state` is `open`, `done` or `cancelled`. `owner_id` is who delegated it and gets it
    back. `candidates` are `(kind, ref)` pairs, kind `group` or `user`.
    """

    id: str
    instance_id: str
    definition_id: str
    process_key: str
    element_id: str
    name: str
    name_en: str
    form_key: str | None
    state: str
    assignee_id: int | None
    owner_id: int | None
    unit_code: str | None
    unit_path: str | None
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    title: str
    title_en: str
    business_key: str | None
    search: str
    created_at: datetime
    claimed_at: datetime | None
    completed_at: datetime | None
    completed_by: str | None
    candidates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """What completing a task brought about.

    `next_tasks` are the tasks of the same instance that became open by it. `queued` is
    true where the instance was in the middle of a step of its own: the task is completed
    in the same transaction as soon as that step has ended.
    """

    task: TaskView
    instance: InstanceView
    next_tasks: tuple[TaskView, ...] = ()
    queued: bool = False


@dataclass(frozen=True, slots=True)
class IncidentView:
    """A step that could not go on by itself and waits for an operator.

    `kind` is `script`, `service`, `error` (a BPMN error nobody caught), `timer` or `runaway`.
    `state` is `open` or `resolved`.
    """

    id: str
    instance_id: str
    process_key: str
    business_key: str | None
    unit_path: str | None
    element_id: str
    kind: str
    message: str
    trace: str
    attempts: int
    state: str
    opened_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None


@dataclass(frozen=True, slots=True)
class Activity:
    """One passage through one element.

    `ended_at` is None while the element is active. `outcome` is `completed`, `cancelled` or
    "" while active. `sources` are the elements it was reached from (several at a join).
    `task_id` names the user task's row, `actor` who completed it, `changes` the variables
    it changed. `process_key` is the called process for elements inside a call activity.
    """

    element_id: str
    kind: str
    name: str
    name_en: str
    process_key: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    actor: str
    task_id: str | None
    sources: tuple[str, ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a person or the system did to an instance or task, besides completing it."""

    at: datetime
    actor: str
    operation: str
    task_id: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram with the token on it: the original XML in the reader's language and element ids to mark.

    `called` gives the diagrams of call activities, by the calling element's id.
    """

    definition_id: str
    process_key: str
    xml: str
    active: tuple[str, ...]
    completed: tuple[str, ...]
    incidents: tuple[str, ...]
    called: Mapping[str, Diagram] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an instance waits for besides people: `kind` is `timer`, `message`, `signal` or `service`."""

    kind: str
    element_id: str
    name: str
    due_at: datetime | None = None
    correlation: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenView:
    """Where an instance stands. `targets` are the elements the token may be moved to: id, name, English name."""

    token: str
    element_id: str
    kind: str
    name: str
    name_en: str
    can_skip: bool
    targets: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TimerView:
    """A waiting timer: of an instance, or of the definition it will start (then instance and token are "")."""

    id: str
    instance_id: str
    token: str
    element_id: str
    name: str
    name_en: str
    due_at: datetime
    definition_id: str | None = None
    left: int | None = None
    """How often a start timer is still to fire; None without end."""
