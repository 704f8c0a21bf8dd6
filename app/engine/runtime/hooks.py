"""Documented events that domains may follow, called in the transaction that causes them.

| event | handler is called with |
| --- | --- |
| `instance.started`, `instance.ended` | `InstanceView` |
| `task.created`, `task.completed`, `task.cancelled`, `task.changed` (assignment, dates, priority, title) | `TaskView` |
| `incident.opened`, `incident.resolved` | `IncidentView` |

A handler is called as `handler(view, actor=, now=)` after the instance is saved, and may
use the engine again. What it raises undoes the whole command.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from app.kernel.actor import Actor

EVENTS = frozenset(
    {
        "instance.started",
        "instance.ended",
        "task.created",
        "task.completed",
        "task.cancelled",
        "task.changed",
        "incident.opened",
        "incident.resolved",
    }
)


class Handler(Protocol):
    def __call__(self, view: Any, /, *, actor: Actor, now: datetime) -> None: ...


_handlers: dict[str, list[Handler]] = {event: [] for event in EVENTS}


def on(event: str, handler: Handler) -> None:
    """Call `handler` at this event, once however often it is registered. Raises ValueError for an unknown event."""
    if event not in EVENTS:
        raise ValueError(f"no such event: {event!r}; known are {', '.join(sorted(EVENTS))}")
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


@contextmanager
def subscribed(event: str, handler: Handler) -> Iterator[None]:
    """Follow an event for a while (tests, scenarios)."""
    on(event, handler)
    try:
        yield
    finally:
        _handlers[event].remove(handler)


def emit(event: str, view: Any, *, actor: Actor, now: datetime) -> None:
    for handler in tuple(_handlers[event]):
        handler(view, actor=actor, now=now)


def followed(event: str) -> bool:
    """Whether anybody follows this event, so that no view is built for nobody."""
    return bool(_handlers[event])
