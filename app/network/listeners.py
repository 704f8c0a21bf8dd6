"""Who is told of what happens in the grid, in the transaction that causes it.

A switch was operated (`on_switch`), customers' places changed (`on_moved`), devices came or went (`on_structure`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

Listener = Callable[[str, str, datetime, datetime], None]
"""`listener(code, phases, happened, now)`: `phases` are those closed now (`ABC` closed, empty open), `happened` is when
it was operated by whoever reports it, `now` when we hear of it."""

Moved = Callable[[Mapping[int, str | None]], None]
"""`listener(premises)`: premises whose transformer, meter box, zone or customer changed, each with the transformer that
it named before (None where that is the same). Called at the end of a flush: it may read by the session's connection
and `jobs.enqueue`.
"""

Structure = Callable[[], None]

_listeners: list[Listener] = []
_moved: list[Moved] = []
_structure: list[Structure] = []


def on_switch(listener: Listener) -> Listener:
    """Call it after each operation of a switch, in the same transaction; registering twice is once."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(code: str, phases: str, happened: datetime, now: datetime) -> None:
    """Tell all listeners, in the order they registered."""
    for listener in _listeners:
        listener(code, phases, happened, now)


def on_moved(listener: Moved) -> Moved:
    """Call it after customers' places changed, in the same transaction; registering twice is once."""
    if listener not in _moved:
        _moved.append(listener)
    return listener


def tell_moved(premises: Mapping[int, str | None]) -> None:
    """Tell of premises that moved."""
    for listener in _moved:
        listener(premises)


def on_structure(listener: Structure) -> Structure:
    """Call it after devices came, went or changed, in the same transaction; registering twice is once."""
    if listener not in _structure:
        _structure.append(listener)
    return listener


def tell_structure() -> None:
    """Tell that devices came, went or changed."""
    for listener in _structure:
        listener()
