"""What happens to outages, for those who act on it: called in the transaction that causes it.

| event | the outage … |
| --- | --- |
| `created` | has just been written (predicted, real, planned, nested) |
| `changed` | has new calls, members, columns; every other event comes with it |
| `regrouped` | moved to another device, or took others in |
| `confirmed` | was confirmed by a dispatcher; its orders are merged |
| `restored` | has somebody's supply back: a step was written |
| `etr` | has a new expected time of restoration |
| `closed` | is over: closed or cancelled |

A handler is called as `handler(outage, actor=, now=)`. What it raises undoes the whole operation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.kernel import live
from app.kernel.actor import Actor
from app.outages.models import Outage

EVENTS = ("created", "changed", "regrouped", "confirmed", "restored", "etr", "closed")


class Handler(Protocol):
    def __call__(self, outage: Outage, /, *, actor: Actor, now: datetime) -> None: ...


_handlers: dict[str, list[Handler]] = {event: [] for event in EVENTS}


def on(event: str, handler: Handler) -> None:
    """Call `handler` at this event, once however often it is registered. Raises ValueError for an unknown event."""
    if event not in _handlers:
        raise ValueError(f"no such event: {event!r}; known are {', '.join(EVENTS)}")
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def emit(event: str, outage: Outage, *, actor: Actor, now: datetime) -> None:
    """Tell whoever listens to this event, then whoever listens to any change, and refresh open pages."""
    for name in dict.fromkeys((event, "changed")):
        for handler in tuple(_handlers[name]):
            handler(outage, actor=actor, now=now)
    live.touch("outages", f"outage:{outage.id}")
