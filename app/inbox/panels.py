"""What a task page shows beside the form: panels that domains register for their processes.

A provider is registered under the prefix of a process key (`order`, `repair_`), or under
the empty string for every process. It looks up what belongs to the task and returns a
`Panel` of plain values, or None where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog

from app.engine.api import TaskView

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: `title` in the reader's language, a `template` that is included with `context` as `panel`.

    `order` places it (lower is higher up); `live` is the topic on which it is shown anew.
    """

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50


class Provider(Protocol):
    def __call__(self, task: TaskView, *, user_id: int, now: datetime) -> Panel | None: ...


_providers: list[tuple[str, Provider]] = []


def register(prefix: str, provider: Provider) -> Provider:
    """Show what `provider` returns on tasks of processes whose key starts with `prefix`."""
    if (prefix, provider) not in _providers:
        _providers.append((prefix, provider))
    return provider


def panel(prefix: str) -> Callable[[Provider], Provider]:
    """`@panel("repair_")` above a provider registers it."""
    return lambda provider: register(prefix, provider)


def panels_for(task: TaskView, *, user_id: int, now: datetime) -> list[Panel]:
    """The panels of a task, in order."""
    found = [
        shown
        for prefix, provider in _providers
        if task.process_key.startswith(prefix) and (shown := provider(task, user_id=user_id, now=now))
    ]
    return sorted(found, key=lambda item: item.order)
