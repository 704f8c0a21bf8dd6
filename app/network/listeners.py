"""Who is told when a switch has been operated: called in the transaction of the operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Listener = Callable[[str, str, datetime], None]
"""`listener(code, phases, now)`: `phases` are those closed now (`ABC` closed, empty open)."""

_listeners: list[Listener] = []


def on_switch(listener: Listener) -> Listener:
    """Call it after each operation of a switch, in the same transaction; registering twice is once."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(code: str, phases: str, now: datetime) -> None:
    """Tell all listeners, in the order they registered."""
    for listener in _listeners:
        listener(code, phases, now)
